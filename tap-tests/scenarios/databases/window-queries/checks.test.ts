import t from "tap";
import { judge } from "../../../../daemon/host/judge.ts";
import { judgeRun } from "../../../../daemon/judgement/verdict.ts";
import { summarize } from "../../../../load/summary.ts";
import {
	type Answer,
	countGiven,
	digestOf,
	type Given,
} from "../../../../scenarios/databases/window-queries/answers.ts";
import {
	growthAsStated,
	indexesUsed,
} from "../../../../scenarios/databases/window-queries/checks.ts";
import { caseMetrics } from "../../../../scenarios/databases/window-queries/metrics.ts";
import { queryIds } from "../../../../scenarios/databases/window-queries/parameters.ts";
import type { RecordedPlans } from "../../../../scenarios/databases/window-queries/plans.ts";
import { readQueries } from "../../../../scenarios/databases/window-queries/query-file.ts";
import type {
	Expected,
	Observed,
	WindowFacts,
} from "../../../../scenarios/databases/window-queries/record.ts";
import windowQueries from "../../../../scenarios/databases/window-queries/window-queries.scenario.ts";
import { numbersIn } from "../../numbers-in.ts";

const queries = readQueries(
	new URL("../../../../scenarios/databases/window-queries/queries/", import.meta.url),
);
const sizes = [2_500, 5_000, 10_000];
const answers: Answer[] = queryIds.map((query) => ({
	query,
	variant: 0,
	rows: [1, 2, 3, 4].map((row) => `${query} ${row}`),
}));
const loaded = { rows: 10_000, invoiced: 9_800, cents: 5_000_000, idSum: 50_005_000 };

/** Twice in steady state and once under the faults, each answer is the oracle's. */
const given: Given[] = answers.flatMap(({ query, variant, rows }) =>
	countGiven(
		(["steady", "steady", "faulting"] as const).map((phase) => ({
			query,
			variant,
			phase,
			serviceUs: 1_000,
			rowCount: rows.length,
			digest: digestOf(rows),
		})),
	),
);

const scanOf = (id: string) => {
	const { index } = queries.find((query) => query.id === id)!;
	return index === null ? "Seq Scan" : `Index Only Scan on ${index.name}`;
};

/** Where the index finds it the time stays, else it grows with the rows. */
const work: Observed["work"] = queries.flatMap(({ id, growth }) =>
	sizes.map((rows) => ({
		query: id,
		rows,
		clock: "processor" as const,
		spilledBytes: 0,
		shape: scanOf(id),
		timesMs: [1.1, 1, 1.2].map((ms) => (growth.low < 0.5 ? ms : (ms * rows) / 1_000)),
	})),
);

const observed: Observed = { postgres: 18, loaded, answers, given, serviceTimes: [], work };
const expected: Expected = { loaded, answers };
const recorded: RecordedPlans = {
	postgres: 18,
	shapes: Object.fromEntries(
		queryIds.map((id) => [id, Object.fromEntries(sizes.map((rows) => [rows, [scanOf(id)]]))]),
	),
};

function factsOf(over: Partial<Observed> = {}): WindowFacts {
	const summary = { ...summarize([], { fromMs: 0, toMs: 1_000 }), started_count: 40, ok_count: 30 };
	return {
		case: "10000-rows",
		loads: [{ name: "queries", phase: "all", summary, counters: {} }],
		observed: { ...observed, ...over },
		expected,
	};
}

/** What the run's checks make of it, those over all cases too. */
function concluded(over: Partial<Observed>, plans = recorded) {
	const facts = factsOf(over);
	const checks = { ...windowQueries.judgement.checks, "indexes-used": indexesUsed(queries, plans) };
	const { checks: own, metrics } = judge(
		{ checks, metrics: caseMetrics(queries, plans) as never },
		facts as never,
		facts.case,
	);
	const whole = judge({ checks: { "growth-as-stated": growthAsStated(queries) } }, [facts], null);
	return { checks: [...own, ...whole.checks], metrics };
}

function failed(over: Partial<Observed>, plans = recorded): string[] {
	const { checks } = concluded(over, plans);
	t.notOk(
		checks.some(({ outcome }) => outcome === "threw"),
		"no check threw",
	);
	return checks.flatMap(({ id, outcome }) => (outcome === "failed" ? [id] : []));
}

