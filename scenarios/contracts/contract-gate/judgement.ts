import { type Check, detector, type Facts, type Judgement, noneWrong } from "faultline";
import { merging } from "../../subjects/gate/merging.ts";
import type { Observed } from "./observe.ts";

type GateFacts = Facts<unknown, Observed, null>;

/** The gate between those who propose and main. */
export const gate = detector<GateFacts>(({ observed }) => observed.trials, {
	caught: "violations_prevented_count",
	falseAlarms: "false_block_count",
});

/** What is merged, and what it costs. */
export const merged = merging<GateFacts>(({ observed }) => ({
	...observed,
	repositories: [{ name: "shop", mains: observed.mains }],
}));

const rebuildsRight: Check<GateFacts> = {
	kind: "correctness",
	judge({ observed: { rebuilt } }) {
		const { wrong, tablesCount } = rebuilt;
		return noneWrong({
			over: tablesCount,
			wrong,
			held: `main's migrations make all ${tablesCount} tables with the columns, keys and rows that the seed says`,
			broken: "main's migrations make something else",
		});
	},
};

/** What main's migrations make. */
export const rebuilding: Judgement<GateFacts> = { checks: { "rebuilds-right": rebuildsRight } };
