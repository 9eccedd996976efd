import t from "tap";
import { aboutNone, judge } from "../../../daemon/host/judge.ts";
import type { Facts, Judged } from "../../../scenarios/contract/facts.ts";
import type { Scenario } from "../../../scenarios/contract/scenario.ts";

const facts = { case: "key-1k", loads: [] } as unknown as Facts;
const good: Judged = { ok: true, expected: 1, actual: 1, message: "one" };
/** As a check of a count that is about no set. */
const counted = { ...good, over: null };
type Checks = NonNullable<Scenario["judgement"]["checks"]>;
const checksOf = (judges: Record<string, () => unknown>): Checks =>
	Object.fromEntries(
		Object.entries(judges).map(([id, judge]) => [id, { kind: "correctness", judge }]),
	) as Checks;

t.test("each check's word is kept with its id, kind and case", (t) => {
	const { checks } = judge({ checks: checksOf({ rows: () => counted }) }, facts, facts.case);
	t.same(checks, [
		{
			id: "rows",
			case: "key-1k",
			kind: "correctness",
			shapedBy: null,
			outcome: "held",
			openBy: null,
			...good,
		},
	]);
	t.end();
});

t.test("a check that throws says so and stops no other", (t) => {
	const checks = checksOf({
		first: () => {
			throw new TypeError("rows is undefined");
		},
		second: () => counted,
	});
	t.match(judge({ checks }, facts, facts.case).checks, [
		{ id: "first", ok: null, message: "the check threw: rows is undefined" },
		{ id: "second", ok: true },
	]);
	t.end();
});

t.test("a check that does not say yes or no has not passed", (t) => {
	const rows: [answer: unknown, why: string][] = [
		[undefined, "a forgotten return"],
		[Promise.resolve(good), "an async check: its answer comes when nobody listens"],
		[{ ...good, ok: undefined }, "ok left out"],
		[{ ...good, ok: "no" }, "a word instead of a boolean"],
		[null, "nothing"],
		[true, "a bare boolean has no message"],
	];
	for (const [answer, why] of rows) {
		const [check] = judge({ checks: checksOf({ rows: () => answer }) }, facts, facts.case).checks;
		t.match(check, { id: "rows", ok: null, message: /^the check threw: .*ok/ }, why);
	}
	t.end();
});

t.test("a check that counts and holds over nothing has shown nothing", (t) => {
	const rows: [answer: object, outcome: string, why: string][] = [
		[{ over: 3 }, "held", "it judged three"],
		[{ over: 0 }, "cannot_tell", "it judged none"],
		[{ over: 0, ok: false }, "failed", "wrong is wrong"],
		[{ over: null }, "held", "it is about no set"],
		[{}, "threw", "whoever says nothing of it could pass over nothing at all"],
		[{ over: "3" }, "threw", "a word is no count"],
		[{ over: 3, ok: "cannot_tell" }, "cannot_tell", "it says so itself"],
		[{ over: 3, ok: "cannot_tell_here" }, "cannot_tell", "the machine is to blame"],
	];
	for (const [answer, outcome, why] of rows) {
		const checks = checksOf({ rows: () => ({ ...good, ...answer }) });
		const [check] = judge({ checks }, facts, facts.case).checks;
		t.equal(check?.outcome, outcome, why);
		t.equal(check?.ok, outcome === "held" ? true : outcome === "failed" ? false : null);
	}
	const empty = judge({ checks: checksOf({ rows: () => ({ ...good, over: 0 }) }) }, facts, null);
	t.match(empty.checks[0]?.message, /; nothing was there to judge$/);
	t.end();
});

t.test("a check says whether timing shapes what it judges; what is timed always is", (t) => {
	const judgeIt = () => ({ ...good, over: 1 });
	const { checks } = judge<Facts>(
		{
			checks: {
				rows: { kind: "correctness", judge: judgeIt },
				tries: { kind: "correctness", shapedBy: "timing", judge: judgeIt },
				quick: { kind: "performance", judge: () => good },
			},
		},
		facts,
		null,
	);
	t.same(
		checks.map(({ shapedBy }) => shapedBy),
		[null, "timing", "timing"],
	);
	t.end();
});