const value = (over: Partial<Observed>, name: string) =>
	concluded(over).metrics.find((metric) => metric.name === name)?.value;

const withAnswer = (query: string, rows: (rows: string[]) => string[]) => ({
	answers: answers.map((answer) =>
		answer.query === query ? { ...answer, rows: rows(answer.rows) } : answer,
	),
});
const withWork = (query: string, change: (work: Observed["work"][number]) => object) => ({
	work: work.map((each) => (each.query === query ? { ...each, ...change(each) } : each)),
});

const quadratic = (rows: number) => [1, 1.01].map((ms) => ms * (rows / 1_000) ** 2);
const checkOf = (over: Partial<Observed>, id: string) =>
	concluded(over).checks.find((check) => check.id === id)!;

t.test("a good record passes every check", (t) => {
	const { checks } = concluded({});
	t.same(
		checks.map(({ id, kind, ok, message }) => [id, kind, ok, ...numbersIn(message)]),
		[
			["table-complete", "correctness", true, 10_000],
			["rows-equal", "correctness", true, 40, 40],
			["answers-equal", "correctness", true, 30, 10, 0],
			["indexes-used", "performance", true, 27],
			["growth-as-stated", "performance", true, 10],
		],
		"each says of how many",
	);
	t.notMatch(checks[1]?.message, /wrong/);
	t.equal(judgeRun(checks, []).verdict, "passed");
	t.end();
});

t.test("each kind of damage is caught by the check that is there for it", (t) => {
	const other = (phase: Given["phase"]) => ({
		given: [...given, { ...given[0]!, phase, digest: digestOf(["torn"]) }],
	});
	const rows: [bad: Partial<Observed>, failed: string[], why: string][] = [
		[{ loaded: { ...loaded, rows: 9_999 } }, ["table-complete"], "an order was not loaded"],
		[
			{ loaded: { ...loaded, idSum: loaded.idSum + 1 } },
			["table-complete"],
			"one order was loaded for another",
		],
		[
			{ loaded: { ...loaded, cents: loaded.cents - 1 } },
			["table-complete"],
			"an amount is not what it was",
		],
		[withAnswer("churn", (rows) => rows.with(2, "churn ?")), ["rows-equal"], "a row is wrong"],
		[withAnswer("churn", (rows) => rows.slice(1)), ["rows-equal"], "a row is missing"],
		[withAnswer("top-n", (rows) => [...rows, rows[0]!]), ["rows-equal"], "a row is there twice"],
		[withAnswer("top-n", (rows) => rows.toReversed()), ["rows-equal"], "rows are out of order"],
		[{ answers: answers.slice(1) }, ["rows-equal"], "a query was not asked"],
		[{ answers: [] }, ["rows-equal"], "no query was asked"],
		[other("faulting"), ["answers-equal"], "an answer under the faults is wrong"],
		[other("steady"), ["answers-equal"], "an answer in quiet is wrong"],
		[
			withWork("churn", () => ({ shape: "Sort < Seq Scan" })),
			["indexes-used"],
			"a table is read whole in place of the index",
		],
		[
			withWork("churn", () => ({ shape: scanOf("percentile") })),
			["indexes-used"],
			"another index is not the one that is wanted",
		],
		[
			{ work: work.filter(({ query, rows }) => query !== "churn" || rows !== 2_500) },
			["indexes-used"],
			"a query was not planned at one of the sizes",
		],
		[
			withWork("churn", ({ rows }) => ({ timesMs: quadratic(rows) })),
			["growth-as-stated"],
			"four times the time for twice the rows",
		],
		[
			withWork("running-total", ({ rows }) => ({ timesMs: [rows / 1_000, rows / 990] })),
			["growth-as-stated"],
			"the index is of no use any more",
		],
		[
			{ work: work.filter(({ query, rows }) => query !== "share-of-total" || rows === 10_000) },
			["growth-as-stated"],
			"of one query alone, one size tells no growth",
		],
	];
	for (const [bad, checks, why] of rows) t.same(failed(bad), checks, why);
	t.end();
});

