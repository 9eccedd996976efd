import { failureMode } from "./mode.ts";

export default failureMode({
	title: "Task crash: the worker is killed in the middle of its tasks",
	question: "Does a batch whose worker died go on where it was, and is it there once?",
	// The worker is away for as long as its start takes beside this.
	sizes: { small: { faultMs: 200 } },
	faults: ({ faultMs }) => [{ kind: "kill", on: "worker", params: {}, fromMs: 0, toMs: faultMs }],
	atScale: { growth: "-", breaksFirst: "-", replacement: "-" },
});
