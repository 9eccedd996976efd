import fc from "fast-check";
import t, { type Test } from "tap";
import { billOf, monthlyUsd, totalUsd } from "../../../../scenarios/storage/storage-tiers/cost.ts";
import { billDayByDay } from "../../../../scenarios/storage/storage-tiers/oracle/bill.ts";
import {
	allHot,
	type Stay,
	stayProblem,
} from "../../../../scenarios/storage/storage-tiers/placement.ts";
import type { Prices, TierPrice } from "../../../../scenarios/storage/storage-tiers/prices.ts";
import type { Trace } from "../../../../scenarios/storage/storage-tiers/trace.ts";
import { anyPlacement, anyPrices, anyTrace } from "./fixtures.ts";

const free: TierPrice = {
	usdPerGbMonth: 0,
	usdPer1000Writes: 0,
	usdPer1000Reads: 0,
	usdPerGbRead: 0,
	minimumDays: 0,
	minimumBytes: 0,
	addedBytes: 0,
	addedHotBytes: 0,
	firstByteMs: 1,
	firstByteSpread: 1,
	restoreMs: 0,
};
const prices = (given: { hot?: Partial<TierPrice>; cold?: Partial<TierPrice> }): Prices => ({
	monthDays: 30,
	tiers: { hot: { ...free, ...given.hot }, warm: free, cold: { ...free, ...given.cold } },
});

const gb = 2 ** 30;
/** One object of 2 GB over 60 days, read five times on day 10 and once on day 40. */
const one: Trace = {
	objects: 1,
	days: 60,
	lives: [
		{
			object: 0,
			version: 1,
			sizeBytes: 2 * gb,
			bornDay: -5,
			fromDay: 0,
			toDay: 60,
			ends: false,
			reads: [
				[-1, 9],
				[10, 5],
				[40, 1],
			],
		},
	],
};
const toCold: Stay[] = [
	{ tier: "hot", fromDay: 0, toDay: 30 },
	{ tier: "cold", fromDay: 30, toDay: 60 },
];
const total = (trace: Trace, stays: Stay[], at: Prices) => totalUsd(billOf(trace, [stays], at));
const near = (t: Test, actual: number, wanted: number, why: string) =>
	t.ok(Math.abs(actual - wanted) < 1e-9, `${why}: ${actual}, wanted ${wanted}`);

t.test("each fee is what the price list says of it", (t) => {
	const rows: [at: Prices, wanted: number, why: string][] = [
		[prices({ hot: { usdPerGbMonth: 3 } }), 6, "2 GB for the month in hot"],
		[prices({ cold: { usdPerGbMonth: 1 } }), 2, "2 GB for the month in cold"],
		[
			prices({ hot: { usdPer1000Reads: 1_000 } }),
			6,
			"five reads in hot, and the one that moves it",
		],
		[
			prices({ cold: { usdPer1000Reads: 1_000 } }),
			1,
			"one read in cold; what was before is not billed",
		],
		[prices({ hot: { usdPerGbRead: 1 } }), 12, "2 GB for each of six reads"],
		[prices({ cold: { usdPer1000Writes: 1_000 } }), 1, "it is written into cold once"],
		[prices({ hot: { usdPer1000Writes: 1_000 } }), 0, "it was in hot before the first day"],
		[
			prices({ hot: { usdPerGbMonth: 3, minimumDays: 45 } }),
			9,
			"it left hot 15 days before the minimum was over",
		],
		[
			prices({ cold: { usdPerGbMonth: 1, minimumDays: 90 } }),
			2,
			"it has not left cold: what comes is not billed yet",
		],
		[prices({ cold: { usdPerGbMonth: 1, minimumBytes: 5 * gb } }), 5, "billed as 5 GB"],
		[prices({ cold: { usdPerGbMonth: 1, addedBytes: gb } }), 3, "and one added"],
		[
			prices({ hot: { usdPerGbMonth: 1 }, cold: { addedHotBytes: gb } }),
			2 + 1,
			"and one added at the price of hot",
		],
	];
	for (const [at, wanted, why] of rows) near(t, total(one, toCold, at), wanted, why);
	t.end();
});

t.test("what is overwritten before its minimum is billed to the end of it", (t) => {
	const ended: Trace = { ...one, lives: [{ ...one.lives[0]!, ends: true }] };
	const at = prices({ cold: { usdPerGbMonth: 1, minimumDays: 90 } });
	near(t, total(ended, toCold, at), 6, "30 days kept, 60 left");
	t.end();
});

t.test("a month's bill is a share of the days, and a bill is by tier", (t) => {
	const bill = billOf(
		one,
		[toCold],
		prices({ hot: { usdPerGbMonth: 3 }, cold: { usdPerGbMonth: 1 } }),
	);
	near(t, bill.hot.storageUsd, 6, "hot");
	near(t, bill.cold.storageUsd, 2, "cold");
	near(t, monthlyUsd(bill, 60, prices({})), 4, "8 USD in two months");
	t.end();
});

t.test("no day is billed twice or not at all: such a placement is refused with the place", (t) => {
	const life = one.lives[0]!;
	const rows: [stays: Stay[], said: RegExp][] = [
		[[{ tier: "hot", fromDay: 0, toDay: 30 }], /day 30 is in no stay/],
		[[{ tier: "hot", fromDay: 1, toDay: 60 }], /day 0 is in no stay/],
		[[{ tier: "hot", fromDay: 0, toDay: 61 }], /day 60 is after its end/],
		[[{ tier: "cold", fromDay: 0, toDay: 60 }], /begins in cold and not in hot/],
		[toCold.with(1, { tier: "cold", fromDay: 29, toDay: 60 }), /day 29 is in two stays/],
		[toCold.with(1, { tier: "cold", fromDay: 31, toDay: 60 }), /day 30 is in no stay/],
		[toCold.with(1, { tier: "hot", fromDay: 30, toDay: 60 }), /from hot to itself on day 30/],
		[[...toCold, { tier: "hot", fromDay: 60, toDay: 60 }], /a stay from day 60 has no day/],
		[[], /day 0 is in no stay/],
	];
	for (const [stays, said] of rows) {
		t.match(stayProblem(life, stays), said);
		t.throws(() => total(one, stays, prices({})), { message: said });
	}
	t.equal(stayProblem(life, toCold), null);
	t.throws(() => billOf(one, [], prices({})), { message: /it places 0 lives of 1/ });
	t.end();
});

t.test("any bill is the one that is found by living through it day by day", (t) => {
	fc.assert(
		fc.property(
			anyPrices,
			anyTrace.chain((trace) => fc.tuple(fc.constant(trace), anyPlacement(trace))),
			(at, [trace, placement]) => {
				const [quick, slow] = [
					totalUsd(billOf(trace, placement, at)),
					billDayByDay(trace, placement, at),
				];
				return Math.abs(quick - slow) <= 1e-9 * Math.max(1, slow);
			},
		),
	);
	t.end();
});

t.test("the day-by-day bill shows what the quick one refuses: two copies cost twice", (t) => {
	const at = prices({ hot: { usdPerGbMonth: 3 }, cold: { usdPerGbMonth: 3 } });
	const twice: Stay[] = [...allHot(one)[0]!, { tier: "cold", fromDay: 30, toDay: 60 }];
	near(t, billDayByDay(one, allHot(one), at), 12, "one copy");
	near(t, billDayByDay(one, [twice], at), 18, "two for half of the time");
	t.end();
});