t.test("a wrong row is told with both sides, a wrong growth with its interval", (t) => {
	t.match(
		checkOf(
			withAnswer("churn", (rows) => rows.with(2, "churn ?")),
			"rows-equal",
		),
		{
			message: "39 of 40 rows are the oracle's; wrong in churn",
			actual: { differences: [{ query: "churn", row: 3, expected: "churn 3", actual: "churn ?" }] },
		},
	);
	t.match(
		checkOf(
			withWork("churn", ({ rows }) => ({ timesMs: quadratic(rows) })),
			"growth-as-stated",
		).message,
		/^churn grows with an exponent of 2\.00 \[1\.99, 2\.01\], stated is 0\.7\.\.1\.3$/,
	);
	t.end();
});

t.test("what fails says what was wanted, what was seen, and how much of it", (t) => {
	const torn = given.map((each) => ({ ...each, digest: "torn" }));
	const churn = withAnswer("churn", (rows) => rows.slice(1)).answers;
	const topN = withAnswer("top-n", (rows) => rows.slice(1)).answers;
	const both = answers.map((answer, i) =>
		answer.query === "churn" ? churn[i]! : answer.query === "top-n" ? topN[i]! : answer,
	);
	const growing = work.map((each) =>
		each.query === "churn" || each.query === "top-n"
			? { ...each, timesMs: quadratic(each.rows) }
			: each,
	);
	const index = queries.find(({ id }) => id === "churn")!.index!.name;
	const rows: [
		bad: Partial<Observed>,
		id: string,
		wanted: object,
		seen: object,
		message: RegExp,
	][] = [
		[
			{ loaded: { ...loaded, rows: 9_999, cents: 7 } },
			"table-complete",
			loaded,
			{ rows: 9_999, cents: 7 },
			/9999 of 10000 orders; rows, cents differ$/,
		],
		[
			{ answers: both },
			"rows-equal",
			{ equalCount: 40 },
			{ equalCount: 32 },
			/^32 of 40 rows .* wrong in (churn, top-n|top-n, churn)$/,
		],
		[
			{ given: torn },
			"answers-equal",
			{ wrongCount: 0, underFaultsAtLeast: 1 },
			{ wrongCount: 30, underFaultsCount: 10 },
			/^of 30 answers, 10 .* 30 are wrong$/,
		],
		[
			withWork("churn", ({ rows }) => (rows === 2_500 ? { shape: "Seq Scan" } : {})),
			"indexes-used",
			{ without: [] },
			{
				without: [{ query: "churn", rows: 2_500, index }],
				changed: [{ query: "churn", rows: 2_500 }],
			},
			/^churn at 2500 rows /,
		],
		[
			{ work: work.filter(({ query, rows }) => query !== "churn" || rows !== 2_500) },
			"indexes-used",
			{ without: [] },
			{ without: [{ query: "churn", rows: 2_500, index }] },
			/: it has no plan/,
		],
		[
			{ work: growing },
			"growth-as-stated",
			Object.fromEntries(queries.map(({ id, growth }) => [id, `${growth.low}..${growth.high}`])),
			{ churn: "2.00 [1.99, 2.01]" },
			/^(churn|top-n) grows .*; (churn|top-n) grows /,
		],
	];
	for (const [bad, id, expected, actual, message] of rows) {
		const check = checkOf(bad, id);
		t.match(check, { outcome: "failed", actual, message }, `${id}: ${check.message}`);
		t.same(check.expected, expected);
	}
	t.match(checkOf({ given: torn }, "answers-equal").actual, { wrong: { length: 10 } });
	t.match(
		checkOf({ work: growing.map((each) => ({ ...each, clock: "wall" })) }, "growth-as-stated"),
		{ outcome: "cannot_tell", message: /^(churn|top-n) grows .*; (churn|top-n) grows / },
		"all that is open is told",
	);
	const asked = { observed: { ...observed, answers: [] }, expected: { loaded, answers: [] } };
	t.match(
		judge({ checks: windowQueries.judgement.checks }, { ...factsOf(), ...asked } as never, null)
			.checks[1],
		{ id: "rows-equal", outcome: "failed", message: /^0 of 0/ },
		"no query was asked of anybody",
	);
	t.end();
});

