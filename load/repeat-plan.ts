import type { Arrival } from "./arrival.ts";
import type { DriverId } from "./driver.ts";
import type { Repeat } from "./repeat.ts";
import type { LoadModule } from "./task.ts";
import type { LoadSpec } from "./work.ts";

/** A load without a scenario, as plain data. */
export type RepeatParams = {
	arrival: Arrival;
	driver: DriverId;
	connections: number;
	inFlightMax: number;
	deadlineMs: number;
	workers: number;
	repeat: Repeat;
	seed: number;
};

/** The plan of a load that repeats one operation: what `openLoad` has its workers import. */
export default {
	plan(params) {
		const { arrival, driver, connections, inFlightMax, deadlineMs, workers, repeat } =
			params as unknown as RepeatParams;
		const target: LoadSpec = {
			arrival,
			clients: { target: { driver, at: "target", connections } },
			work: { repeat },
			deadlineMs,
			inFlightMax,
			journal: false,
			workers,
		};
		return { loads: { target } };
	},
} satisfies LoadModule;
