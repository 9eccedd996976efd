import fc from "fast-check";
import t from "tap";
import { billOf, totalUsd } from "../../../../scenarios/storage/storage-tiers/cost.ts";
import { optimum } from "../../../../scenarios/storage/storage-tiers/optimum.ts";
import {
	allHot,
	type Placement,
	type Stay,
	stayProblem,
} from "../../../../scenarios/storage/storage-tiers/placement.ts";
import {
	breakEvenDays,
	placedBy,
	policies,
	policyNames,
	type View,
} from "../../../../scenarios/storage/storage-tiers/policies.ts";
import { readPrices } from "../../../../scenarios/storage/storage-tiers/prices.ts";
import { tiers } from "../../../../scenarios/storage/storage-tiers/tiers.ts";
import {
	type Life,
	type Trace,
	traceOf,
} from "../../../../scenarios/storage/storage-tiers/trace.ts";
import { anyPlacement, anyPrices, anyTrace } from "./fixtures.ts";

const shortLife: fc.Arbitrary<Life> = fc.record({
	object: fc.constant(0),
	version: fc.constant(1),
	sizeBytes: fc.integer({ min: 1, max: 2 ** 31 }),
	bornDay: fc.constant(-1),
	fromDay: fc.constant(0),
	toDay: fc.constant(6),
	ends: fc.boolean(),
	reads: fc
		.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 3 })))
		.map((reads) => [...new Map(reads)].sort(([a], [b]) => a - b)),
});

const prices = readPrices();
const usd = (trace: Trace, placement: Placement, at = prices) =>
	totalUsd(billOf(trace, placement, at));

t.test("every policy gives each day of each life to one tier, at any prices", (t) => {
	fc.assert(
		fc.property(anyTrace, anyPrices, (trace, at) =>
			policyNames.every((name) =>
				placedBy(name, trace, at).every((stays, i) => stayProblem(trace.lives[i]!, stays) === null),
			),
		),
	);
	t.end();
});

t.test("a policy sees nothing of today or later: another future, the same past", (t) => {
	fc.assert(
		fc.property(anyTrace, fc.integer({ min: 0, max: 24 }), (trace, cut) => {
			const without = {
				...trace,
				lives: trace.lives.map((life) => ({
					...life,
					reads: life.reads.filter(([day]) => day < cut),
				})),
			};
			const until = (placement: Placement) =>
				placement.map((stays) => stays.filter(({ fromDay }) => fromDay <= cut).map(tierAndDay));
			return policyNames.every(
				(name) =>
					JSON.stringify(until(placedBy(name, trace, prices))) ===
					JSON.stringify(until(placedBy(name, without, prices))),
			);
		}),
	);
	t.end();
});

function tierAndDay({ tier, fromDay }: Stay): string {
	return `${tier} ${fromDay}`;
}

t.test("the optimum is a lower bound: no policy and no other placement costs less", (t) => {
	fc.assert(
		fc.property(
			anyPrices,
			anyTrace.chain((trace) => fc.tuple(fc.constant(trace), anyPlacement(trace))),
			(at, [trace, other]) => {
				const least = usd(trace, optimum(trace, at), at);
				const costs = [
					...policyNames.map((name) => usd(trace, placedBy(name, trace, at), at)),
					usd(trace, other, at),
				];
				return costs.every((cost) => least <= cost + 1e-9 * Math.max(1, cost));
			},
		),
	);
	t.end();
});

t.test(
	"the optimum is reached: of all placements of a short life none is cheaper, and one is as cheap",
	(t) => {
		fc.assert(
			fc.property(anyPrices, shortLife, (at, life) => {
				const trace = { objects: 1, days: life.toDay, lives: [life] };
				const least = Math.min(...everyPlacement(life).map((stays) => usd(trace, [stays], at)));
				return Math.abs(usd(trace, optimum(trace, at), at) - least) <= 1e-9 * Math.max(1, least);
			}),
			{ numRuns: 50 },
		);
		t.end();
	},
);

