import type { Facts } from "faultline";
import { optimumMs } from "./optimum.ts";
import { type P, slowShare, statedPerSec } from "./params.ts";
import type { Expected, Observed } from "./record.ts";
import { reachedAfterMs, type Stretch } from "./timeline.ts";

export type ReplayFacts = Facts<P, Observed, Expected>;

/** The ramp has so long to back off, and to come back. */
export const rampLimitMs = 2_000;

/** Most that went to the sink in any second, of what is safe. */
export function peakPct({ observed: { gate } }: ReplayFacts): number {
	return (100 * gate.peakPerSec) / gate.safePerSec;
}

export function catchUpMs({ observed: { replay } }: ReplayFacts): number | null {
	return replay === null ? null : replay.toMs - replay.fromMs;
}

/** While the sink was slow, in run time; null where nothing made it so. */
export function slowStretch({ faults }: ReplayFacts): Stretch | null {
	const slow = faults.find(({ kind }) => kind === "slow-work");
	if (slow === undefined || slow.injectedMs === null) return null;
	return { fromMs: slow.injectedMs, toMs: slow.healedMs ?? Number.POSITIVE_INFINITY };
}

/** How long the replay should have taken, of how long it took. */
export function efficiencyPct(facts: ReplayFacts): number | null {
	const { params, observed } = facts;
	const { replay, gate } = observed;
	const tookMs = catchUpMs(facts);
	if (replay === null || tookMs === null) return null;
	const slow = slowStretch(facts);
	const left = (safePerSec: number) => safePerSec - params.liveRatePerSec;
	const bestMs = optimumMs({
		backlog: params.backlog,
		leftPerSec: left(gate.safePerSec),
		slow:
			slow === null
				? null
				: {
						fromMs: slow.fromMs - replay.fromMs,
						toMs: slow.toMs - replay.fromMs,
						leftPerSec: left(gate.safePerSec * slowShare(params)),
					},
	});
	return (100 * bestMs) / tookMs;
}

/**
 * From when the sink was slow for as long as the ramp has to back off. Of a shorter slowness it is that and as long again:
 * what waits in the sink by its end takes no longer than it took to come.
 */
function backingOff(facts: ReplayFacts): Stretch | null {
	const slow = slowStretch(facts);
	if (slow === null) return null;
	const { fromMs, toMs } = slow;
	return { fromMs, toMs: Math.min(fromMs + rampLimitMs, toMs + (toMs - fromMs)) };
}

/** Live writes that were due during the replay, but for the time that the ramp has to back off. */
export function liveDuringReplay(facts: ReplayFacts): { due: number; late: number } {
	const { replay, timeline } = facts.observed;
	const apart = backingOff(facts);
	let [due, late] = [0, 0];
	for (const [atMs, , , dueInIt, lateInIt] of timeline) {
		if (replay === null || atMs < replay.fromMs || atMs >= replay.toMs) continue;
		if (apart !== null && atMs >= apart.fromMs && atMs < apart.toMs) continue;
		due += dueInIt;
		late += lateInIt;
	}
	return { due, late };
}

/** Stretches over which the replay's rate is looked at. */
function lookMs({ observed: { sliceMs } }: ReplayFacts): number {
	return 4 * sliceMs;
}

/** From when the sink was slow until it was asked for no more than it then takes; null where that was not seen. */
export function backedOffAfterMs(facts: ReplayFacts): number | null {
	const { params, observed } = facts;
	const slow = slowStretch(facts);
	if (slow === null) return null;
	const takes = statedPerSec(params) * slowShare(params) - params.liveRatePerSec;
	return reachedAfterMs(observed.timeline, slow, lookMs(facts), (perSec) => perSec <= takes);
}

/** From when it was quick again until the replay had four fifths of what is left of it. */
export function cameBackAfterMs(facts: ReplayFacts): number | null {
	const { params, observed } = facts;
	const slow = slowStretch(facts);
	if (slow === null || observed.replay === null) return null;
	const left = observed.gate.safePerSec - params.liveRatePerSec;
	const after = { fromMs: slow.toMs, toMs: observed.replay.toMs };
	return reachedAfterMs(observed.timeline, after, lookMs(facts), (perSec) => perSec >= 0.8 * left);
}
