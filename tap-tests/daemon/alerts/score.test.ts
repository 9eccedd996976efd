import fc from "fast-check";
import t from "tap";
import type { FaultRecord } from "../../../chaos/injection.ts";
import { type RuleHistory, scoreRule } from "../../../daemon/alerts/score.ts";
import type { AlertScore } from "../../../scenarios/contract/facts.ts";

type Span = [fromMs: number, toMs: number | null];

const fault = (id: string, [injectedMs, healedMs]: Span, given: Partial<FaultRecord> = {}) =>
	({
		id,
		kind: "timeout",
		on: "db",
		case: null,
		params: {},
		seen: [],
		state: "healed",
		plannedFromMs: 0,
		plannedToMs: 0,
		cleanMs: null,
		injectedMs,
		provedMs: injectedMs + 20,
		healedMs,
		...given,
	}) as FaultRecord;

/** Evaluated each second, `for` two: it sees faults of 2 s, and they explain firings for 4 s after their end. */
const rule = (firings: Span[], given: Partial<RuleHistory> = {}): RuleHistory => ({
	firedMs: firings.map(([fromMs]) => fromMs),
	resolvedMs: firings.flatMap(([, toMs]) => toMs ?? []),
	evaluationMs: 1_000,
	forMs: 2_000,
	shortestFaultMs: 2_000,
	...given,
});

/** Warm-up until 2 s, faults from 10 s, the end at 60 s. */
const time = { fromMs: 2_000, endMs: 60_000 };
const one = [fault("a", [10_000, 15_000])];
const two = [...one, fault("b", [30_000, 35_000])];

t.test("a rule is held against the faults", (t) => {
	const rows: [why: string, firings: Span[], faults: FaultRecord[], want: Partial<AlertScore>][] = [
		[
			"a good one: each fault told, nothing else",
			[
				[12_000, 17_000],
				[33_000, 38_000],
			],
			two,
			{ precision: 1, recall: 1, timeToDetectMs: 2_500, timeToResolveMs: 2_500, trueCount: 2 },
		],
		[
			"a deaf one: never a word",
			[],
			two,
			{
				precision: null,
				recall: 0,
				timeToDetectMs: null,
				timeToResolveMs: null,
				missedCount: 2,
				resolveCensored: false,
			},
		],
		[
			"one that slept through the first: what it tells of the second does not cover it",
			[[32_000, 37_000]],
			two,
			{ precision: 1, recall: 0.5, trueCount: 1, missedCount: 1, timeToDetectMs: 2_000 },
		],
		[
			"one that takes its time, and now longer, now less: the one in the middle counts",
			[
				[13_000, 16_000],
				[31_000, 38_000],
				[52_000, 57_000],
			],
			[...two, fault("c", [50_000, 55_000])],
			{ recall: 1, timeToDetectMs: 2_000, timeToResolveMs: 2_000 },
		],
		[
			"a nervous one: it tells the fault, and three more that are none",
			[
				[4_000, 5_000],
				[12_000, 16_000],
				[25_000, 26_000],
				[45_000, 46_000],
			],
			one,
			{ precision: 0.25, recall: 1, trueCount: 1, falseCount: 3 },
		],
		[
			"a late one, in the grace after the fault's end",
			[[18_900, 21_000]],
			one,
			{ precision: 1, recall: 1, timeToDetectMs: 8_900, timeToResolveMs: 6_000 },
		],
		[
			"one that is too late: past the grace it told something else, and missed the fault",
			[[19_100, 21_000]],
			one,
			{ precision: 0, recall: 0, falseCount: 1, missedCount: 1 },
		],
		[
			"one that never resolves: what comes later is missed, and its end is a lower bound",
			[[12_000, null]],
			two,
			{
				precision: 1,
				recall: 0.5,
				timeToDetectMs: 2_000,
				timeToResolveMs: 45_000,
				resolveCensored: true,
			},
		],
		[
			"one that always fires has told nothing of any fault",
			[[3_000, null]],
			two,
			{ precision: 0, recall: 0, falseCount: 1, missedCount: 2 },
		],
		[
			"one that flaps: for one fault it fired once, and repeated itself",
			[
				[11_000, 12_000],
				[13_000, 14_000],
				[15_000, 16_500],
			],
			one,
			{
				precision: 1,
				recall: 1,
				trueCount: 1,
				repeatCount: 2,
				timeToDetectMs: 1_000,
				timeToResolveMs: 1_500,
			},
		],
		[
			"one that gave up while the fault was in force resolved before its end",
			[[11_000, 13_000]],
			one,
			{ recall: 1, timeToResolveMs: -2_000 },
		],
		[
			"what fires in warm-up is not judged",
			[[1_000, 1_500]],
			one,
			{ precision: null, recall: 0, ignoredCount: 1, falseCount: 0 },
		],
		["no fault, no firing: there is nothing to say", [], [], { precision: null, recall: null }],
		[
			"no fault, and it fired",
			[[12_000, 13_000]],
			[],
			{ precision: 0, recall: null, faultCount: 0 },
		],
	];
	for (const [why, firings, faults, want] of rows) {
		const got = scoreRule(rule(firings), faults, time);
		t.match(got, want, why);
	}
	t.end();
});

