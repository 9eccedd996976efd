import { MergedHistogram } from "../../load/histogram.ts";
import type { MeteredInterval } from "../record/interval.ts";

/** A stretch of a load's time: one interval, or several that were too many to be drawn one by one. */
export interface Stretch {
	fromMs: number;
	toMs: number;
	/** Of what ended in it; null where nothing did. */
	p50Ms: number | null;
	p99Ms: number | null;
	/** Per second. */
	offeredPerSec: number;
	okPerSec: number;
	/** Failed, unknown and dropped. */
	errorsPerSec: number;
}

/** More points than this are not told apart in the width of a page. */
export const stretchesMax = 240;

/** An interval that its load was in for less than this says nothing of a rate. */
const leastShare = 0.25;

/**
 * The intervals of one load as they are drawn. Where there are too many, neighbours become one: their histograms are
 * summed, since percentiles can't be. The last interval is as long as its load was in it.
 */
export function stretchesOf(
	intervals: readonly MeteredInterval[],
	endMs: number,
	most = stretchesMax,
): Stretch[] {
	const inOrder = [...intervals]
		.sort((a, b) => a.view.index - b.view.index)
		.filter(({ view }) => (endMs - view.fromMs) / (view.toMs - view.fromMs) >= leastShare);
	const size = Math.ceil(inOrder.length / most);
	const stretches: Stretch[] = [];
	for (let at = 0; at < inOrder.length; at += size) {
		stretches.push(sumOf(inOrder.slice(at, at + size), endMs));
	}
	return stretches;
}

function sumOf(part: readonly MeteredInterval[], endMs: number): Stretch {
	const first = part[0]!.view;
	const fromMs = first.fromMs;
	const toMs = Math.min(part.at(-1)!.view.toMs, endMs);
	const perSec = (of: (view: MeteredInterval["view"]) => number) =>
		(1_000 * part.reduce((sum, { view }) => sum + of(view), 0)) / (toMs - fromMs);
	return {
		fromMs,
		toMs,
		...(part.length === 1
			? { p50Ms: first.responseP50Ms, p99Ms: first.responseP99Ms }
			: mergedMs(part)),
		offeredPerSec: perSec(({ dueCount }) => dueCount),
		okPerSec: perSec(({ okCount }) => okCount),
		errorsPerSec: perSec((view) => view.failCount + view.unknownCount + view.droppedCount),
	};
}

function mergedMs(part: readonly MeteredInterval[]): Pick<Stretch, "p50Ms" | "p99Ms"> {
	const merged = new MergedHistogram();
	for (const { responseUs } of part) merged.add(responseUs);
	const { p50, p99 } = merged.quantiles();
	return { p50Ms: p50 === null ? null : p50 / 1_000, p99Ms: p99 === null ? null : p99 / 1_000 };
}

/** A line through steps: each value holds for its stretch, and a stretch without one is a gap. */
export function steps(
	stretches: readonly Stretch[],
	of: (stretch: Stretch) => number | null,
): [ms: number, value: number | null][] {
	return stretches.flatMap((stretch) => [
		[stretch.fromMs, of(stretch)] as [number, number | null],
		[stretch.toMs, of(stretch)] as [number, number | null],
	]);
}
