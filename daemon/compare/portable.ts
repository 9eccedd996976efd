import type { MetricSpec } from "../../scenarios/contract/facts.ts";
import type { Outcome } from "../record/duet.ts";
import { type Range, seedsMin } from "./baseline.ts";

type Direction = MetricSpec["direction"];

export interface Told {
	outcome: Outcome;
	/** Worse than its limit, but not yet in three runs: to be run again. */
	suspected: boolean;
	why: string;
}

/** An `exact` metric against its value for the same key and seed: any worse value is a regression, on any machine. */
export function judgeExact(
	value: number | null,
	against: number | null,
	direction: Direction,
): Told {
	const tell = (outcome: Outcome, why: string): Told => ({ outcome, suspected: false, why });
	if (against === null) return tell("cannot_tell", "there is no value to hold it against");
	if (value === null) return tell("missing", "the run has no value for it");
	if (value === against) return tell("same", `it is ${value}, as before`);
	const change = `it was ${against} and is ${value}, with the same seed and parameters`;
	return isWorse(value, against, direction) ? tell("regressed", change) : tell("improved", change);
}

/** How far beyond the worst that was accepted a `bounded` metric may go. */
export function limitOf({ min, max }: Range, direction: Direction): number {
	const [worst, sign] = direction === "lower" ? [max, 1] : [min, -1];
	return worst + sign * Math.max(0.5 * (max - min), 0.1 * Math.abs(worst));
}

/**
 * A `bounded` metric against what five seeds have shown: the run's value first, then those of its repeats. Timing can
 * push one run beyond the limit; a regression is beyond it in the run and in two repeats.
 */
export function judgeBounded(
	values: readonly (number | null)[],
	range: Range | null,
	direction: Direction,
): Told {
	const [value = null, ...repeats] = values;
	const tell = (outcome: Outcome, why: string, suspected = false): Told => ({
		outcome,
		suspected,
		why,
	});
	if (value === null && range !== null) return tell("missing", "the run has no value for it");
	if (value === null || range === null || range.seeds < seedsMin) {
		const seeds = range?.seeds ?? 0;
		return tell(
			"cannot_tell",
			`the baseline knows ${seeds} seeds, and a range needs ${seedsMin}: accept runs of other seeds`,
		);
	}
	const limit = limitOf(range, direction);
	const beyond = repeats.filter((repeat) => repeat !== null && isWorse(repeat, limit, direction));
	const seen = `${show(value)}, of ${show(range.min)} to ${show(range.max)} over ${range.seeds} seeds`;
	if (isWorse(value, limit, direction)) {
		const worse = `${seen}, is worse than the limit of ${show(limit)}`;
		if (beyond.length >= 2) return tell("regressed", `${worse}, and so are both repeats`);
		if (beyond.length < repeats.length)
			return tell("same", `${worse}, but a repeat is not: timing did it`);
		return tell(
			"cannot_tell",
			`${worse}; run it again ${beyond.length === 0 ? "twice" : "once more"}`,
			true,
		);
	}
	const best = limitOf(range, direction === "lower" ? "higher" : "lower");
	if (isWorse(best, value, direction)) return tell("improved", `${seen}, is better than any`);
	return tell("same", `${seen}, is within the limit of ${show(limit)}`);
}

function isWorse(value: number, than: number, direction: Direction): boolean {
	return direction === "lower" ? value > than : value < than;
}

export function show(value: number): string {
	return String(Number(value.toPrecision(4)));
}