t.test("a check can't give itself another id, kind or case", (t) => {
	const answer = { ...good, id: "other", kind: "performance", case: null };
	const { checks } = judge({ checks: checksOf({ rows: () => answer }) }, facts, facts.case);
	t.match(checks, [{ id: "rows", kind: "correctness", case: "key-1k" }]);
	t.end();
});

t.test("a metric that can't be computed does not exist, and is not zero", (t) => {
	const spec = { unit: "ms", direction: "lower", portability: "machine" } as const;
	const metrics: NonNullable<Scenario["judgement"]["metrics"]> = {
		good: { ...spec, measure: () => 1.5 },
		none: { ...spec, measure: () => null },
		nan: { ...spec, measure: () => 0 / 0 },
		endless: { ...spec, measure: () => 1 / 0 },
		throws: {
			...spec,
			measure: () => {
				throw new Error("no load");
			},
		},
	};
	const made = judge({ checks: {}, metrics }, facts, facts.case).metrics;
	t.strictSame(
		made.map(({ name, value }) => [name, value]),
		[
			["good", 1.5],
			["none", null],
			["nan", null],
			["endless", null],
			["throws", null],
		],
	);
	t.same(made[0], { name: "good", case: "key-1k", value: 1.5, censored: false, ...spec });
	t.same(judge({}, facts, null), { checks: [], metrics: [], charts: [] });
	t.end();
});

t.test("a chart keeps its lines as data; one that shows too much or throws says so", (t) => {
	const axes = { x: { label: "s" }, y: { label: "ms" } };
	const lines = (count: number, points: number) =>
		Array.from({ length: count }, (_, i) => ({
			label: `line ${i}`,
			points: Array.from({ length: points }, (_, at) => [at, i] as const),
		}));
	const rows: [series: () => ReturnType<typeof lines>, problem: RegExp | null, why: string][] = [
		[() => lines(2, 3), null, "what fits"],
		[() => lines(16, 1), null, "as many lines as are told apart"],
		[() => lines(1, 2_000), null, "as many points as are kept"],
		[() => lines(17, 1), /17 lines, .* 16 are/, "too many lines"],
		[() => lines(1, 2_001), /"line 0" has 2001 points/, "too many points"],
		[
			() => {
				throw new Error("no lag");
			},
			/it threw: no lag/,
			"a mistake",
		],
	];
	for (const [series, problem, why] of rows) {
		const made = judge({ charts: { lag: { title: "Lag", ...axes, series } } }, facts, "key-1k");
		t.match(
			made.charts,
			[{ id: "lag", case: "key-1k", title: "Lag", ...axes, problem }],
			`${why}: ${made.charts[0]!.problem}`,
		);
		t.same(made.charts[0]!.series, problem === null ? series() : [], why);
	}
	t.end();
});

