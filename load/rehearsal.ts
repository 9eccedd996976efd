import { closedDues } from "./dues.ts";
import { Loop, type Timers } from "./loop.ts";
import { Recorder } from "./recorder.ts";

const operations = 20_000;
const slots = 64;

/**
 * Runs the loop and the recorder on nothing for some milliseconds, so that they are compiled before the first
 * operation is due: a generator that compiles itself under load adds tens of milliseconds to its first second.
 */
export async function rehearse(timers: Timers): Promise<void> {
	const phases = [{ name: "rehearsal", fromMs: 0 }];
	const zeroMs = performance.now();
	const recorder = new Recorder({
		load: "rehearsal",
		worker: 0,
		phases,
		intervalMs: 1000,
		sampleOf: (code) => code,
		emit: () => {},
		gauges: () => ({ ...loop.takeGauges(), counters: {}, loopDelayMaxMs: 0, cpuMs: 0 }),
	});
	let left = operations;
	const loop: Loop = new Loop({
		worker: 0,
		workers: 1,
		timers,
		slots,
		deadlineMs: 1000,
		recorder,
		journal: null,
		nowMs: () => performance.now() - zeroMs,
		zeroMs,
		dues: closedDues(slots, 0),
		issue(operation) {
			left--;
			if (left === 0) queueMicrotask(() => loop.abort());
			else if (left > 0) queueMicrotask(operation.succeed);
		},
		classify: () => ({ kind: "fail", code: "rehearsal" }),
		heartbeat: () => {},
	});
	try {
		await loop.run();
	} finally {
		recorder.destroy();
	}
}
