import t from "tap";
import { cellsIn, rates } from "../../../../scenarios/contracts/data-quality/rates.ts";
import type { QualityFacts } from "../../../../scenarios/contracts/data-quality/record.ts";
import { batch, blocked, facts, good, passed, receipt } from "./facts.ts";

const { judge } = rates.checks["rates-as-stated"];
const value = (name: keyof typeof rates.metrics, of: QualityFacts) =>
	rates.metrics[name].measure(of);

/** So many batches that only chance decides about, of which so many were rejected. */
function byChance(count: number, rejected: number, chance = 0.01): QualityFacts {
	const numbers = Array.from({ length: count }, (_, n) => n);
	return {
		expected: { batches: numbers.map((n) => batch(n, { chance })) },
		observed: {
			...good,
			receipts: numbers.map((n) =>
				receipt(n, n < rejected ? blocked("sales.parcel_grams: mean: observed 1260") : passed),
			),
		},
	};
}

t.test("as often as the suite states is right, and much more or less often is not", (t) => {
	const rows: [count: number, rejected: number, chance: number, ok: boolean][] = [
		[100, 0, 0.01, true],
		[100, 3, 0.01, true],
		[100, 12, 0.01, false],
		[60, 30, 0.5, true],
		[60, 5, 0.5, false],
	];
	for (const [count, rejected, chance, ok] of rows) {
		const judged = judge(byChance(count, rejected, chance));
		t.equal(judged.ok, ok, judged.message);
		t.equal(judged.over, count);
	}
	t.end();
});

t.test(
	"false positives and negatives are counted by what batches are, not by what is stated",
	(t) => {
		const chanceAlarm = byChance(10, 1);
		t.equal(value("false_positive_pct", chanceAlarm), 10);
		t.ok(value("false_positive_high_pct", chanceAlarm)! > 40, "of ten batches little is known");
		t.equal(value("false_negative_pct", chanceAlarm), null, "nothing was wrong with any");
		t.equal(value("false_positive_pct", facts()), 0);
		// Of two that break rules and one that drifts, the last was not found.
		t.equal(value("false_negative_pct", facts()), 100 / 3);
		t.end();
	},
);

t.test("each kind and size of anomaly has a rate of its own, with its interval", (t) => {
	t.match(
		cellsIn(facts()).map(({ kind, size, rejected }) => [kind, size, rejected.count, rejected.of]),
		[
			["drifted-mean", 0.1, 0, 1],
			["nulls", 1, 1, 1],
			["swapped-columns", 5, 1, 1],
			["unchanged", 0, 0, 2],
		],
	);
	t.end();
});

t.test("the curves show what was rejected against how much of it was odd", (t) => {
	const byRows = rates.charts["detection-curve"].series(facts());
	t.same(
		byRows.map(({ label, points }) => [label, points]),
		[
			[
				"always rejected (2 kinds and sizes)",
				[
					[1, 100],
					[5, 100],
				],
			],
		],
	);
	const drift = rates.charts["drift-curve"].series(facts());
	t.equal(drift.length, 4);
	t.same(drift[0]!.points, [
		[0, 0],
		[0.1, 0],
	]);
	t.match(drift[3]!.label, "of 103 rows");
	t.ok(drift[3]!.points.at(-1)![1]! > 99);
	t.end();
});

t.test("times are of batches that nobody interrupted", (t) => {
	t.equal(value("validation_p50_ms", facts()), 202);
	t.equal(value("validation_p95_ms", facts()), 204);
	t.equal(value("warm_trial_p50_ms", facts()), 300);
	t.equal(value("interrupted_count", facts()), 1);
	t.end();
});
