import { failureMode } from "./mode.ts";

export default failureMode({
	title: "Downstream outage: the sink is down for a while",
	question: "Does the pipeline wait for its sink, and is every batch there once afterwards?",
	twinFails: ["rows-exactly-once"],
	faults: ({ faultMs }) => [{ kind: "down", on: "sink", params: {}, fromMs: 0, toMs: faultMs }],
	atScale: {
		growth:
			"`faultline run retry-growth` (default size, seed 1): with 30, 60 and 120 batches waiting the guarded DAG makes 1.05, 1.03 and 1.01 tries per step, ~ clients^-0.03 (95 %: -0.07 to 0.02). The naive one makes 13.7, 11.7 and 7.3: fewer each, because the tries of all get into each other's way, and more in all.",
		breaksFirst:
			"The state database: a batch costs it five commits, and after an outage everything that waited comes at once. Then the sink, which gets the whole backlog at the pace of the scheduler.",
		replacement:
			"Workers that take batches from a durable queue with a limit, so that the backlog drains at the sink's pace; several batches per workflow; a state database of its own.",
	},
});
