import { judge } from "../../../../daemon/host/judge.ts";
import { summarize } from "../../../../load/summary.ts";
import type { Scenario } from "../../../../scenarios/contract/scenario.ts";

/** What a scenario of a gate concludes from what was seen. */
export function judgedOf({ judgement }: Scenario, observed: object) {
	const summary = summarize([], { fromMs: 0, toMs: 1_000 });
	const facts = {
		params: {},
		case: null,
		phases: [],
		loads: [{ name: "reads", phase: "all", summary, counters: {} }],
		faults: [],
		alerts: [],
		recovery: null,
		straddlingCount: 0,
		observed,
		expected: null,
	};
	return judge(judgement, facts as never, null);
}
