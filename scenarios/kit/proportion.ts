/** So many of so many, in percent, with the 95 % interval of what is behind it. */
export type Proportion = {
	count: number;
	of: number;
	pct: number;
	lowPct: number;
	highPct: number;
};

const z = 1.959964;

/** By Wilson's interval, which is right for few and for shares near 0 and 1 too. Null of none. */
export function proportionOf(count: number, of: number): Proportion | null {
	if (of === 0) return null;
	const share = count / of;
	const weight = 1 + z ** 2 / of;
	const middle = (share + z ** 2 / (2 * of)) / weight;
	const half = (z / weight) * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2));
	return {
		count,
		of,
		pct: (100 * count) / of,
		// At either end the interval ends there too, but for how numbers are rounded.
		lowPct: count === 0 ? 0 : 100 * (middle - half),
		highPct: count === of ? 100 : 100 * (middle + half),
	};
}
