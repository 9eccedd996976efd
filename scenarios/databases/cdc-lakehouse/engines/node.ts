import type { Engine } from "../engine.ts";

/** Straight from the slot, in one process. */
export const node: Engine = {
	file: "./capture/slot/consumer.ts",
	env: () => ({}),
	paths: {},
	startMs: 0,
	others: { few: [], full: [] },
};