t.test("an instant belongs to what begins or ends in it", (t) => {
	const rows: [why: string, firings: Span[], faults: FaultRecord[], want: object][] = [
		[
			"fired as the fault was injected",
			[[10_000, 16_000]],
			one,
			{ trueCount: 1, timeToDetectMs: 0 },
		],
		["fired as the grace ended", [[19_000, 21_000]], one, { trueCount: 1, timeToDetectMs: 9_000 }],
		["fired as warm-up ended", [[2_000, 3_000]], [], { falseCount: 1, ignoredCount: 0 }],
		[
			"healed as the record ended",
			[[52_000, 60_000]],
			[fault("a", [50_000, 60_000])],
			{ timeToResolveMs: 0, resolveCensored: false },
		],
		[
			"injected as the firing before it resolved",
			[[12_000, 14_000]],
			[fault("a", [10_000, 20_000]), fault("b", [14_000, 30_000])],
			{ faults: [{ outcome: "detected" }, { outcome: "covered" }] },
		],
		[
			"injected as the credit of the one before it ended",
			[[12_000, 40_000]],
			[...one, fault("b", [19_000, 30_000])],
			{ faults: [{ outcome: "detected" }, { outcome: "covered" }] },
		],
		[
			"injected just so long before the end that it could be seen",
			[],
			[fault("a", [56_000, null])],
			{ faults: [{ outcome: "missed" }] },
		],
	];
	for (const [why, firings, faults, want] of rows)
		t.match(scoreRule(rule(firings), faults, time), want, why);
	t.end();
});

t.test("a score has the parts that are documented", (t) => {
	t.same(scoreRule(rule([[12_000, 17_000.0004]]), one, time), {
		precision: 1,
		recall: 1,
		timeToDetectMs: 2_000,
		timeToResolveMs: 2_000,
		resolveCensored: false,
		trueCount: 1,
		falseCount: 0,
		repeatCount: 0,
		ignoredCount: 0,
		faultCount: 1,
		detectedCount: 1,
		missedCount: 0,
		tooShortCount: 0,
		shortestFaultMs: 2_000,
		graceMs: 4_000,
		faults: [
			{
				fault: "a",
				outcome: "detected",
				detectMs: 2_000,
				resolveMs: 2_000,
				resolveCensored: false,
			},
		],
	});
	t.end();
});

t.test("a fault that the rule could not have seen is left out, with what it explains", (t) => {
	const short = fault("short", [10_000, 11_999]);
	const got = scoreRule(rule([[11_000, 12_000]]), [short], time);
	t.match(got, { precision: null, recall: null, tooShortCount: 1, ignoredCount: 1, faultCount: 0 });
	t.equal(got.faults[0]?.outcome, "too_short");
	t.match(scoreRule(rule([]), [fault("a", [10_000, 12_000])], time), {
		recall: 0,
		tooShortCount: 0,
	});
	const unproved = fault("a", [10_000, 15_000], { provedMs: null });
	t.match(scoreRule(rule([[12_000, 13_000]]), [unproved], time), {
		precision: null,
		recall: null,
		ignoredCount: 1,
		faults: [{ outcome: "unproved" }],
	});
	const never = fault("a", [10_000, null], { injectedMs: null, provedMs: null });
	t.same(scoreRule(rule([]), [never], time).faults, [], "one that never was");
	t.end();
});

