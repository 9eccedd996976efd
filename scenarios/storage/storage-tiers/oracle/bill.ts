import type { Placement } from "../placement.ts";
import type { Prices, TierPrice } from "../prices.ts";
import type { Tier } from "../tiers.ts";
import type { Trace } from "../trace.ts";

/**
 * The bill in USD by living through it: day after day, object after object, each with a meter of its own. Slow, and with
 * nothing of `cost.ts` in it, so that the two can be held against each other. A day that lies in two stays is billed
 * twice here, as a store would bill two copies.
 */
export function billDayByDay(trace: Trace, placement: Placement, prices: Prices): number {
	return billedOnDays(trace, placement, prices).reduce((sum, usd) => sum + usd, 0);
}

/** The same as what each day adds to the bill. */
export function billedOnDays(trace: Trace, placement: Placement, prices: Prices): number[] {
	const { monthDays, tiers } = prices;
	const gb = 1024 * 1024 * 1024;
	const billed = new Array<number>(trace.days).fill(0);
	const bill = (day: number, usd: number) => {
		billed[day] = billed[day]! + usd;
	};
	trace.lives.forEach((life, i) => {
		const readsOn = new Map(life.reads);
		let yesterday: { tier: Tier; price: TierPrice; held: number } | null = null;
		const storedToday = ({ minimumBytes, usdPerGbMonth, addedBytes, addedHotBytes }: TierPrice) => {
			const bytes = (life.sizeBytes < minimumBytes ? minimumBytes : life.sizeBytes) + addedBytes;
			return (
				((bytes / gb) * usdPerGbMonth + (addedHotBytes / gb) * tiers.hot.usdPerGbMonth) / monthDays
			);
		};
		const readOnce = ({ usdPer1000Reads, usdPerGbRead }: TierPrice) =>
			usdPer1000Reads / 1000 + (life.sizeBytes / gb) * usdPerGbRead;
		const payRest = (day: number, left: { price: TierPrice; held: number }) => {
			for (let more = left.held; more < left.price.minimumDays; more++)
				bill(day, storedToday(left.price));
		};
		for (let day = 0; day < trace.days; day++) {
			for (const stay of placement[i]!) {
				if (day < stay.fromDay || day >= stay.toDay) continue;
				const price = tiers[stay.tier];
				if (yesterday === null) {
					if (day > 0) bill(day, price.usdPer1000Writes / 1000);
					yesterday = { tier: stay.tier, price, held: 0 };
				} else if (yesterday.tier !== stay.tier) {
					bill(day, readOnce(yesterday.price) + price.usdPer1000Writes / 1000);
					payRest(day, yesterday);
					yesterday = { tier: stay.tier, price, held: 0 };
				}
				bill(day, storedToday(price));
				for (let n = readsOn.get(day) ?? 0; n > 0; n--) bill(day, readOnce(price));
				yesterday.held += 1;
			}
		}
		if (life.ends && yesterday !== null) payRest(life.toDay, yesterday);
	});
	return billed;
}