/** All the ways through the tiers, a tier for each day, the first in hot. */
function everyPlacement({ fromDay, toDay }: Life): Stay[][] {
	let ways: Stay[][] = [[{ tier: "hot", fromDay, toDay: fromDay + 1 }]];
	for (let day = fromDay + 1; day < toDay; day++)
		ways = ways.flatMap((stays) =>
			tiers.map((tier) => {
				const last = stays.at(-1)!;
				return last.tier === tier
					? [...stays.slice(0, -1), { ...last, toDay: day + 1 }]
					: [...stays, { tier, fromDay: day, toDay: day + 1 }];
			}),
		);
	return ways;
}

const view = (given: Partial<View>): View => ({
	sizeBytes: 100 * 2 ** 20,
	ageDays: 400,
	idleDays: 0,
	recentReads: 0,
	tier: "hot",
	heldDays: 400,
	...given,
});

t.test("each policy does what its name says", (t) => {
	const rows: [name: keyof typeof policies, given: Partial<View>, wanted: string, why: string][] = [
		["all-hot", { idleDays: null }, "hot", "whatever nobody reads"],
		["by-age", { ageDays: 29 }, "hot", "young"],
		["by-age", { ageDays: 30 }, "warm", "a month old"],
		["by-age", { ageDays: 120, recentReads: 99 }, "cold", "old, however often it is read"],
		["last-access", { idleDays: 13 }, "hot", "read two weeks ago"],
		["last-access", { idleDays: 14 }, "warm", "just longer ago"],
		["last-access", { idleDays: null }, "cold", "not as long as anybody knows"],
		["last-access", { tier: "warm", heldDays: 29 }, "warm", "read, but its 30 days are not over"],
		["last-access", { tier: "warm", heldDays: 30 }, "hot", "read, and they are"],
		["size-aware", { idleDays: 29 }, "hot", "used this month"],
		["size-aware", { idleDays: 40 }, "warm", "not used this month"],
		["size-aware", { idleDays: 60 }, "cold", "not used in two months"],
		["size-aware", { idleDays: 400, sizeBytes: 2_000 }, "hot", "too small to be worth a fee"],
		["size-aware", { idleDays: null, sizeBytes: 2_000 }, "hot", "never read, and too small"],
		["size-aware", { tier: "cold", recentReads: 1 }, "cold", "one read pays for no way back"],
		["size-aware", { tier: "cold", recentReads: 5 }, "hot", "five do"],
		["size-aware", { tier: "cold", recentReads: 5, heldDays: 1 }, "hot", "even so soon"],
	];
	for (const [name, given, wanted, why] of rows)
		t.equal(policies[name](view(given), prices), wanted, `${name}: ${why}`);
	t.end();
});

t.test(
	"the larger an object, the sooner a colder tier pays; with fees for bytes alone the size is nothing",
	(t) => {
		const days = [1, 10, 100, 1_000].map((mib) =>
			breakEvenDays("cold", { sizeBytes: mib * 2 ** 20, tier: "hot", heldDays: 9 }, prices),
		);
		t.same(
			days,
			days.toSorted((a, b) => b - a),
		);
		t.ok(days[0]! > 100 && days[3]! < 20, `${days}`);
		t.equal(
			breakEvenDays("warm", { sizeBytes: 1_000, tier: "hot", heldDays: 9 }, prices),
			Number.POSITIVE_INFINITY,
			"billed as 128 KiB, a small object is dearer in warm",
		);
		t.end();
	},
);

t.test(
	"of the policies the size-aware one saves most, 30 % at least, and waits for few restores",
	(t) => {
		const trace = traceOf({ seed: 1, objects: 600, days: 180 });
		const hot = usd(trace, allHot(trace));
		const saved = Object.fromEntries(
			policyNames.map((name) => [name, 1 - usd(trace, placedBy(name, trace, prices)) / hot]),
		);
		t.equal(saved["all-hot"], 0);
		t.ok(saved["size-aware"]! >= 0.3, `size-aware saves ${saved["size-aware"]}`);
		t.ok(saved["size-aware"]! > Math.max(saved["by-age"]!, saved["last-access"]!));
		t.end();
	},
);
