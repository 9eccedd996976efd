import { ratePerSecMax } from "./arrival.ts";
import { type FoundMax, findMax, type TrialOutcome } from "./find-max.ts";
import type { Measured } from "./measure.ts";
import { judgeObjective, type Objective } from "./objective.ts";

/** The offered rate counts as reached up to this share of operations that came too late for the window. */
const reachedShare = 0.98;
/** So often a rate is tried where the generator was too late to tell: once may be chance. */
const validTriesMax = 3;

export interface MeasureMaxOptions {
	objective: Objective;
	firstPerSec: number;
	measureAt: (ratePerSec: number) => Promise<Measured>;
	/** Told of each try. */
	say: (line: string) => void;
	/** Ends the search; the try under way does not count. */
	signal: AbortSignal;
}

/**
 * Searches for the highest rate that meets the objective. The measurement that counts is the last at the rate found,
 * or the last of all where none held.
 */
export async function measureMax(
	options: MeasureMaxOptions,
): Promise<{ measured: Measured; found: FoundMax }> {
	const { objective, firstPerSec, measureAt, say, signal } = options;
	let last: Measured | null = null;
	const lastHeldAt = new Map<number, Measured>();
	const found = await findMax({
		firstPerSec,
		mostPerSec: ratePerSecMax,
		precision: 0.05,
		confirmations: 2,
		trialsMax: 40,
		async trial(ratePerSec) {
			for (let tries = 1; ; tries++) {
				last = await measureAt(ratePerSec);
				if (signal.aborted) return null;
				const { outcome, why } = judge(last, objective);
				if (outcome === "met") lastHeldAt.set(ratePerSec, last);
				say(`${String(ratePerSec).padStart(8)}/s  ${words[outcome]}  ${why}`);
				if (outcome !== "invalid" || tries === validTriesMax) return outcome;
			}
		},
	});
	const held = found.ratePerSec === null ? undefined : lastHeldAt.get(found.ratePerSec);
	return { measured: held ?? last!, found };
}

/** A rate holds where the objective was met, at the rate that was asked for, by a generator that kept up. */
function judge(
	{ summary, reasons, late }: Measured,
	objective: Objective,
): { outcome: TrialOutcome; why: string } {
	if (reasons.length > 0) return { outcome: "invalid", why: reasons[0]!.message };
	const { met, message } = judgeObjective(objective, summary);
	const { achieved_per_sec, offered_per_sec } = summary;
	const reached = (achieved_per_sec ?? 0) >= reachedShare * (offered_per_sec ?? 0);
	if (met === null) return { outcome: "invalid", why: message };
	if (met && reached) return { outcome: "met", why: message };
	// The target is not to blame for what the generator did not keep up with.
	if (met && late.length > 0) return { outcome: "invalid", why: late[0]! };
	return { outcome: "missed", why: met ? "the rate was not reached" : message };
}

const words: Record<TrialOutcome, string> = { met: "held  ", missed: "missed", invalid: "late  " };
