import { readUsd, storageUsdPerDay, writeUsd } from "./cost.ts";
import type { Placement, Stay } from "./placement.ts";
import type { Prices } from "./prices.ts";
import { type PerTier, perTier, type Tier, tiers } from "./tiers.ts";
import type { Life, Trace } from "./trace.ts";

/**
 * The cheapest placement with hindsight: no policy can cost less, for it knows every read and every end before. Each
 * life by itself, by dynamic programming backwards over its days; it may move on any day but its first.
 */
export function optimum({ lives }: Trace, prices: Prices): Placement {
	return lives.map((life) => cheapestStays(life, prices));
}

interface Rates {
	dayUsd: number;
	readUsd: number;
	writeUsd: number;
	minimumDays: number;
}

/** For each tier: the least that is still to be paid from a day on, when it comes into the tier then, and how. */
interface Rest {
	usd: Float64Array;
	/** The day on which it leaves again; the last for never. */
	leaveDay: Int32Array;
	next: (Tier | null)[];
}

function cheapestStays(life: Life, prices: Prices): Stay[] {
	const days = life.toDay - life.fromDay;
	const before = readsBefore(life, days);
	const rates = perTier(
		(tier): Rates => ({
			dayUsd: storageUsdPerDay(life.sizeBytes, tier, prices),
			readUsd: readUsd(life.sizeBytes, tier, prices),
			writeUsd: writeUsd(tier, prices),
			minimumDays: prices.tiers[tier].minimumDays,
		}),
	);
	const rest = perTier(
		(): Rest => ({
			usd: new Float64Array(days + 1),
			leaveDay: new Int32Array(days),
			next: new Array<Tier | null>(days).fill(null),
		}),
	);
	/** The cheapest other tier to go to on a day, and what is paid from there on. */
	const onward = perTier(() => ({
		usd: new Float64Array(days).fill(Number.POSITIVE_INFINITY),
		tier: new Array<Tier>(days).fill("hot"),
	}));
	for (let day = days - 1; day >= 0; day--) {
		for (const tier of tiers) {
			const { dayUsd, readUsd, minimumDays } = rates[tier];
			const after = onward[tier].usd;
			const readBefore = before[day]!;
			const atEnd = days - day;
			let best =
				dayUsd * (life.ends ? Math.max(atEnd, minimumDays) : atEnd) +
				readUsd * (before[days]! - readBefore);
			let leaveDay = days;
			for (let leave = day + 1; leave < days; leave++) {
				const held = leave - day;
				const usd =
					dayUsd * Math.max(held, minimumDays) +
					readUsd * (before[leave]! - readBefore + 1) +
					after[leave]!;
				if (usd < best) {
					best = usd;
					leaveDay = leave;
				}
			}
			rest[tier].usd[day] = best;
			rest[tier].leaveDay[day] = leaveDay;
			rest[tier].next[day] = leaveDay === days ? null : onward[tier].tier[leaveDay]!;
		}
		for (const tier of tiers)
			for (const other of tiers) {
				const usd = rates[other].writeUsd + rest[other].usd[day]!;
				if (other !== tier && usd < onward[tier].usd[day]!) {
					onward[tier].usd[day] = usd;
					onward[tier].tier[day] = other;
				}
			}
	}
	return follow(rest, life);
}

function follow(rest: PerTier<Rest>, { fromDay, toDay }: Life): Stay[] {
	const stays: Stay[] = [];
	let tier: Tier = "hot";
	for (let day = fromDay; day < toDay; ) {
		const leave = fromDay + rest[tier].leaveDay[day - fromDay]!;
		stays.push({ tier, fromDay: day, toDay: leave });
		tier = rest[tier].next[day - fromDay] ?? tier;
		day = leave;
	}
	return stays;
}

/** Reads of a life from its first day until before each, so that any range is a difference. */
function readsBefore({ fromDay, reads }: Life, days: number): Float64Array {
	const before = new Float64Array(days + 1);
	for (const [day, count] of reads)
		if (day >= fromDay) before[day - fromDay + 1] = before[day - fromDay + 1]! + count;
	for (let day = 1; day <= days; day++) before[day] = before[day]! + before[day - 1]!;
	return before;
}
