import fc from "fast-check";
import t from "tap";
import { holds, SteadyWatch, seenText, signalOf } from "../../../daemon/alerts/rules.ts";
import type { Signal, Threshold } from "../../../scenarios/contract/threshold.ts";
import { view } from "../record/interval.ts";

t.test("each signal is its quantity of the interval; what does not exist is null, never 0", (t) => {
	const busy = view(0, {
		responseP50Ms: 3,
		responseP99Ms: 9,
		okCount: 30,
		failCount: 6,
		unknownCount: 4,
		waiting: 7,
		fromMs: 500,
		toMs: 1_000,
	});
	const rows: [signal: Signal, ofBusy: number, ofEmpty: number | null, why: string][] = [
		["response_p50_ms", 3, null, "a percentile of nothing"],
		["response_p99_ms", 9, null, "a percentile of nothing"],
		["error_pct", 25, null, "of those that ended, fails and unknowns alike"],
		["ok_per_sec", 60, 0, "30 in half a second; none at all is a rate"],
		["waiting_count", 7, 0, "at the interval's end"],
	];
	for (const [signal, ofBusy, ofEmpty, why] of rows) {
		t.equal(signalOf(busy, signal), ofBusy, `${signal}: ${why}`);
		t.equal(signalOf(view(0), signal), ofEmpty, `${signal} of nothing`);
	}
	t.end();
});

t.test("a threshold holds strictly below or above; silence holds nothing", (t) => {
	const at = (value: number | null) => view(0, { responseP99Ms: value });
	const threshold = (is: Threshold["is"]): Threshold => ({
		load: "orders",
		signal: "response_p99_ms",
		is,
		value: 100,
	});
	const rows: [is: Threshold["is"], value: number | null, want: boolean][] = [
		["below", 99.9, true],
		["below", 100, false],
		["above", 100, false],
		["above", 100.1, true],
		["below", null, false],
		["above", null, false],
	];
	for (const [is, value, want] of rows)
		t.equal(holds(threshold(is), at(value)), want, `${value} ${is} 100`);
	for (const outlook of ["best", "worst"] as const)
		for (const is of ["below", "above"] as const)
			t.equal(holds(threshold(is), at(null), outlook), false, `silence ${is} 100, at ${outlook}`);
	const late = view(0, { responseP99Ms: 95, lateMs: 5 });
	t.equal(holds(threshold("below"), late), true, "as it was told, however late that was");
	const lag = { gauge: "lag", case: null, fromMs: 0, toMs: 1_000, value: 5 };
	t.equal(holds(threshold("below"), lag), false, "a gauge is no load");
	t.equal(holds(threshold("below"), { ...at(5), load: "reads" }), false, "nor is another load");
	t.end();
});

t.test(
	"a late generator leaves open what it may have moved, a rate by what moved its edges",
	(t) => {
		const late = view(0, {
			responseP50Ms: 90,
			responseP99Ms: 95,
			lateMs: 5,
			dueCount: 100,
			okCount: 50,
			failCount: 50,
			waiting: 10,
		});
		// All that may be off is three times 5 ms; of 100/s one and a half were due in that time.
		const rows: [
			signal: Signal,
			is: Threshold["is"],
			value: number,
			best: boolean,
			worst: boolean,
		][] = [
			["response_p99_ms", "below", 96, true, false],
			["response_p99_ms", "below", 111, true, true],
			["response_p99_ms", "below", 79, false, false],
			["response_p99_ms", "below", 81, true, false],
			["response_p99_ms", "above", 79, true, true],
			["response_p99_ms", "above", 81, true, false],
			["response_p99_ms", "above", 111, false, false],
			["response_p50_ms", "below", 95, true, false],
			["ok_per_sec", "above", 48, true, true],
			["ok_per_sec", "above", 49.5, true, false],
			["ok_per_sec", "above", 50.5, true, false],
			["ok_per_sec", "above", 52, false, false],
			["waiting_count", "below", 10.5, true, false],
			["waiting_count", "below", 12, true, true],
			["error_pct", "below", 51, true, true],
			["error_pct", "below", 50, false, false],
		];
		for (const [signal, is, value, best, worst] of rows) {
			const threshold: Threshold = { load: "orders", signal, is, value };
			const words = `${signal} ${is} ${value}`;
			t.equal(holds(threshold, late, "best"), best, `${words} at best`);
			t.equal(holds(threshold, late, "worst"), worst, `${words} at worst`);
		}
		const p50 = { ...late, tail: null };
		t.equal(
			holds({ load: "orders", signal: "response_p50_ms", is: "below", value: 95 }, p50, "worst"),
			false,
			"a median needs no tail",
		);
		// In half a second each of those edges is twice as much of a rate: 6 of 100/s, and 3 of those that wait.
		const short = { ...late, fromMs: 500, toMs: 1_000 };
		const edges: [signal: Signal, is: Threshold["is"], value: number, worst: boolean][] = [
			["ok_per_sec", "above", 93.9, true],
			["ok_per_sec", "above", 94.1, false],
			["waiting_count", "below", 13.1, true],
			["waiting_count", "below", 12.9, false],
		];
		for (const [signal, is, value, worst] of edges) {
			const threshold: Threshold = { load: "orders", signal, is, value };
			t.equal(holds(threshold, short, "worst"), worst, `${signal} ${is} ${value} in half a second`);
		}
		t.equal(
			holds({ gauge: "lag", is: "below", value: 5 }, late, "best"),
			false,
			"of another thing",
		);
		t.end();
	},
);

const below100: Threshold = { load: "orders", signal: "response_p99_ms", is: "below", value: 100 };
const good = (index: number, load = "orders") => view(index, { load, responseP99Ms: 50 });
const bad = (index: number, load = "orders") => view(index, { load, responseP99Ms: 500 });