t.test("what a generator in time may have ended otherwise is left open, with both words", (t) => {
	const at = (p99Ms: number) => ({ ...facts, p99Ms }) as unknown as Facts;
	const quick = (limitMs: number) => ({
		kind: "performance" as const,
		judge: (facts: Facts): Judged => {
			const { p99Ms } = facts as unknown as { p99Ms: number };
			return { ok: p99Ms < limitMs, expected: limitMs, actual: p99Ms, message: `p99 was ${p99Ms}` };
		},
	});
	const rows = { kind: "correctness" as const, judge: () => ({ ...good, over: 1 }) };
	const told = (limitMs: number, beyond: string | null = null, corners = [at(90), at(110)]) =>
		judge<Facts>({ checks: { quick: quick(limitMs), rows } }, at(100), null, {
			corners,
			beyond,
			starved: null,
		}).checks;
	t.match(told(120), [{ outcome: "held" }, { outcome: "held" }], "at every corner");
	t.match(told(80), [{ outcome: "failed" }, { outcome: "held" }], "at none");
	t.match(told(95), [
		{
			outcome: "cannot_tell",
			ok: null,
			openBy: "lateness",
			actual: 100,
			message: "p99 was 100; with a generator in time perhaps: p99 was 90",
		},
		{ outcome: "held", openBy: null },
	]);
	t.match(told(105), [{ message: /perhaps: p99 was 110$/ }, {}]);
	t.match(
		told(120, "too late for its clients", []),
		[
			{ outcome: "cannot_tell", openBy: "lateness", message: /; too late for/ },
			{ outcome: "held" },
		],
		"beyond what its clients wait nothing timed is told; what was counted is",
	);
	const threw = judge({ checks: checksOf({ rows: () => undefined }) }, { ...facts }, null, {
		corners: [facts],
		beyond: "too late",
		starved: null,
	});
	t.match(threw.checks, [{ outcome: "threw" }]);
	t.end();
});

t.test("what is open by itself, or threw, is not said to be so for the generator", (t) => {
	const answers: [ok: unknown, outcome: string, openBy: string | null][] = [
		["cannot_tell", "cannot_tell", "data"],
		["cannot_tell_here", "cannot_tell", "others"],
		["perhaps", "threw", null],
	];
	for (const [ok, outcome, openBy] of answers) {
		const check = { kind: "performance", judge: () => ({ ...good, ok }) };
		const { checks } = judge({ checks: { quick: check as never } }, facts, null, {
			corners: [facts],
			beyond: "too late",
			starved: "others took it",
		});
		t.match(checks, [{ outcome, openBy }], `${ok}`);
		t.notMatch(checks[0]?.message, /too late|others took it|perhaps: /);
	}
	t.end();
});

t.test(
	"what fails by time where others had the processor is left open; what holds is told",
	(t) => {
		const check = (ok: boolean, kind: "performance" | "correctness") => ({
			kind,
			judge: (): Judged & { over: number } => ({ ...good, ok, over: 1 }),
		});
		const checks = {
			quick: check(true, "performance"),
			slow: check(false, "performance"),
			wrong: check(false, "correctness"),
		};
		const starved = "others took 90 % of the machine";
		t.match(judge<Facts>({ checks }, facts, null, { corners: [], beyond: null, starved }).checks, [
			{ id: "quick", outcome: "held" },
			{ id: "slow", outcome: "cannot_tell", openBy: "others", message: `one; ${starved}` },
			{ id: "wrong", outcome: "failed" },
		]);
		t.end();
	},
);

t.test("a check is of what it is about; where that is no case at all, it can't tell", (t) => {
	const ofKey: Checks = {
		order: {
			kind: "correctness",
			about: (facts) => facts.case === "key-1k",
			judge: () => ({ ...good, over: 1 }),
		},
	};
	const other = { ...facts, case: "sticky-1k" };
	t.match(judge({ checks: ofKey }, facts, facts.case).checks, [{ id: "order", outcome: "held" }]);
	t.same(judge({ checks: ofKey }, other, other.case).checks, []);
	t.same(aboutNone({ checks: ofKey }, [facts, other]), []);
	t.match(aboutNone({ checks: ofKey }, [other]), [
		{ id: "order", case: null, outcome: "cannot_tell", message: "it is about no case of this run" },
	]);
	t.same(aboutNone({ checks: ofKey }, []), [], "nothing was looked at");
	t.end();
});

t.test("a check that can't say what it is about is not left out", (t) => {
	const checks: Checks = {
		order: {
			kind: "correctness",
			about: () => {
				throw new TypeError("params is undefined");
			},
			judge: () => ({ ...good, over: 1 }),
		},
	};
	t.match(judge({ checks }, facts, facts.case).checks, [
		{ id: "order", outcome: "threw", message: "the check threw: params is undefined" },
	]);
	t.same(aboutNone({ checks }, [facts]), []);
	t.end();
});
