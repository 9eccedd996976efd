import { failureMode } from "./mode.ts";

export default failureMode({
	title: "Task crash: the worker is killed in the middle of its tasks",
	question: "Does a batch whose worker died go on where it was, and is it there once?",
	// The worker is away for as long as its start takes beside this.
	sizes: { small: { faultMs: 200 } },
	twinFails: ["rows-exactly-once"],
	faults: ({ faultMs }) => [{ kind: "kill", on: "worker", params: {}, fromMs: 0, toMs: faultMs }],
	atScale: {
		growth:
			"`faultline run task-crash -p ratePerSec=10` (then 20, 40; default size, seed 1): tries per step stay at 1.005, 1.001 and 1.001, while the time until steady state is back grows as 5.0, 6.5 and 8.5 s, ~ rate^0.38: one worker works off alone what came while it was away.",
		breaksFirst:
			"The one worker: it is away for the fault and its own start, and then has a backlog of rate × absence beside what is due.",
		replacement:
			"Several workers on one queue, so that others take over at once what is recovered and what is due; the recovered batches limited per worker, so that they do not starve the new ones.",
	},
});
