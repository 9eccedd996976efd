import t from "tap";
import {
	costs,
	gateAsDetector,
	publication,
} from "../../../../scenarios/contracts/dbt-contracts/checks.ts";
import {
	type ContractFacts,
	type Expected,
	gone,
	nothing,
	type Observed,
} from "../../../../scenarios/contracts/dbt-contracts/record.ts";
import type { TrialReceipt } from "../../../../scenarios/contracts/dbt-contracts/trial.ts";
import type { Truth, Verdict } from "../../../../scenarios/kit/confusion.ts";

const checks = { ...gateAsDetector.checks, ...publication.checks };

const harmless: Truth = { kind: "harmless" };
const violating: Truth = {
	kind: "violating",
	place: ["stg_orders", "status"],
	rule: "not_null",
};
const blocked: Verdict = {
	kind: "blocked",
	message: "stg_orders.status: not_null: Got 3",
	timeMs: 4_000,
};
const passed: Verdict = { kind: "passed", timeMs: 5_000 };

const expected: Expected = {
	trials: [
		{ trial: 0, change: "unchanged", text: "", truth: harmless, digests: "a", changedRows: 0 },
		{ trial: 1, change: "nulls", text: "n", truth: violating, digests: null, changedRows: 0 },
		{ trial: 2, change: "orders-added", text: "o", truth: harmless, digests: "b", changedRows: 9 },
		{
			trial: 3,
			change: "half-missing",
			text: "h",
			truth: { kind: "outside" },
			digests: "c",
			changedRows: 70,
		},
	],
};

const receipt = (trial: number, verdict: Verdict, more: Partial<TrialReceipt> = {}) => ({
	trial,
	change: expected.trials[trial]!.change,
	text: expected.trials[trial]!.text,
	truth: expected.trials[trial]!.truth,
	verdict,
	interrupted: [],
	startMs: 2_000,
	warmMs: 2_500 + trial,
	published: verdict.kind === "passed",
	smallest: null,
	...more,
});

const good: Observed = {
	trials: [
		receipt(0, passed),
		receipt(1, blocked),
		receipt(2, passed, { interrupted: ["dbt was ended by SIGKILL"] }),
		receipt(3, passed),
	],
	published: [
		{ trial: 0, digests: "a" },
		{ trial: 2, digests: "b" },
		{ trial: 3, digests: "c" },
	],
	reads: [
		{ seen: nothing, count: 3 },
		{ seen: "a", count: 30 },
		{ seen: "c", count: 5 },
	],
	now: "c",
};

function failing(observed: Observed): string[] {
	const facts: ContractFacts = { observed, expected };
	return Object.entries(checks).flatMap(([name, check]) =>
		check.judge(facts).ok === true ? [] : [name],
	);
}

/** The good history with some of its trials told otherwise. */
const withTrials = (...trials: TrialReceipt[]): Observed => ({
	...good,
	trials: good.trials.map((old) => trials.find(({ trial }) => trial === old.trial) ?? old),
});

t.test("a run in which everything was right passes every check", (t) => {
	t.same(failing(good), []);
	t.end();
});

t.test("each defect is caught, and by the checks that are about it", (t) => {
	const interrupted = ["server closed the connection"];
	const rows: [string, Observed, string[]][] = [
		[
			"nulls went through, and were published",
			{
				...withTrials(receipt(1, passed)),
				published: [...good.published, { trial: 1, digests: "?" }],
				now: "?",
			},
			["violations-caught"],
		],
		["a harmless change was blocked", withTrials(receipt(0, blocked)), ["no-false-alarms"]],
		[
			"the message does not name the column",
			withTrials(receipt(1, { ...blocked, message: "stg_orders: not_null" })),
			["places-named"],
		],
		[
			"a trial did not come to an end",
			{ ...good, trials: good.trials.filter(({ trial }) => trial !== 0) },
			["every-trial-answered"],
		],
		[
			"a mart has another row than the seed says",
			{
				...good,
				published: [
					{ trial: 0, digests: "x" },
					{ trial: 3, digests: "c" },
					{ trial: 2, digests: "b" },
				],
				reads: [{ seen: "x", count: 2 }],
				now: "b",
			},
			["marts-right"],
		],
		[
			"a reader saw half of a build",
			{ ...good, reads: [...good.reads, { seen: "a and half of b", count: 1 }] },
			["nothing-half-built"],
		],
		[
			"the marts were gone for a moment",
			{ ...good, reads: [...good.reads, { seen: gone, count: 1 }] },
			["nothing-half-built"],
		],
		["what is there at the end is something else", { ...good, now: "b" }, ["nothing-half-built"]],
		["nothing is there at the end", { ...good, now: nothing }, ["nothing-half-built"]],
		[
			"an interrupted gate blocked what is harmless",
			withTrials(receipt(2, blocked, { interrupted })),
			["no-false-alarms", "interrupted-end-right"],
		],
		[
			"an interrupted gate let through what violates",
			withTrials(receipt(1, passed, { interrupted })),
			["violations-caught", "interrupted-end-right"],
		],
		[
			"an interrupted gate came to no verdict",
			withTrials(receipt(2, { kind: "none", message: "lost" }, { interrupted })),
			["every-trial-answered", "interrupted-end-right"],
		],
		[
			"an interrupted build was published as it was",
			{
				...withTrials(receipt(3, passed, { interrupted })),
				published: [good.published[0]!, good.published[1]!, { trial: 3, digests: "c, half" }],
				reads: [],
				now: "c, half",
			},
			["marts-right", "interrupted-end-right"],
		],
	];
	for (const [why, observed, fails] of rows) {
		t.same(failing(observed), fails, why);
	}
	t.end();
});

t.test("a run whose gate was never interrupted has shown nothing of that", (t) => {
	const quiet = withTrials(receipt(2, passed));
	const judged = publication.checks["interrupted-end-right"].judge({ observed: quiet, expected });
	t.match(judged, { over: 0, ok: true });
	t.end();
});

t.test("costs are medians of the trials that have any, and harm is counted in rows", (t) => {
	const measured = (observed: Observed) =>
		Object.fromEntries(
			Object.entries(costs.metrics!).map(([name, { measure }]) => [
				name,
				measure({ observed, expected }),
			]),
		);
	const killed = receipt(0, { kind: "none", message: "" }, { startMs: null, warmMs: null });
	t.same(measured(withTrials(killed)), {
		dbt_start_p50_ms: 2_000,
		warm_trial_p50_ms: 2_502,
		gate_interrupted_count: 1,
		outside_changed_rows_count: 70,
	});
	t.same(measured({ ...good, trials: [] }).warm_trial_p50_ms, null);
	t.end();
});
