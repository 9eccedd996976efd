import fc from "fast-check";
import t from "tap";
import {
	type Confusion,
	confusionOf,
	type GuardTrial,
	namesPlaceAndRule,
	type Truth,
	type Verdict,
	wordsMissing,
} from "../../../scenarios/kit/confusion.ts";
import { detector } from "../../../scenarios/kit/detector.ts";

const violating: Truth = { kind: "violating", place: ["orders", "status"], rule: "not_null" };
const harmless: Truth = { kind: "harmless" };
const outside: Truth = { kind: "outside" };
const blocked = (message = "not_null of orders.status: 3 rows", timeMs = 10): Verdict => ({
	kind: "blocked",
	message,
	timeMs,
});
const passed: Verdict = { kind: "passed", timeMs: 5 };
const none: Verdict = { kind: "none", message: "it was killed" };

function trial(truth: Truth, verdict: Verdict, more: Partial<GuardTrial> = {}): GuardTrial {
	return { name: "1 nulls", change: "nulls", truth, verdict, smallest: null, ...more };
}

const good = [trial(violating, blocked()), trial(harmless, passed), trial(outside, passed)];
const piece = detector((trials: readonly GuardTrial[]) => trials);

/** The names of the checks that do not hold. */
function failing(trials: readonly GuardTrial[]): string[] {
	return Object.entries(piece.checks).flatMap(([name, check]) =>
		check.judge(trials).ok === true ? [] : [name],
	);
}

t.test("each pair of truth and verdict has its cell", (t) => {
	const rows: [Truth, Verdict, keyof Confusion][] = [
		[violating, blocked(), "caught"],
		[violating, passed, "missed"],
		[harmless, blocked(), "falseAlarms"],
		[harmless, passed, "passedRightly"],
		[outside, blocked(), "outsideBlocked"],
		[outside, passed, "outsidePassed"],
		[violating, none, "undecided"],
		[harmless, none, "undecided"],
		[outside, none, "undecided"],
	];
	for (const [truth, verdict, cell] of rows) {
		const one = trial(truth, verdict);
		const filled = Object.entries(confusionOf([one])).filter(([, list]) => list.length > 0);
		t.same(filled, [[cell, [one]]], `${truth.kind} and ${verdict.kind}`);
	}
	t.end();
});

t.test("a guard that is right about everything passes every check", (t) => {
	t.same(failing(good), []);
	t.end();
});

t.test("each way to be wrong fails the check that is about it, and no other", (t) => {
	const rows: [string, GuardTrial, fails: string][] = [
		["a violating change slips through", trial(violating, passed), "violations-caught"],
		[
			"a message without the column",
			trial(violating, blocked("not_null of orders")),
			"places-named",
		],
		["a message without the rule", trial(violating, blocked("orders.status: bad")), "places-named"],
		["a harmless change is blocked", trial(harmless, blocked()), "no-false-alarms"],
		["the guard dies of a violating change", trial(violating, none), "every-trial-answered"],
		["the guard dies of a harmless change", trial(harmless, none), "every-trial-answered"],
	];
	for (const [why, bad, fails] of rows) t.same(failing([...good, bad]), [fails], why);
	t.end();
});

t.test("what a guard makes of a change outside of the contract fails nothing", (t) => {
	t.same(failing([...good, trial(outside, blocked("anything"))]), []);
	t.end();
});

t.test("a guard that was never tried with one of both truths has shown too little", (t) => {
	t.same(failing([trial(violating, blocked())]), ["each-truth-tried"]);
	t.same(failing([trial(harmless, passed)]), ["each-truth-tried"]);
	t.same(failing([]), ["each-truth-tried"]);
	t.equal(piece.checks["violations-caught"].judge([]).over, 0, "and the others say over how much");
	t.end();
});

t.test("a place is named by whole words only", (t) => {
	const message = (text: string) => trial(violating, blocked(text));
	const rows: [string, missing: string[]][] = [
		["not_null of orders.status", []],
		["orders (status): not_null", []],
		["not_null_orders_status", ["orders", "status", "not_null"]],
		["not_null of orders.status_2", ["status"]],
		["not_null of orders.status_2, orders.status", []],
		["not_null of stg_orders.status", ["orders"]],
		["", ["orders", "status", "not_null"]],
	];
	for (const [text, missing] of rows) {
		t.same(wordsMissing(message(text)), missing, text);
		t.equal(namesPlaceAndRule(message(text)), missing.length === 0);
	}
	t.same(wordsMissing(trial(harmless, blocked(""))), [], "only of what it caught");
	t.end();
});

