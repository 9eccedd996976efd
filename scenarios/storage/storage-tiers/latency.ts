import { readsIn } from "./cost.ts";
import type { Placement } from "./placement.ts";
import type { Prices, TierPrice } from "./prices.ts";
import { type PerTier, perTier, type Tier, tiers } from "./tiers.ts";
import type { Trace } from "./trace.ts";

/** How many of the reads of a trace find their object in each tier. */
export function readsByTier(trace: Trace, placement: Placement): PerTier<number> {
	const counts = perTier(() => 0);
	for (const [i, life] of trace.lives.entries())
		for (const { tier, fromDay, toDay } of placement[i]!)
			counts[tier] += readsIn(life, fromDay, toDay);
	return counts;
}

/**
 * The time within which this share of the reads has its first byte. Times of a tier are log-normal; where a tier has a
 * restore step, every read waits for one: reads of one day are not told apart, and none is spared the wait.
 */
export function latencyQuantileMs(
	share: number,
	reads: PerTier<number>,
	{ tiers: prices }: Prices,
): number | null {
	if (readCount(reads) === 0) return null;
	let [low, high] = [1e-3, 1e10];
	// Halved in logarithms: between a millisecond and a day lie eight powers of ten.
	for (let step = 0; step < 100; step++) {
		const middle = Math.sqrt(low * high);
		if (shareWithin(middle, reads, prices) < share) low = middle;
		else high = middle;
	}
	return high;
}

/** The share of reads that have their first byte within a time: the distribution itself. */
export function shareWithin(
	ms: number,
	reads: PerTier<number>,
	prices: PerTier<TierPrice>,
): number {
	const within = tiers.reduce((sum, tier) => sum + reads[tier] * tierWithin(ms, tier, prices), 0);
	return within / readCount(reads);
}

function tierWithin(ms: number, tier: Tier, prices: PerTier<TierPrice>): number {
	const { firstByteMs, firstByteSpread, restoreMs } = prices[tier];
	return normalCdf(Math.log(ms / (firstByteMs + restoreMs)) / firstByteSpread);
}

function readCount(reads: PerTier<number>): number {
	return tiers.reduce((sum, tier) => sum + reads[tier], 0);
}

/** Of the standard normal distribution, by a rational approximation of the error function: right to 2e-7. */
function normalCdf(z: number): number {
	const x = Math.abs(z) / Math.SQRT2;
	const t = 1 / (1 + 0.3275911 * x);
	const terms = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592];
	const tail = terms.reduce((sum, term) => (sum + term) * t, 0) * Math.exp(-x * x);
	return z >= 0 ? 1 - tail / 2 : tail / 2;
}
