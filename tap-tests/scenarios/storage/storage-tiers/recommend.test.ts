import { readFileSync } from "node:fs";
import t from "tap";
import {
	compare,
	type Outcome,
	storageByDay,
} from "../../../../scenarios/storage/storage-tiers/comparison.ts";
import { billOf } from "../../../../scenarios/storage/storage-tiers/cost.ts";
import { placedBy } from "../../../../scenarios/storage/storage-tiers/policies.ts";
import { readPrices } from "../../../../scenarios/storage/storage-tiers/prices.ts";
import {
	recommendation,
	recommended,
} from "../../../../scenarios/storage/storage-tiers/recommend.ts";
import { traceOf } from "../../../../scenarios/storage/storage-tiers/trace.ts";
import { recommendationsText } from "../../../../scenarios/storage/storage-tiers/write-recommendations.ts";

const prices = readPrices();
const trace = traceOf({ seed: 4, objects: 60, days: 120 });
const outcomes = compare(trace, prices);
const demands = { savingsPct: 30, p95Ms: 250 };

/** These monthly costs and p95s, in the order of the policies; the optimum costs half of the cheapest. */
function made(costs: readonly (readonly [usd: number, p95Ms: number])[]): Outcome[] {
	const one = (name: Outcome["name"], usd: number, p95Ms: number): Outcome => ({
		...outcomes[0]!,
		name,
		monthlyUsd: usd,
		savingsPct: 100 * (1 - usd / costs[0]![0]),
		p95Ms,
	});
	const names = ["all-hot", "by-age", "last-access", "size-aware"] as const;
	return [...costs.map(([usd, p95Ms], i) => one(names[i]!, usd, p95Ms)), one("optimum", 1, 80)];
}

t.test("the recommendation follows from the numbers by its rule", (t) => {
	const rows: [costs: [number, number][], wanted: string, why: string][] = [
		[
			[
				[100, 80],
				[60, 90],
				[50, 90],
				[40, 90],
			],
			"size-aware",
			"the cheapest",
		],
		[
			[
				[100, 80],
				[60, 90],
				[50, 90],
				[40, 251],
			],
			"last-access",
			"the cheapest is too slow",
		],
		[
			[
				[100, 80],
				[60, 90],
				[40.7, 90],
				[40, 90],
			],
			"last-access",
			"as cheap within 2 %, and simpler",
		],
		[
			[
				[100, 80],
				[60, 90],
				[40.9, 90],
				[40, 90],
			],
			"size-aware",
			"a little more than 2 %",
		],
		[
			[
				[100, 80],
				[71, 90],
				[75, 90],
				[80, 90],
			],
			"all-hot",
			"none saves enough",
		],
		[
			[
				[100, 80],
				[20, 9e6],
				[30, 9e6],
				[20, 9e6],
			],
			"all-hot",
			"all that save are too slow",
		],
		[
			[
				[100, 80],
				[70, 250],
				[90, 90],
				[90, 90],
			],
			"by-age",
			"just enough, and just in time",
		],
	];
	for (const [costs, wanted, why] of rows) {
		t.equal(recommended(made(costs), demands), wanted, why);
		const text = recommendation(made(costs), demands, prices);
		t.match(text, wanted === "all-hot" ? /Leave everything in hot/ : `Use \`${wanted}\``);
	}
	t.end();
});

t.test("the comparison is against everything in hot, and the optimum is its lower bound", (t) => {
	const [hot, ...others] = outcomes;
	t.match(hot, { name: "all-hot", savingsPct: 0, p95IncreaseMs: 0, movesCount: 0 });
	const least = others.at(-1)!;
	t.equal(least.name, "optimum");
	for (const { name, monthlyUsd, savingsPct } of others) {
		t.ok(monthlyUsd >= least.monthlyUsd, name);
		t.ok(Math.abs(savingsPct - 100 * (1 - monthlyUsd / hot!.monthlyUsd)) < 1e-9, name);
	}
	t.end();
});

t.test("the cost of storage by day adds up to what the bill has for storage", (t) => {
	const placement = placedBy("size-aware", trace, prices);
	const byDay = storageByDay(trace, placement, prices);
	const bill = billOf(trace, placement, prices);
	for (const tier of ["hot", "warm", "cold"] as const) {
		const sum = byDay[tier].reduce((a, b) => a + b, 0);
		t.ok(Math.abs(sum - bill[tier].storageUsd) < 1e-9, `${tier}: ${sum}`);
	}
	t.end();
});

t.test("the committed recommendations are what the rule says now", (t) => {
	const file = new URL(
		"../../../../scenarios/storage/storage-tiers/recommendations.md",
		import.meta.url,
	);
	t.equal(readFileSync(file, "utf8"), recommendationsText(), "run node write-recommendations.ts");
	t.end();
});