t.test(
	"where the data can't decide, nothing fails, and the check says that it can't be told",
	(t) => {
		const rows: [undecided: Partial<Observed>, check: string, message: RegExp, why: string][] = [
			[
				{ given: given.filter(({ phase }) => phase !== "faulting") },
				"answers-equal",
				/^of 20 answers, 0 of them while the faults acted, 0 are wrong; nothing was there to judge$/,
				"the faults let no answer through: nothing was seen",
			],
			[
				withWork("churn", ({ rows }) => ({ clock: "wall", timesMs: quadratic(rows) })),
				"growth-as-stated",
				/^churn grows with an exponent of 2\.00 /,
				"by the clock on the wall, a busy machine makes a long query longer",
			],
			[
				withWork("churn", ({ rows }) => ({ timesMs: [rows / 1_000, rows / 10, rows] })),
				"growth-as-stated",
				/^churn grows with an exponent of 1\.00 \[-/,
				"an interval so wide leaves everything open",
			],
			[
				{ work: work.filter(({ rows }) => rows === 10_000) },
				"growth-as-stated",
				/^running-total grows with an exponent of unknown.*percentile/,
				"one size was asked for, and tells no growth",
			],
		];
		for (const [bad, id, message, why] of rows) {
			t.match(checkOf(bad, id), { outcome: "cannot_tell", message }, why);
			t.same(failed(bad), [], why);
		}
		t.end();
	},
);

t.test("an index is not demanded of a table that is smaller than the query's file says", (t) => {
	const onOneMore = (rows: number) => {
		const others = work.filter((each) => each.rows === 2_500).map((each) => ({ ...each, rows }));
		const scanned = others.map((each) =>
			each.query === "period-over-period"
				? { ...each, shape: "Hashed Aggregate < Seq Scan" }
				: each,
		);
		return checkOf({ work: [...work, ...scanned] }, "indexes-used");
	};
	t.match(onOneMore(2_499), { ok: true, message: "all 35 plans that should use an index do" });
	t.match(onOneMore(3_000), {
		ok: false,
		message:
			/^period-over-period at 3000 rows does not use orders_region_category_ordered_at_amount_cents_idx: Hashed Aggregate < Seq Scan/,
	});
	t.end();
});

t.test("a plan that is not recorded fails nothing, and is told with what was and what is", (t) => {
	const other = withWork("churn", ({ rows, shape }) =>
		rows === 2_500 ? { shape: `Sort < ${shape}` } : {},
	);
	const indexScan = scanOf("churn");
	t.same(failed(other), []);
	const { checks, metrics } = concluded(other);
	t.equal(
		checks.find(({ id }) => id === "indexes-used")!.message,
		`all 27 plans that should use an index do; a plan has changed: churn at 2500 rows was ${indexScan}, is Sort < ${indexScan}`,
	);
	t.match(
		metrics.find(({ name }) => name === "plans_changed_count"),
		{ value: 1, portability: "machine" },
	);
	t.end();
});

t.test("plans of another major version, or of no recorded size, are held against nothing", (t) => {
	const sorted = withWork("churn", ({ shape }) => ({ shape: `Sort < ${shape}` }));
	t.same(failed({ ...sorted, postgres: 17 }), []);
	t.same(failed(sorted, { postgres: 18, shapes: {} }), []);
	t.match(
		checkOf({ ...sorted, postgres: 17 }, "indexes-used").message,
		/; no plans of Postgres 17 are recorded for these sizes$/,
	);
	t.end();
});

t.test("the metrics say what the checks look at, in numbers", (t) => {
	t.equal(value({}, "correct_pct"), 100);
	// Of 40 rows in quiet and 3 × 40 under load, one in quiet is wrong.
	const oneWrong = withAnswer("churn", (rows) => rows.with(2, "churn ?"));
	t.equal(value(oneWrong, "correct_pct"), (100 * 159) / 160);
	// A wrong answer counts with all its rows.
	const torn = {
		given: [...given, { ...given[0]!, answersCount: 1, digest: "torn", rowCount: 40 }],
	};
	t.equal(value(torn, "correct_pct"), 80);
	t.equal(value({ answers: [] }, "correct_pct"), 75);
	t.equal(value({}, "unanswered_pct"), 25);
	t.equal(
		value(
			withWork("churn", () => ({ spilledBytes: 8_192 })),
			"spilled_bytes",
		),
		3 * 8_192,
	);
	const serviceTimes = [{ query: "top-n", answersCount: 3, p50Ms: 1.5, p99Ms: 4, decilesMs: [] }];
	t.equal(value({ serviceTimes }, "top_n_p50_ms"), 1.5);
	t.equal(value({ serviceTimes }, "top_n_p99_ms"), 4);
	t.equal(value({ serviceTimes }, "churn_p99_ms"), null, "what was never answered has no time");
	t.end();
});
