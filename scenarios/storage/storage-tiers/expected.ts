import { compare, placedByAll, storageByDay } from "./comparison.ts";
import { billOf, totalUsd } from "./cost.ts";
import { readsByTier, shareWithin } from "./latency.ts";
import { type LifecycleParams, lifecycleOf } from "./lifecycle.ts";
import { billDayByDay, billedOnDays } from "./oracle/bill.ts";
import type { Expected } from "./record.ts";
import { perTier } from "./tiers.ts";

/** Points of a line in a chart, at most. */
const pointsMax = 60;

/** What should be there: from the seed, by the policies, and billed by the oracle's meter. No store, no service. */
export function expected(p: LifecycleParams): Expected {
	const { trace, placement, real, prices } = lifecycleOf(p);
	const placed = placedByAll(trace, prices);
	const metered = billDayByDay(trace, placement, prices);
	const byTier = storageByDay(trace, placement, prices);
	return {
		objectsCount: p.realObjects,
		outcomes: compare(trace, prices, placed),
		realUsd: totalUsd(billOf(real.trace, real.placement, prices)),
		meteredMonthlyUsd: (metered * prices.monthDays) / trace.days,
		costByDay: placed.map(({ name, placement }) => ({
			name,
			points: thinned(summedUp(billedOnDays(trace, placement, prices))),
		})),
		tiersByDay: perTier((tier) => thinned(byTier[tier])),
		latency: placed.map(({ name, placement }) => {
			const reads = readsByTier(trace, placement);
			return {
				name,
				points: Array.from({ length: pointsMax }, (_, i) => {
					const ms = 5 * 10 ** ((7 * i) / (pointsMax - 1));
					return [short(ms), short(100 * shareWithin(ms, reads, prices.tiers))];
				}),
			};
		}),
	};
}

function summedUp(byDay: readonly number[]): number[] {
	let sum = 0;
	return byDay.map((usd) => {
		sum += usd;
		return sum;
	});
}

function thinned(byDay: readonly number[]): [day: number, usd: number][] {
	const step = Math.ceil(byDay.length / pointsMax);
	return byDay.flatMap((usd, day): [number, number][] =>
		day % step === 0 || day === byDay.length - 1 ? [[day, short(usd)]] : [],
	);
}

/** As exact as a chart needs. */
function short(value: number): number {
	return Number(value.toPrecision(6));
}
