import t from "tap";
import { stream } from "../../../../base/random.ts";
import type { Anomaly } from "../../../../scenarios/contracts/data-quality/anomalies/anomaly.ts";
import {
	anomaliesText,
	batchesOf,
	deliveryAfter,
	kinds,
	madeAs,
	simplerAnomalies,
} from "../../../../scenarios/contracts/data-quality/anomalies/batches.ts";
import {
	brokenRules,
	chanceRule,
} from "../../../../scenarios/contracts/data-quality/oracle/rules.ts";
import { deliveryOf } from "../../../../scenarios/contracts/data-quality/sales/sale.ts";

const rows = 150;

/** Every kind at each of its sizes, some times over. */
function* every(seeds: number): Generator<{ seed: number; batch: number; anomaly: Anomaly }> {
	for (const [kind, { sizes, draw }] of Object.entries(kinds))
		for (const size of sizes)
			for (let seed = 1; seed <= seeds; seed++) {
				const batch = 7 + seed;
				const delivery = deliveryOf(seed, batch, rows);
				yield { seed, batch, anomaly: { kind, size, ...draw(stream(seed, kind), delivery, size) } };
			}
}

t.test(
	"what a batch is by how it was made is what its rows break, whatever is odd about it",
	(t) => {
		const exact = (broken: readonly string[]) => broken.filter((rule) => rule !== chanceRule);
		for (const { seed, batch, anomaly } of every(5)) {
			const planned = { batch, anomalies: [anomaly] };
			const truth = madeAs({ seed, rows }, planned);
			const broken = exact(brokenRules(deliveryAfter({ seed, rows }, planned)));
			const text = `${seed}: ${anomaliesText([anomaly])} breaks ${broken}`;
			if (truth.kind !== "violating") t.same(broken, [], text);
			else {
				const [, column] = truth.place;
				const rule = column === undefined ? truth.rule : `${column}.${truth.rule}`;
				t.ok(broken.includes(rule), `${text}, and so ${rule}`);
			}
		}
		t.end();
	},
);

t.test("some break more than one rule, and a drift breaks none for certain", (t) => {
	const breaks = (kind: string, columns: string[]) => {
		const anomaly = { kind, size: 5, at: { columns, to: "exchanged" }, rows: [1, 2] } as Anomaly;
		return brokenRules(deliveryAfter({ seed: 3, rows }, { batch: 3, anomalies: [anomaly] }));
	};
	t.same(breaks("swapped-columns", ["quantity", "unit_price_cents"]), [
		"quantity.in_range",
		"unit_price_cents.in_range",
	]);
	t.same(breaks("swapped-columns", ["country", "sku"]), ["country.in_set", "sku.format"]);
	t.same(breaks("empty", []), ["not_empty", "ordered_at.fresh", chanceRule]);
	t.end();
});

t.test(
	"a run's batches are of each truth, the first as always, and the same for the same seed",
	(t) => {
		const workload = { seed: 5, rows, batches: 101 };
		const batches = batchesOf(workload);
		t.same(batches, batchesOf(workload));
		t.match(batches[0], { anomalies: [{ kind: "unchanged" }] });
		const truths = batches.slice(1).map((planned) => madeAs(workload, planned).kind);
		const count = (kind: string) => truths.filter((truth) => truth === kind).length;
		t.same([count("violating"), count("harmless"), count("outside")], [40, 30, 30]);
		const met = new Set(batches.flatMap(({ anomalies }) => anomalies.map(({ kind }) => kind)));
		t.same([...met].sort(), Object.keys(kinds).sort(), "and of every kind");
		const columns = batches.flatMap(({ anomalies }) =>
			anomalies.length < 2 ? [] : [anomalies.map(({ at }) => at!.columns[0])],
		);
		t.ok(columns.length > 3);
		for (const [a, b] of columns) t.not(a, b, "two anomalies are in a column each");
		for (const way of ["not", "after", "beside"])
			t.ok(
				batches.some(({ again }) => again === way),
				`some are handed over: ${way} again`,
			);
		t.end();
	},
);

t.test("the sizes of an anomaly are of rows: one at least, and so many percent", (t) => {
	const delivery = deliveryOf(1, 1, 400);
	for (const [size, count] of [
		[0, 1],
		[5, Math.round(0.05 * delivery.rows.length)],
	] as const) {
		const { rows: drawn } = kinds.nulls!.draw(stream(1, "n"), delivery, size);
		t.equal(drawn.length, count);
		t.notOk(drawn.includes(delivery.rows.length - 1), "the newest row is left as it is");
	}
	t.end();
});

t.test("simpler forms have fewer anomalies, or half of the rows", (t) => {
	const nulls = { kind: "nulls", size: 1, at: { columns: ["quantity"], to: "null" }, rows: [1, 2] };
	const stale = { kind: "stale", size: 24, at: { columns: ["ordered_at"], to: "x" }, rows: [] };
	const forms = [...simplerAnomalies([nulls, stale] as Anomaly[])].map(anomaliesText);
	t.same(forms, [
		"stale in ordered_at (x)",
		"nulls in quantity (null) of 2 rows",
		"nulls in quantity (null) of 1 row, stale in ordered_at (x)",
		"nulls in quantity (null) of 1 row, stale in ordered_at (x)",
	]);
	t.end();
});
