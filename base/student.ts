import { createRequire } from "node:module";

interface JStat {
	/** The regularised incomplete beta function. */
	ibeta(x: number, a: number, b: number): number;
	studentt: { inv(p: number, df: number): number };
}

let loaded: JStat | null = null;

/** Loaded when something is compared first: an idle daemon does not hold it. */
function jStat(): JStat {
	loaded ??= (createRequire(import.meta.url)("jstat") as { jStat: JStat }).jStat;
	return loaded;
}

/**
 * P(T ≥ t), T with Student's distribution of `df` degrees of freedom. By the tail itself: 1 − cdf would lose small
 * ones. Good to 6 digits.
 */
export function tailAbove(t: number, df: number): number {
	if (t === 0) return 0.5;
	if (t === Number.POSITIVE_INFINITY) return 0;
	if (t === Number.NEGATIVE_INFINITY) return 1;
	const tail = jStat().ibeta(df / (df + t * t), df / 2, 0.5) / 2;
	return t > 0 ? tail : 1 - tail;
}

/** Looks and forecasts ask for the same few again and again, and each is an iteration. */
const quantiles = new Map<string, number>();

/** The value that T stays below with probability `p`. */
export function quantileOfT(p: number, df: number): number {
	if (p === 0.5) return 0;
	const key = `${p} ${df}`;
	const known = quantiles.get(key);
	if (known !== undefined) return known;
	const value = jStat().studentt.inv(p, df);
	quantiles.set(key, value);
	return value;
}
