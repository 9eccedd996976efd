import { openDues } from "../../dues.ts";
import type { IssuedOperation } from "../../operation.ts";
import { OperationError } from "../../outcome.ts";
import type { LoadSummary } from "../../summary.ts";
import type { FakeTime } from "./fake-time.ts";
import { simulated } from "./rig.ts";
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

export interface Trial {
	summary: LoadSummary;
	/** From when operation n was due until the target had answered it, whenever the generator read that. */
	responsesMs: number[];
}

const drainMs = 30_000;

/** A load in simulated time, by the real loop and recorder, against a target that stands still for no generator. */
export async function trial(options: TrialOptions): Promise<Trial> {
	const { target, ratePerSec, lengthMs, slots, workMs, stalls } = options;
	const under = new Map<number, IssuedOperation>();
	const responsesMs: number[] = [];
	let cancel = () => {};
	/** Tells what has ended, as late as the loop comes to it. */
	const read = (time: FakeTime) => {
		for (const { id, atMs, ok } of target.endedBy(time.nowMs)) {
			const operation = under.get(id)!;
			under.delete(id);
			responsesMs[id] = atMs - operation.intendedMs;
			if (ok) operation.succeed();
			else operation.fail(new OperationError("fail", "refused"));
		}
		cancel();
		const nextMs = target.nextMs();
		if (nextMs < Number.POSITIVE_INFINITY)
			cancel = time.timers.after(Math.max(0.01, nextMs - time.nowMs), () => read(time));
	};
	const { time, loop, ended, summary } = simulated({
		dues: openDues((n) => (n * 1_000) / ratePerSec, 0, 1),
		slots,
		deadlineMs: drainMs,
		issue: (time) => (operation) => {
			under.set(operation.n, operation);
			target.arrive(operation.n, time.nowMs, workMs(operation.n));
			// Not from here: it may have ended already, and no operation ends before its issue has returned.
			time.timers.soon(() => read(time));
		},
	});
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
	return { summary: summary(lengthMs), responsesMs };
}