t.test("one firing tells all the faults that are in force then", (t) => {
	const overlapping = [fault("a", [10_000, 20_000]), fault("b", [11_000, 16_000])];
	t.match(scoreRule(rule([[12_000, 22_000]]), overlapping, time), {
		precision: 1,
		recall: 1,
		trueCount: 1,
		repeatCount: 0,
		faults: [
			{ fault: "a", detectMs: 2_000, resolveMs: 2_000 },
			{ fault: "b", detectMs: 1_000, resolveMs: 6_000 },
		],
	});
	const later = [fault("a", [10_000, 20_000]), fault("b", [14_000, 30_000])];
	t.match(scoreRule(rule([[12_000, 32_000]]), later, time), {
		recall: 1,
		trueCount: 1,
		timeToDetectMs: 2_000,
		faults: [{ outcome: "detected" }, { outcome: "covered", detectMs: null }],
	});
	const chain = [...later, fault("c", [29_000, 40_000])];
	t.match(
		scoreRule(rule([[12_000, 42_000]]), chain, time).faults.at(-1),
		{ outcome: "covered" },
		"covered through the one between",
	);
	t.match(
		scoreRule(rule([[12_000, 42_000]]), chain.toReversed(), time).faults,
		[
			{ fault: "a", outcome: "detected" },
			{ fault: "b", outcome: "covered" },
			{ fault: "c", outcome: "covered" },
		],
		"in whatever order they are recorded",
	);
	const again: Span[] = [
		[12_000, 13_000],
		[15_000, 16_000],
	];
	t.match(
		scoreRule(rule(again), later, time),
		{ trueCount: 2, repeatCount: 0 },
		"the second tells of b what it repeats of a",
	);
	t.match(
		scoreRule(rule([[12_000, 13_000]]), later, time).faults,
		[{ outcome: "detected" }, { outcome: "missed" }],
		"a rule that had resolved could have fired again",
	);
	t.end();
});

t.test("what the end of the record hides is censored", (t) => {
	const inForce = [fault("a", [50_000, null])];
	t.match(scoreRule(rule([[52_000, null]]), inForce, time), {
		recall: 1,
		timeToDetectMs: 2_000,
		timeToResolveMs: null,
		resolveCensored: true,
	});
	t.match(
		scoreRule(rule([[52_000, 55_000]]), inForce, time),
		{ timeToResolveMs: null, resolveCensored: true },
		"the rule gave up, the fault went on",
	);
	t.match(scoreRule(rule([]), inForce, time), { recall: 0 }, "10 s were enough to see it");
	t.match(scoreRule(rule([]), [fault("a", [57_000, null])], time), {
		recall: null,
		faults: [{ outcome: "censored" }],
	});
	t.match(
		scoreRule(rule([[52_000, null]]), [fault("a", [50_000, 61_000])], time),
		{ timeToResolveMs: null, resolveCensored: true },
		"healed after the record's end",
	);
	t.end();
});

t.test(
	"a rule that says what it is about is asked for nothing else, and excused by nothing else",
	(t) => {
		const faults = [
			fault("a", [10_000, 15_000]),
			fault("b", [30_000, 35_000], { kind: "kill", on: "orders" }),
		];
		const firings: Span[] = [
			[12_000, 17_000],
			[32_000, 37_000],
		];
		const rows: [about: RuleHistory["about"], want: Partial<AlertScore>][] = [
			[undefined, { precision: 1, recall: 1, faultCount: 2 }],
			[{ kind: "kill" }, { precision: 0.5, recall: 1, faultCount: 1 }],
			[{ on: "db" }, { precision: 0.5, recall: 1, faultCount: 1 }],
			[
				{ kind: "kill", on: "db" },
				{ precision: 0, recall: null, faultCount: 0 },
			],
		];
		for (const [about, want] of rows)
			t.match(
				scoreRule(rule(firings, { about }), faults, time),
				want,
				JSON.stringify(about ?? "all"),
			);
		t.end();
	},
);

t.test("whatever happens, every firing and every fault is counted once", (t) => {
	const spans = fc
		.uniqueArray(fc.nat(59), { maxLength: 12 })
		.map((ends) => ends.sort((a, b) => a - b).map((s) => s * 1_000))
		.map((ends) => ends.flatMap((from, i): Span[] => (i % 2 ? [] : [[from, ends[i + 1] ?? null]])));
	const faults = fc.array(fc.tuple(fc.nat(59), fc.nat(20)), { maxLength: 5 });
	fc.assert(
		fc.property(spans, faults, (firings, lengths) => {
			const injected = lengths.map(([from, s], i) =>
				fault(`${i}`, [from * 1_000, (from + s) * 1_000]),
			);
			const got = scoreRule(rule(firings), injected, time);
			const firingsCounted = got.trueCount + got.falseCount + got.repeatCount + got.ignoredCount;
			const left = got.faults.filter(
				({ outcome }) => outcome === "censored" || outcome === "too_short",
			);
			const shares = [got.precision, got.recall].filter((share) => share !== null);
			return (
				firingsCounted === firings.length &&
				got.faultCount + left.length === injected.length &&
				got.detectedCount + got.missedCount === got.faultCount &&
				got.trueCount <= got.detectedCount &&
				shares.every((share) => share >= 0 && share <= 1)
			);
		}),
		{ numRuns: 500 },
	);
	t.end();
});
