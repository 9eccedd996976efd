import { failureMode } from "./mode.ts";

export default failureMode({
	title: "Task crash: the worker is killed in the middle of its tasks",
	question: "Does a batch whose worker died go on where it was, and is it there once?",
	faults: ({ faultMs }) => [{ kind: "kill", on: "worker", params: {}, fromMs: 0, toMs: faultMs }],
	atScale: { growth: "-", breaksFirst: "-", replacement: "-" },
});
