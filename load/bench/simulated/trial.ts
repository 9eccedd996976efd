import { openDues } from "../../dues.ts";
import { errorSampler } from "../../error-text.ts";
import { Loop } from "../../loop.ts";
import { OperationError, outcomeOf } from "../../outcome.ts";
import { Recorder } from "../../recorder.ts";
import type { LoadInterval } from "../../report.ts";
import { type LoadSummary, summarize } from "../../summary.ts";
import type { IssuedOperation } from "../../work.ts";
import { FakeTime } from "./fake-time.ts";
import type { Target } from "./targets.ts";

export interface TrialOptions {
	target: Target;
	ratePerSec: number;
	lengthMs: number;
	slots: number;
	/** Work of operation n. */
	workMs: (n: number) => number;
	/** When the generator's loop stands still, and how long: after the one before. */
	stalls: readonly { afterMs: number; ms: number }[];
}

const drainMs = 30_000;

/** A load in simulated time, by the real loop and recorder, against a target that stands still for no generator. */
export async function trial(options: TrialOptions): Promise<LoadSummary> {
	const { target, ratePerSec, lengthMs, slots, workMs, stalls } = options;
	const time = new FakeTime();
	const intervals: LoadInterval[] = [];
	const under = new Map<number, IssuedOperation>();
	let cancel = () => {};
	/** Tells what has ended, as late as the loop comes to it. */
	const read = () => {
		for (const { id, ok } of target.endedBy(time.nowMs)) {
			const operation = under.get(id);
			under.delete(id);
			if (ok) operation?.succeed();
			else operation?.fail(new OperationError("fail", "refused"));
		}
		cancel();
		const nextMs = target.nextMs();
		if (nextMs < Number.POSITIVE_INFINITY)
			cancel = time.timers.after(Math.max(0.01, nextMs - time.nowMs), read);
	};
	const recorder = new Recorder({
		...{ load: "simulated", worker: 0, phases: [{ name: "all", fromMs: 0 }], intervalMs: 1_000 },
		gauges: () => ({ ...loop.takeGauges(), counters: {}, loopDelayMaxMs: 0, cpuMs: 0 }),
		sampleOf: errorSampler(drainMs, []),
		emit: (interval) => intervals.push(interval),
	});
	const loop: Loop = new Loop({
		...{ worker: 0, workers: 1, nowMs: () => time.nowMs, zeroMs: 0, timers: time.timers },
		dues: openDues((n) => (n * 1_000) / ratePerSec, 0, 1),
		...{ slots, deadlineMs: drainMs, recorder, journal: null, heartbeat: () => {} },
		classify: (error) => outcomeOf(error, []),
		issue(operation) {
			under.set(operation.n, operation);
			target.arrive(operation.n, time.nowMs, workMs(operation.n));
			// Not from here: it may have ended already, and no operation ends before its issue has returned.
			time.timers.soon(read);
		},
	});
	const ended = loop.run();
	loop.stop(lengthMs);
	let nowMs = 0;
	for (const { afterMs, ms } of stalls) {
		nowMs += afterMs;
		await time.runTo(nowMs);
		time.block(ms);
		nowMs += ms;
	}
	await time.runTo(nowMs + lengthMs + drainMs);
	await ended;
	recorder.destroy();
	return summarize(intervals, { fromMs: 0, toMs: lengthMs });
}
