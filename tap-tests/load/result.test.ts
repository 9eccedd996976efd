import t from "tap";
import type { FoundMax } from "../../load/find-max.ts";
import type { Reason } from "../../load/measure.ts";
import type { LoadInterval } from "../../load/report.ts";
import { resultOf, resultText } from "../../load/result.ts";
import { type LoadSummary, summarize } from "../../load/summary.ts";

t.test("people read each error with what one of them said, the commonest first", async (t) => {
	const summary = {
		...summarize([], { fromMs: 0, toMs: 1000 }),
		due_count: 9,
		started_count: 9,
		fail_count: 9,
		errors: { ERR: 2, http_401: 6, "\x1b[2Jx": 1 },
		error_samples: { http_401: "401 Unauthorized", ERR: "ERR no such thing" },
	};
	const result = resultOf({
		target: "http://h/",
		driver: "http",
		objective: null,
		max: null,
		notes: [],
		cpuS: 1,
		measured: { summary, reasons: [], late: [], intervals: [], startedAt: new Date(0) },
	});
	t.match(result.error_samples, { http_401: "401 Unauthorized" });
	const text = resultText(result);
	t.match(text, /\n +6 http_401 {2}401 Unauthorized\n +2 ERR {2}ERR no such thing\n +1 \[2Jx\n/);
});

/** An interval in which a driver has counted this. */
const counted = (counters: Record<string, number>): LoadInterval => ({
	load: "target",
	worker: 0,
	index: 0,
	slices: [],
	clamped: 0,
	counters,
	inFlight: 0,
	waiting: 0,
	idleWaitMs: 0,
	loopDelayMaxMs: 0,
	cpuMs: 0,
});

function afterIntervals(...intervals: LoadInterval[]) {
	const summary = summarize([], { fromMs: 0, toMs: 1000 });
	return resultOf({
		target: "kafka://h/t",
		driver: "kafka-wire",
		objective: null,
		max: null,
		notes: [],
		cpuS: 1,
		measured: { summary, reasons: [], late: [], startedAt: new Date(0), intervals },
	});
}

t.test("that reading began anew at a log's start is noted, with how often", async (t) => {
	const after = (...restarts: number[]) =>
		afterIntervals(...restarts.map((count) => counted({ "target.read_restarts": count })));
	t.same(after(0, 0).notes, []);
	t.match(after(1, 2).notes, [/^reading began anew at the log's start 3 times/]);
	t.match(resultText(after(0, 1)), /\nnote +reading began anew at the log's start once/);
});

t.test("that answers were redirects is said in a line, with where they lead", async (t) => {
	const redirected = counted({ "target.redirect 301 to https://h/": 5 });
	const result = afterIntervals(redirected, redirected);
	t.same(result.redirects, { count: 10, to: { "301 to https://h/": 10 } });
	t.match(
		resultText(result),
		/\nredirects +10 answers.*none was followed.*: 10 301 to https:\/\/h\/\n/,
	);
	const none = afterIntervals(counted({ "target.attempts": 5 }));
	t.equal(none.redirects, null);
	t.notMatch(resultText(none), /redirect/);
});

type Given = Partial<Parameters<typeof resultOf>[0]> & {
	summary?: Partial<LoadSummary>;
	reasons?: Reason[];
	late?: string[];
};

function result({ summary, reasons = [], late = [], ...given }: Given = {}) {
	const ok = { due_count: 9, started_count: 9, ok_count: 9 };
	const whole = { ...summarize([], { fromMs: 0, toMs: 1000 }), ...ok, ...summary };
	return resultOf({
		target: "http://h/",
		driver: "http",
		objective: null,
		max: null,
		notes: [],
		cpuS: 1,
		...given,
		measured: { summary: whole, reasons, late, intervals: [], startedAt: new Date(0) },
	});
}

const refused = { ok_count: 0, fail_count: 9, errors: { http_401: 9 } };
const late = ["schedule lag p99 was 30 ms"];
const found = (ratePerSec: number | null, confirmed: boolean): FoundMax => ({
	ratePerSec,
	confirmed,
	limitedBy: "target",
	trials: [
		{ ratePerSec: 100, outcome: "missed" },
		{ ratePerSec: 0.6, outcome: "missed" },
	],
});
const missed = { met: false, timed: true, message: "p99<5ms: p99 was 9 ms" };
const open = { met: null, timed: true, message: "p99<5ms: p99 was 9 ms, perhaps 4 ms" };
const tooLate: FoundMax = {
	ratePerSec: null,
	confirmed: false,
	limitedBy: "generator",
	trials: [
		{ ratePerSec: 100, outcome: "missed" },
		{ ratePerSec: 0.6, outcome: "invalid" },
	],
};
const refusedSome = { met: false, timed: false, message: "errors<1%: 5 % were not ok" };
const stopped: Reason = { code: "stopped", message: "stopped" };

t.test("a statement that is wrong fails the load, though others were well", async (t) => {
	const summary = {
		ok_count: 5,
		fail_count: 4,
		errors: { "42P01": 3, "40001": 1 },
		error_samples: { "42P01": 'relation "nope" does not exist', "40001": "could not serialize" },
	};
	t.match(result({ driver: "postgres-wire", summary }), {
		verdict: "failed",
		reasons: [{ code: "statement_wrong", message: /42P01 3; 42P01 said: relation "nope"/ }],
	});
	const serializing = { ...summary, errors: { "40001": 4 } };
	t.match(result({ driver: "postgres-wire", summary: serializing }), { verdict: "passed" });
	t.match(result({ driver: "http", summary }), { verdict: "passed" });
});

const noFiles: Reason = { code: "generator_limit", message: "this process may open no more files" };
const noneOpened = { ok_count: 0, fail_count: 9, errors: { EMFILE: 9 } };
const fewOpened = { ok_count: 5, fail_count: 4, errors: { EMFILE: 4 } };

const rows: [given: Given, verdict: string, codes: string[], why: string][] = [
	[
		{ summary: noneOpened, reasons: [noFiles] },
		"invalid",
		["generator_limit"],
		"what the generator can't open is no failure of the target",
	],
	[
		{ summary: fewOpened, reasons: [noFiles], objective: refusedSome },
		"invalid",
		["generator_limit", "objective_missed"],
		"nor does it make the target miss an objective",
	],
	[
		{ summary: { ...noneOpened, errors: { EMFILE: 8, http_500: 1 } }, reasons: [noFiles] },
		"failed",
		["nothing_ok", "generator_limit"],
		"where the target refused all it saw it failed",
	],
	[{}, "passed", [], "all is well"],
	[{ summary: refused }, "failed", ["nothing_ok"], "nothing succeeded"],
	[{ summary: refused, late }, "failed", ["nothing_ok"], "nor was it on time"],
	[{ summary: { ...refused, ok_count: 1 } }, "passed", [], "what did not is counted, and told"],
	[{ late }, "passed", [], "late, and nothing depends on it"],
	[{ objective: missed }, "failed", ["objective_missed"], "the objective was missed"],
	[{ objective: missed, late }, "failed", ["objective_missed"], "by more than it was late"],
	[{ objective: open, late }, "invalid", ["generator_late"], "by whom?"],
	[{ objective: refusedSome, late }, "failed", ["objective_missed"], "no matter of time"],
	[{ max: tooLate, objective: open }, "invalid", ["generator_late"], "no rate that can be told"],
	[
		{ max: found(null, false), objective: { ...missed, met: true } },
		"failed",
		["objective_missed"],
		"a rate that was not reached",
	],
	[
		{ objective: refusedSome, reasons: [stopped] },
		...(["invalid", ["stopped", "objective_missed"], "the rest might have been better"] as const),
	] as never,
	[
		{ summary: { due_count: 0, ok_count: 0 }, reasons: [{ code: "nothing_due", message: "-" }] },
		...(["invalid", ["nothing_due"], "nothing was measured"] as const),
	] as never,
	[{ max: found(null, false), objective: missed }, "failed", ["objective_missed"], "no rate"],
	[
		{ max: found(50, false), objective: missed },
		"invalid",
		["max_unconfirmed"],
		"a maximum that nobody is sure of",
	],
	[{ max: found(50, true), objective: missed }, "passed", [], "one that is"],
];
for (const [given, verdict, codes, why] of rows)
	t.test(`${verdict}: ${why}`, async (t) => {
		const { verdict: is, reasons } = result(given);
		t.equal(is, verdict);
		t.same(
			reasons.map(({ code }) => code),
			codes,
		);
	});

t.test("a search that found nothing says what it tried last, and why that missed", async (t) => {
	const { reasons } = result({ max: found(null, false), objective: missed });
	t.match(reasons[0]?.message, /at 0\.6\/s, the lowest that was tried, p99<5ms: p99 was 9 ms/);
	const generator: FoundMax = { ...found(50, true), limitedBy: "generator" };
	t.match(resultText(result({ max: generator })), /50\/s, confirmed.*this generator was late/);
});

t.test("timings that are not to be compared say so, with what was late", async (t) => {
	t.match(result().timings, { state: "clean", lateness_ms: 0, why: [] });
	const lateness = {
		added_us: 27_400,
		hidden_us: 9_000,
		late_count: 3,
		at_most: summarize([], { fromMs: 0, toMs: 0 }).lateness!.at_most,
	};
	const told = result({ late, summary: { lateness } });
	t.same(told.timings, { state: "late", lateness_ms: 27.4, why: late });
	t.match(resultText(told), /\nlate +up to 27.4 ms; compare .*\n +schedule lag p99 was 30 ms\n/);
	t.notMatch(resultText(result()), /\nlate/);
});
