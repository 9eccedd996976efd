import { MergedHistogram } from "./histogram.ts";
import type { LoadInterval } from "./report.ts";
import { addCounts, zeroCounts } from "./report.ts";
import { ms } from "./result.ts";

/** Turns the workers' intervals into lines of progress: one when all workers have reported a second. */
export function progressLines(workers: number): (interval: LoadInterval) => string | null {
	const open = new Map<number, LoadInterval[]>();
	return (interval) => {
		const parts = [...(open.get(interval.index) ?? []), interval];
		open.set(interval.index, parts);
		if (parts.length < workers) return null;
		open.delete(interval.index);
		const counts = zeroCounts();
		const response = new MergedHistogram();
		for (const slice of parts.flatMap(({ slices }) => slices)) {
			addCounts(counts, slice.counts);
			response.add(slice.responseUs);
		}
		const { p50, p99, max } = response.quantiles();
		const inFlight = parts.reduce((sum, part) => sum + part.inFlight, 0);
		const waiting = parts.reduce((sum, part) => sum + part.waiting, 0);
		const bad = counts.fail + counts.unknown;
		return [
			`${String(interval.index + 1).padStart(4)} s`,
			`${counts.ok} ok`,
			...(bad > 0 ? [`${counts.fail} fail`, `${counts.unknown} unknown`] : []),
			`p50 ${ms(p50)}`,
			`p99 ${ms(p99)}`,
			`max ${ms(max)}`,
			`${inFlight} in flight`,
			...(waiting > 0 ? [`${waiting} waiting`] : []),
		].join("  ");
	};
}
