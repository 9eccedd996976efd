import type {
	ExpectedBatch,
	Observed,
	QualityFacts,
} from "../../../../scenarios/contracts/data-quality/record.ts";
import type { TrialReceipt } from "../../../../scenarios/contracts/data-quality/trial.ts";
import type { Verdict } from "../../../../scenarios/kit/confusion.ts";

// A run as it should be, by hand: five batches, of which two break rules, one of them two.

export const batch = (n: number, more: Partial<ExpectedBatch> = {}): ExpectedBatch => ({
	batch: n,
	kind: "unchanged",
	size: 0,
	unit: "none",
	text: "unchanged",
	truth: { kind: "harmless" },
	broken: [],
	chance: 0.01,
	rowCount: 100 + n,
	digest: `${100 + n}:abc${n}`,
	...more,
});

export const receipt = (
	n: number,
	verdict: Verdict,
	more: Partial<TrialReceipt> = {},
): TrialReceipt => ({
	batch: n,
	verdict,
	interrupted: [],
	again: null,
	ms: { stage: 5, validate: 200 + n, page: 0, decide: 6 },
	smallest: null,
	...more,
});

export const passed: Verdict = { kind: "passed", timeMs: 300 };
export const blocked = (message: string): Verdict => ({ kind: "blocked", message, timeMs: 400 });

const nulls = "sales.quantity: not_null: 3 of 101 rows";
const swapped =
	"sales.quantity: in_range: 9 of 102 rows; sales.unit_price_cents: in_range: 9 of 102 rows";

export const expected = {
	batches: [
		batch(0),
		batch(1, {
			kind: "nulls",
			size: 1,
			unit: "pct of rows",
			text: "nulls in quantity",
			truth: { kind: "violating", place: ["sales", "quantity"], rule: "not_null" },
			broken: ["quantity.not_null"],
			chance: null,
		}),
		batch(2, {
			kind: "swapped-columns",
			size: 5,
			unit: "pct of rows",
			text: "swapped-columns in quantity and unit_price_cents",
			truth: { kind: "violating", place: ["sales", "quantity"], rule: "in_range" },
			broken: ["quantity.in_range", "unit_price_cents.in_range"],
			chance: null,
		}),
		batch(3, {
			kind: "drifted-mean",
			size: 0.1,
			unit: "standard deviations",
			text: "drifted-mean",
			truth: { kind: "outside" },
			chance: 0.1,
		}),
		batch(4),
	],
} satisfies QualityFacts["expected"];

const digestOf = (n: number) => expected.batches[n]!.digest;

export const good: Observed = {
	receipts: [
		receipt(0, passed),
		receipt(1, blocked(nulls), { again: "same" }),
		receipt(2, blocked(swapped), { interrupted: ["the loader: killed"] }),
		receipt(3, passed),
		receipt(4, passed, { again: "same" }),
	],
	loaded: [0, 3, 4].map((n) => ({ batch: n, digest: digestOf(n) })),
	quarantined: [
		{ batch: 1, digest: digestOf(1), error: nulls, page: "batch-1.html" },
		{ batch: 2, digest: digestOf(2), error: swapped, page: "batch-2.html" },
	],
	decided: expected.batches.map(({ batch: n, broken }) => ({
		batch: n,
		state: broken.length > 0 ? "rejected" : "loaded",
		broken,
	})),
	leftInStaging: [],
	pages: [
		{ page: "batch-1.html", isWhole: true, named: ["quantity"] },
		{ page: "batch-2.html", isWhole: true, named: ["quantity", "unit_price_cents"] },
	],
	reads: [
		{ batch: 0, rowCount: 100, count: 9 },
		{ batch: 4, rowCount: 104, count: 2 },
	],
	readsCount: 12,
	validatorStartMs: 4_000,
};

export const facts = (more: Partial<Observed> = {}): QualityFacts => ({
	expected,
	observed: { ...good, ...more },
});
