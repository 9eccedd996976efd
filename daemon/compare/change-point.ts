import { tailAbove } from "../../base/student.ts";
import { meanOf } from "./estimate.ts";

/** A night from which on a series stands at another level. */
export interface ChangePoint {
	/** Index of the first value of the new level, in the series that was given. */
	index: number;
	/** New level less old level, as a log ratio. */
	shiftLog: number;
	/** Two-sided, of this split alone: not corrected for having looked for the best one. */
	p: number;
}

const windowNights = 50;
const segmentMin = 3;
const shiftLogMin = Math.log(1.03);
/** For gates, and for metrics that only advise. */
export const changePMax = { gate: 0.001, advisory: 0.0001 } as const;

/**
 * The best split in two of the last 50 log ratios (oldest first), where its t-test is beyond doubt and the shift more
 * than 3 %; else null. It finds creep and small shifts that no single night shows.
 */
export function changePoint(
	series: readonly number[],
	pMax: number = changePMax.gate,
): ChangePoint | null {
	const offset = Math.max(0, series.length - windowNights);
	const values = series.slice(offset);
	let best: ChangePoint | null = null;
	for (let at = segmentMin; at <= values.length - segmentMin; at++) {
		const { shiftLog, p } = compareLevels(values.slice(0, at), values.slice(at));
		if (best === null || p < best.p) best = { index: offset + at, shiftLog, p };
	}
	if (best === null || best.p >= pMax || Math.abs(best.shiftLog) <= shiftLogMin) return null;
	return best;
}

function compareLevels(before: readonly number[], after: readonly number[]) {
	const [low, high] = [meanOf(before), meanOf(after)];
	const squares = (values: readonly number[], mean: number) =>
		values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
	const df = before.length + after.length - 2;
	const variance = (squares(before, low) + squares(after, high)) / df;
	const shiftLog = high - low;
	const se = Math.sqrt(variance * (1 / before.length + 1 / after.length));
	const p = shiftLog === 0 ? 1 : 2 * tailAbove(Math.abs(shiftLog) / se, df);
	return { shiftLog, p };
}