t.test("messages name what slipped through, what it broke, and its smallest form", (t) => {
	const slipped = trial(violating, passed, { name: "7 nulls", smallest: "one null" });
	const { message } = piece.checks["violations-caught"].judge([...good, slipped]);
	t.match(message, "of 2 violating changes 1 passed");
	t.match(message, "7 nulls (not_null of orders.status), at its smallest: one null");
	const { message: vague } = piece.checks["places-named"].judge([trial(violating, blocked("no"))]);
	t.match(vague, "1 nulls without orders, status, not_null");
	t.end();
});

t.test("metrics count what was injected, caught and blocked for nothing", (t) => {
	const measured = (trials: readonly GuardTrial[]) =>
		Object.fromEntries(
			Object.entries(piece.metrics).map(([name, { measure }]) => [name, measure(trials)]),
		);
	const trials = [
		trial(violating, blocked("x", 10)),
		trial(violating, blocked("x", 40)),
		trial(violating, passed),
		trial(violating, none),
		trial(harmless, blocked("x", 999)),
		trial(outside, blocked("x", 999)),
		trial(outside, passed),
	];
	t.same(measured(trials), {
		violations_injected_count: 4,
		violations_detected_count: 2,
		false_alarm_count: 1,
		outside_detected_pct: 50,
		time_to_catch_p50_ms: 25,
	});
	t.same(measured([]), {
		violations_injected_count: 0,
		violations_detected_count: 0,
		false_alarm_count: 0,
		outside_detected_pct: null,
		time_to_catch_p50_ms: null,
	});
	const named = detector((list: readonly GuardTrial[]) => list, {
		caught: "violations_prevented_count",
		falseAlarms: "false_block_count",
	}).metrics;
	t.equal(named.violations_prevented_count!.measure(trials), 2, "by the names that a row gives");
	t.equal(named.false_block_count!.measure(trials), 1);
	t.notOk("false_alarm_count" in named, "and not under the usual ones as well");
	t.end();
});

t.test(
	"the chart has a line for each kind of change that was caught, and one for the rarest together",
	(t) => {
		const caught = (change: string, timeMs: number) =>
			trial(violating, blocked("x", timeMs), { change });
		const chart = piece.charts["time-to-catch"];
		t.same(
			chart.series([caught("a", 1), trial(violating, passed), caught("b", 2), caught("a", 3)]),
			[
				{
					label: "a",
					points: [
						[0, 1],
						[3, 3],
					],
				},
				{ label: "b", points: [[2, 2]] },
			],
		);
		const many = Array.from({ length: 30 }, (_, i) => caught(`kind ${i % 20}`, i));
		const lines = chart.series(many);
		t.ok(lines.length <= 16, "no more lines than are told apart");
		t.equal(lines.at(-1)?.label, "others");
		t.equal(lines.flatMap(({ points }) => points).length, 30, "and no trial is left out");
		t.end();
	},
);

t.test("over any trials the checks agree with counting in plain loops", (t) => {
	const truth = fc.constantFrom(violating, harmless, outside);
	const verdict = fc.constantFrom(blocked(), blocked("vague"), passed, none);
	fc.assert(
		fc.property(fc.array(fc.tuple(truth, verdict), { maxLength: 8 }), (pairs) => {
			const trials = pairs.map(([truth, verdict]) => trial(truth, verdict));
			const any = (kind: Truth["kind"], ...said: Verdict["kind"][]) =>
				pairs.some(([truth, verdict]) => truth.kind === kind && said.includes(verdict.kind));
			const vague = pairs.some(
				([truth, verdict]) =>
					truth.kind === "violating" && verdict.kind === "blocked" && verdict.message === "vague",
			);
			const want = {
				"violations-caught": !any("violating", "passed"),
				"places-named": !vague,
				"no-false-alarms": !any("harmless", "blocked"),
				"every-trial-answered": pairs.every(([, { kind }]) => kind !== "none"),
				"each-truth-tried": ["violating", "harmless"].every((kind) =>
					pairs.some(([truth]) => truth.kind === kind),
				),
			};
			const fails = Object.entries(want).flatMap(([name, holds]) => (holds ? [] : [name]));
			t.same(failing(trials), fails);
		}),
		{ numRuns: 100 },
	);
	t.end();
});
