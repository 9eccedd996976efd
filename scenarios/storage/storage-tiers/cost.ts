import { checkPlacement, type Placement, type Stay } from "./placement.ts";
import { gbBytes, type Prices } from "./prices.ts";
import { type PerTier, perTier, type Tier } from "./tiers.ts";
import type { Life, Trace } from "./trace.ts";

/** What a bill is made of, USD. */
export type Lines = {
	storageUsd: number;
	/** Of overwriting, and of every move into a tier. */
	writesUsd: number;
	/** Requests of reads, and of every move out of a tier. */
	readsUsd: number;
	/** Of the bytes that these read. */
	retrievalUsd: number;
	/** The rest of minimum durations that were not kept. */
	earlyUsd: number;
};

export type Bill = PerTier<Lines>;

/** What becomes of a life at the end of a stay. */
export type Leaving = "moves" | "ends" | "stays";

/** The bill of a placement over all days of the trace. Each day of each life is billed in exactly one tier. */
export function billOf(trace: Trace, placement: Placement, prices: Prices): Bill {
	checkPlacement(trace, placement);
	const bill = perTier(noLines);
	for (const [i, life] of trace.lives.entries()) {
		const stays = placement[i]!;
		for (const [n, stay] of stays.entries()) {
			const lines = stayLines(life, stay, leaving(life, stay, n === stays.length - 1), prices);
			// What was there before the first day has been written before it.
			if (n > 0 || life.fromDay > 0) lines.writesUsd += writeUsd(stay.tier, prices);
			add(bill[stay.tier], lines);
		}
	}
	return bill;
}

export function totalUsd(bill: Bill): number {
	return Object.values(bill).reduce((sum, lines) => sum + sumOf(lines), 0);
}

/** A bill of so many days, for a month. */
export function monthlyUsd(bill: Bill, days: number, { monthDays }: Prices): number {
	return (totalUsd(bill) * monthDays) / days;
}

export function sumOf({ storageUsd, writesUsd, readsUsd, retrievalUsd, earlyUsd }: Lines): number {
	return storageUsd + writesUsd + readsUsd + retrievalUsd + earlyUsd;
}

/** What one stay costs, without the write that began it. */
export function stayLines(life: Life, stay: Stay, leaves: Leaving, prices: Prices): Lines {
	const { tier, fromDay, toDay } = stay;
	const price = prices.tiers[tier];
	const days = toDay - fromDay;
	const reads = readsIn(life, fromDay, toDay) + (leaves === "moves" ? 1 : 0);
	const dayUsd = storageUsdPerDay(life.sizeBytes, tier, prices);
	return {
		storageUsd: dayUsd * days,
		writesUsd: 0,
		readsUsd: (reads * price.usdPer1000Reads) / 1_000,
		retrievalUsd: (reads * life.sizeBytes * price.usdPerGbRead) / gbBytes,
		earlyUsd: leaves === "stays" ? 0 : dayUsd * Math.max(0, price.minimumDays - days),
	};
}

/** What an object of this size costs in a tier, each day. */
export function storageUsdPerDay(sizeBytes: number, tier: Tier, prices: Prices): number {
	const price = prices.tiers[tier];
	const ownBytes = Math.max(sizeBytes, price.minimumBytes) + price.addedBytes;
	const perMonth =
		ownBytes * price.usdPerGbMonth + price.addedHotBytes * prices.tiers.hot.usdPerGbMonth;
	return perMonth / gbBytes / prices.monthDays;
}

/** What it costs to write an object into a tier, however large it is. */
export function writeUsd(tier: Tier, prices: Prices): number {
	return prices.tiers[tier].usdPer1000Writes / 1_000;
}

/** What it costs to read an object of this size in a tier once. */
export function readUsd(sizeBytes: number, tier: Tier, prices: Prices): number {
	const { usdPer1000Reads, usdPerGbRead } = prices.tiers[tier];
	return usdPer1000Reads / 1_000 + (sizeBytes * usdPerGbRead) / gbBytes;
}

/** Reads of a life from a day until before another. */
export function readsIn({ reads }: Life, fromDay: number, toDay: number): number {
	let count = 0;
	for (const [day, times] of reads) if (day >= fromDay && day < toDay) count += times;
	return count;
}

function leaving(life: Life, stay: Stay, last: boolean): Leaving {
	if (!last) return "moves";
	return life.ends && stay.toDay === life.toDay ? "ends" : "stays";
}

function noLines(): Lines {
	return { storageUsd: 0, writesUsd: 0, readsUsd: 0, retrievalUsd: 0, earlyUsd: 0 };
}

function add(to: Lines, lines: Lines): void {
	to.storageUsd += lines.storageUsd;
	to.writesUsd += lines.writesUsd;
	to.readsUsd += lines.readsUsd;
	to.retrievalUsd += lines.retrievalUsd;
	to.earlyUsd += lines.earlyUsd;
}
