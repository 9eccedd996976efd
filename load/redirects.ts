import type { LoadInterval } from "./report.ts";

/** Redirects are answers, and followed by nobody: a load that only ever sees them measures less than was meant. */
export interface Redirects {
	count: number;
	/** Status and place, such as `301 to https://h/`, with how many there were. */
	to: Record<string, number>;
}

const prefix = "redirect ";
/** Of a target that sends everybody elsewhere only so many places are told. */
const placesMax = 3;

/** Counts one more; `place` is fit to be shown. */
export function countRedirect(counters: Map<string, number>, status: number, place: string): void {
	const name = `${prefix}${status} to ${place === "" ? "nowhere" : place}`;
	const isTold = counters.has(name) || counters.size < placesMax;
	const key = isTold ? name : `${prefix}elsewhere`;
	counters.set(key, (counters.get(key) ?? 0) + 1);
}

/** All that a load's drivers counted, warm-up included; null where there were none. */
export function redirectsOf(intervals: readonly LoadInterval[]): Redirects | null {
	const to: Record<string, number> = {};
	let count = 0;
	for (const { counters } of intervals)
		for (const [key, value] of Object.entries(counters)) {
			const at = key.indexOf(`.${prefix}`);
			if (at === -1) continue;
			const name = key.slice(at + 1 + prefix.length);
			to[name] = (to[name] ?? 0) + value;
			count += value;
		}
	return count === 0 ? null : { count, to };
}

export function redirectsText({ count, to }: Redirects): string {
	const places = Object.entries(to)
		.sort(([, a], [, b]) => b - a)
		.map(([name, times]) => `${times} ${name}`);
	return `${count} answers, warm-up included, were redirects; none was followed, each counts as ok: ${places.join(", ")}`;
}
