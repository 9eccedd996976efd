import t from "tap";
import { judge } from "../../../daemon/host/judge.ts";
import { judgeRun } from "../../../daemon/runs/verdict.ts";
import { summarize } from "../../../load/summary.ts";
import {
	type Answer,
	countGiven,
	digestOf,
	type Given,
} from "../../../scenarios/window-queries/answers.ts";
import { growthAsStated, plansAsRecorded } from "../../../scenarios/window-queries/checks.ts";
import { queryIds } from "../../../scenarios/window-queries/parameters.ts";
import type { RecordedPlans } from "../../../scenarios/window-queries/plans.ts";
import { readQueries } from "../../../scenarios/window-queries/query-file.ts";
import type { Expected, Observed, WindowFacts } from "../../../scenarios/window-queries/record.ts";
import windowQueries from "../../../scenarios/window-queries/window-queries.scenario.ts";

const queries = readQueries(new URL("../../../scenarios/window-queries/queries/", import.meta.url));
const sizes = [2_500, 5_000, 10_000];
const answers: Answer[] = queryIds.map((query) => ({
	...{ query, variant: 0 },
	rows: [1, 2, 3, 4].map((row) => `${query} ${row}`),
}));
const loaded = { rows: 10_000, invoiced: 9_800, cents: 5_000_000, idSum: 50_005_000 };

/** Twice in steady state and once under the faults, each answer is the oracle's. */
const given: Given[] = answers.flatMap(({ query, variant, rows }) =>
	countGiven(
		(["steady", "steady", "faulting"] as const).map((phase) => ({
			...{ query, variant, phase, serviceUs: 1_000 },
			...{ rowCount: rows.length, digest: digestOf(rows) },
		})),
	),
);

/** Where the index finds it the time stays, else it grows with the rows. */
const work: Observed["work"] = queries.flatMap(({ id, growth }) =>
	sizes.map((rows) => ({
		...{ query: id, rows, spilledBytes: 0, shape: "Seq Scan" },
		executionMs: [2, 1, 3].map((ms) => (growth.low < 0.5 ? ms : (ms * rows) / 1_000)),
	})),
);

const observed: Observed = { postgres: 18, loaded, answers, given, serviceTimes: [], work };
const expected: Expected = { loaded, answers };
const recorded: RecordedPlans = {
	postgres: 18,
	shapes: Object.fromEntries(
		queryIds.map((id) => [id, Object.fromEntries(sizes.map((rows) => [rows, ["Seq Scan"]]))]),
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
	const checks = { ...windowQueries.checks, "plans-as-recorded": plansAsRecorded(plans) };
	const { checks: own, metrics } = judge(
		{ checks, metrics: windowQueries.metrics as never },
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
	return checks.flatMap(({ id, outcome }) => (outcome !== "held" ? [id] : []));
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

t.test("a good record passes every check", (t) => {
	const { checks } = concluded({});
	t.same(
		checks.map(({ id, kind, ok }) => [id, kind, ok]),
		[
			["table-complete", "correctness", true],
			["rows-equal", "correctness", true],
			["answers-equal", "correctness", true],
			["plans-as-recorded", "performance", true],
			["growth-as-stated", "performance", true],
		],
	);
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
			{ given: given.filter(({ phase }) => phase !== "faulting") },
			["answers-equal"],
			"the faults let no answer through: nothing was seen",
		],
		[
			withWork("churn", () => ({ shape: "Sort < Seq Scan" })),
			["plans-as-recorded"],
			"another way to the same rows",
		],
		[
			withWork("churn", ({ rows }) => ({ executionMs: [(rows / 1_000) ** 2] })),
			["growth-as-stated"],
			"four times the time for twice the rows",
		],
		[
			withWork("running-total", ({ rows }) => ({ executionMs: [rows / 1_000] })),
			["growth-as-stated"],
			"the index is of no use any more",
		],
		[withWork("churn", () => ({ rows: 10_000 })), ["growth-as-stated"], "one size tells no growth"],
	];
	for (const [bad, checks, why] of rows) t.same(failed(bad), checks, why);
	t.end();
});

t.test("a wrong row is told with both sides, a wrong growth with its interval", (t) => {
	const message = (over: Partial<Observed>, id: string) =>
		concluded(over).checks.find((check) => check.id === id)!;
	t.match(
		message(
			withAnswer("churn", (rows) => rows.with(2, "churn ?")),
			"rows-equal",
		),
		{
			message: "39 of 40 rows are the oracle's; wrong in churn",
			actual: { differences: [{ query: "churn", row: 3, expected: "churn 3", actual: "churn ?" }] },
		},
	);
	t.match(
		message(
			withWork("churn", ({ rows }) => ({ executionMs: [(rows / 1_000) ** 2] })),
			"growth-as-stated",
		).message,
		/^churn grows with an exponent of 2\.00 \[2\.00, 2\.00\], stated is 0\.7\.\.1\.3$/,
	);
	t.end();
});

t.test("growth is the slope of the least times, so that one slow repeat says nothing", (t) => {
	t.same(
		failed(
			withWork("churn", ({ rows, executionMs }) => ({
				executionMs: rows === 10_000 ? [...executionMs, 900] : executionMs,
			})),
		),
		[],
	);
	t.end();
});

t.test("plans of another major version, or of no recorded size, are held against nothing", (t) => {
	const shape = () => ({ shape: "Sort" });
	t.same(failed({ ...withWork("churn", shape), postgres: 17 }), []);
	t.same(failed(withWork("churn", shape), { postgres: 18, shapes: {} }), []);
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
