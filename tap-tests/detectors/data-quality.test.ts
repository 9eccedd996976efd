import t from "tap";
import {
	anomaliesText,
	batchesOf,
	type Workload,
} from "../../scenarios/contracts/data-quality/anomalies/batches.ts";
import { gate, quarantine } from "../../scenarios/contracts/data-quality/checks.ts";
import { truthOfRun } from "../../scenarios/contracts/data-quality/expected.ts";
import { pagesIn, storedIn } from "../../scenarios/contracts/data-quality/observe.ts";
import { cellsIn, rates } from "../../scenarios/contracts/data-quality/rates.ts";
import type { QualityFacts } from "../../scenarios/contracts/data-quality/record.ts";
import { guardTrials } from "../../scenarios/contracts/data-quality/record.ts";
import { bringBatch, type TrialReceipt } from "../../scenarios/contracts/data-quality/trial.ts";
import { confusionOf } from "../../scenarios/kit/confusion.ts";
import { medianOf } from "../../scenarios/kit/metrics.ts";
import {
	arrangeFresh,
	benchOf,
	noGx,
	queryOf,
	type Validator,
	validatorFor,
} from "./data-quality.ts";
import { ownPostgres } from "./own-postgres.ts";

// Batches of every kind and size through the real Great Expectations, over seeds that nobody tuned to: TRIALS of each of SEEDS,
// from FROM on.

const seeds = Number(process.env.SEEDS ?? 5);
const batches = Number(process.env.TRIALS ?? 120);
const from = Number(process.env.FROM ?? 23_001);
const rows = Number(process.env.ROWS ?? 200);
const limits = { askAgainMs: 50, shrinkTriesMax: 0 };

let url: string;
let validator: Validator;
t.before(async () => {
	if (noGx) return;
	url = await ownPostgres(t);
	validator = await validatorFor(t, url);
});

const checks = { ...gate.checks, ...quarantine.checks };
/** Nobody reads, and nobody is interrupted. */
const notHere = ["reads-whole", "interrupted-end-right"];
const all: QualityFacts = {
	expected: { batches: [] },
	observed: {
		receipts: [],
		loaded: [],
		quarantined: [],
		decided: [],
		leftInStaging: [],
		pages: [],
		reads: [],
		readsCount: 0,
		validatorStartMs: null,
	},
};

for (let seed = from; seed < from + seeds; seed++)
	t.test(`every batch of seed ${seed} ends as its rows say`, { skip: noGx }, async (t) => {
		const workload: Workload = { seed, rows, batches };
		await arrangeFresh(await queryOf(t, url), seed);
		const { tools, ask } = await benchOf(t, url, validator);
		const receipts: TrialReceipt[] = [];
		for (const planned of batchesOf(workload)) {
			const signal = AbortSignal.timeout(120_000);
			receipts.push(await bringBatch(workload, planned, tools, limits, signal));
			t.comment(
				`${planned.batch} ${anomaliesText(planned.anomalies)}: ${receipts.at(-1)!.verdict.kind}`,
			);
		}
		const facts: QualityFacts = {
			expected: truthOfRun(workload),
			observed: {
				...all.observed,
				receipts,
				...(await storedIn(ask)),
				pages: pagesIn(validator.pages),
			},
		};
		for (const [id, { judge }] of Object.entries(checks)) {
			if (notHere.includes(id)) continue;
			const { ok, message, over } = judge(facts);
			t.equal(ok, true, `${id}: ${message}`);
			if (id !== "staging-clean" && id !== "each-truth-tried") t.ok(over! > 0, id);
		}
		const base = 10_000 * (seed - from);
		all.expected.batches.push(
			...facts.expected.batches.map((one) => ({ ...one, batch: base + one.batch })),
		);
		all.observed.receipts.push(...receipts.map((one) => ({ ...one, batch: base + one.batch })));
	});

t.test(
	"over all of them, what is exact is all or nothing, and what is not is as often as stated",
	{ skip: noGx },
	(t) => {
		for (const { kind, size, unit, rejected } of cellsIn(all)) {
			const { count, of, lowPct, highPct } = rejected;
			const much = unit === "none" ? "" : ` ${size} ${unit}`;
			t.comment(
				`${kind}${much}: ${count} of ${of} rejected (${lowPct.toFixed(1)} to ${highPct.toFixed(1)} %)`,
			);
		}
		const { ok, message } = rates.checks["rates-as-stated"].judge(all);
		t.ok(ok, message);
		t.comment(message);
		const trials = guardTrials(all);
		const sizes = Object.entries(confusionOf(trials)).map(
			([cell, { length }]) => `${cell} ${length}`,
		);
		t.comment(sizes.join(", "));
		for (const [name, { measure }] of Object.entries(rates.metrics))
			t.comment(`${name}: ${measure(all)}`);
		const warm = all.observed.receipts.flatMap(({ ms }) => ms?.validate ?? []);
		t.comment(
			`a validation takes ${medianOf(warm)?.toFixed(0)} ms in the middle of ${warm.length}`,
		);
		t.ok(trials.length >= 200 || process.env.TRIALS !== undefined, `${trials.length} trials`);
		t.end();
	},
);