/** When steady state was first seen, and at which interval that was known. */
function firstSteady(thresholds: Threshold[], fromMs: number, views: ReturnType<typeof view>[]) {
	const watch = new SteadyWatch(thresholds, fromMs);
	for (const [i, one] of views.entries()) {
		const at = watch.see(one);
		if (at !== null) return { at, known: i };
	}
	return null;
}

t.test("steady state begins with the first of three good intervals in a row", (t) => {
	const rows: [pattern: string, want: { at: number; known: number } | null, why: string][] = [
		["ggg", { at: 0, known: 2 }, "at once"],
		["gg", null, "two are not three"],
		["bggbgggb", { at: 4_000, known: 6 }, "a bad one starts the count anew"],
		["gbgbgbgb", null, "good ones, but never three in a row"],
		["gg-g", null, "an interval that nobody reported is not good"],
	];
	for (const [pattern, want, why] of rows) {
		const views = [...pattern].flatMap((letter, i) =>
			letter === "-" ? [] : [letter === "g" ? good(i) : bad(i)],
		);
		t.same(firstSteady([below100], 0, views), want, `${pattern}: ${why}`);
	}
	const late = [0, 1, 2].map((i) => view(i, { responseP99Ms: 95, lateMs: 5 }));
	t.same(firstSteady([below100], 0, late), { at: 0, known: 2 }, "as it was told, however late");
	t.end();
});

t.test("intervals that began before the watch do not count", (t) => {
	const views = [0, 1, 2, 3, 4].map((i) => good(i));
	t.same(firstSteady([below100], 1_500, views), { at: 2_000, known: 4 });
	t.end();
});

t.test("with several loads all their thresholds must hold, in whatever order they report", (t) => {
	const both = [below100, { ...below100, load: "reads" }];
	const orders = [0, 1, 2, 3].map((i) => good(i));
	t.same(firstSteady(both, 0, orders), null, "the other load has said nothing");
	const reads = [bad(0, "reads"), ...[1, 2, 3].map((i) => good(i, "reads"))];
	t.same(firstSteady(both, 0, [...orders, ...reads]), { at: 1_000, known: 7 });
	t.same(firstSteady(both, 0, [...reads, ...orders]), { at: 1_000, known: 7 });
	t.same(
		firstSteady([below100], 0, [...reads, ...orders])?.at,
		0,
		"a load that no threshold names has no say",
	);
	t.end();
});

t.test("a steady watch agrees with looking for three good ones in a row by hand", (t) => {
	const pattern = fc.array(fc.boolean(), { maxLength: 20 });
	fc.assert(
		fc.property(pattern, fc.nat(8), (pattern, from) => {
			const views = pattern.map((ok, i) => (ok ? good(i) : bad(i)));
			const seen = firstSteady([below100], from * 1_000, views);
			let run = 0;
			for (const [i, ok] of pattern.entries()) {
				run = ok && i >= from ? run + 1 : 0;
				if (run === 3) return seen?.at === (i - 2) * 1_000 && seen.known === i;
			}
			return seen === null;
		}),
		{ numRuns: 300 },
	);
	t.end();
});

t.test("a row that ends too early does not count", (t) => {
	const watch = new SteadyWatch([below100], 0, { endsMs: 5_000 });
	const seen = [0, 1, 2, 3, 4].map((index) => watch.see(good(index)));
	t.same(seen, [null, null, null, null, 2_000], "the first that ends at 5 s began at 2 s");
	const rarely: Threshold = { load: "orders", signal: "error_pct", is: "below", value: 1 };
	const ofErrors = new SteadyWatch([rarely], 0, { endsMs: 5_000 });
	const ok = [0, 1, 2, 3, 4].map((index) => ofErrors.see(view(index, { okCount: 9 })));
	t.same(ok, [null, null, null, null, 2_000], "whatever held before that");
	t.end();
});

t.test("a p99 over several intervals holds since the first of them, and never from before", (t) => {
	const tailed = (index: number, fromMs: number) =>
		view(index, {
			okCount: 4,
			tail: index < 2 ? null : { p99Ms: 50, count: 12, fromMs, lateMs: 0 },
		});
	const since = (fromMs: number, thresholds: Threshold[], errors: number[] = []) => {
		const watch = new SteadyWatch(thresholds, fromMs);
		for (let index = 0; index < 8; index++) {
			const failCount = errors.includes(index) ? 4 : 0;
			const view = tailed(index, Math.max(0, (index - 2) * 1_000));
			const atMs = watch.see({ ...view, failCount });
			if (atMs !== null) return [atMs, index];
		}
		return null;
	};
	const rarely: Threshold = { load: "orders", signal: "error_pct", is: "below", value: 1 };
	t.same(since(1_000, [below100]), [1_000, 5], "the tails of 3, 4 and 5 lie after 1 s");
	t.same(since(1_000, [below100, rarely]), [1_000, 5], "and nothing failed since then");
	t.same(since(1_000, [below100, rarely], [1]), [2_000, 5], "but for its first second");
	t.same(since(1_000, [rarely]), [1_000, 3], "errors are of an interval alone");
	t.end();
});

t.test("what a threshold saw says when a p99 is the greatest of a few", (t) => {
	const tail = { p99Ms: 140.4, count: 24, fromMs: 0, lateMs: 0 };
	t.equal(seenText(below100, view(0, { tail })), "140, the greatest of 24");
	t.equal(seenText(below100, view(0, { tail: { ...tail, count: 100 } })), "140");
	t.equal(seenText(below100, view(0)), "there was none");
	const p50: Threshold = { ...below100, signal: "response_p50_ms" };
	t.equal(seenText(p50, view(0, { responseP50Ms: 12.34, tail })), "12.3", "a median is none of it");
	t.end();
});
