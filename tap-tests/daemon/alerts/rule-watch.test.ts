import fc from "fast-check";
import t from "tap";
import { RuleWatch } from "../../../daemon/alerts/rule-watch.ts";
import type { View } from "../../../daemon/alerts/rules.ts";
import { type AlertRule, dayWindows } from "../../../scenarios/contract/alert-rule.ts";
import { view } from "../record/interval.ts";

const times = { intervalMs: 1_000, plannedMs: 24_000 };

const rule = (forIntervals: number): AlertRule => ({
	id: "few",
	when: { load: "orders", signal: "ok_per_sec", is: "below", value: 10 },
	forIntervals,
});
const few = (index: number) => view(index, { okCount: 5 });
const many = (index: number) => view(index, { okCount: 20 });

t.test("a rule is pending, fires once it matched for its intervals, and resolves", (t) => {
	const watch = new RuleWatch(rule(3), times);
	const told = [many(0), few(1), few(2), few(3), few(4), many(5), few(6), many(7)].map((one) => [
		watch.see(one),
		watch.state,
	]);
	t.same(told, [
		[null, "quiet"],
		[null, "pending"],
		[null, "pending"],
		["fired", "firing"],
		[null, "firing"],
		["resolved", "quiet"],
		[null, "pending"],
		[null, "quiet"],
	]);
	t.same(watch.firedMs, [4_000], "at the end of the interval that made it fire");
	t.same(watch.resolvedMs, [6_000]);
	t.end();
});

t.test("a rule does not listen to other loads", (t) => {
	const watch = new RuleWatch(rule(2), times);
	watch.see(few(0));
	t.equal(watch.see(view(0, { load: "reads", okCount: 99 })), null);
	t.equal(watch.see(few(1)), "fired", "the other load's good interval broke nothing off");
	t.equal(watch.see(view(1, { load: "reads", okCount: 99 })), null);
	t.equal(watch.state, "firing");
	t.end();
});

t.test("a rule agrees with counting matches in a row by hand", (t) => {
	fc.assert(
		fc.property(fc.array(fc.boolean()), fc.integer({ min: 1, max: 4 }), (matches, forIntervals) => {
			const watch = new RuleWatch(rule(forIntervals), times);
			const fired: number[] = [];
			const resolved: number[] = [];
			let run = 0;
			let firing = false;
			for (const [i, match] of matches.entries()) {
				watch.see(match ? few(i) : many(i));
				run = match ? run + 1 : 0;
				if (!firing && run >= forIntervals) {
					fired.push((i + 1) * 1_000);
					firing = true;
				} else if (firing && !match) {
					resolved.push((i + 1) * 1_000);
					firing = false;
				}
				if ((watch.state === "firing") !== firing) return false;
			}
			return watch.firedMs.join() === fired.join() && watch.resolvedMs.join() === resolved.join();
		}),
		{ numRuns: 300 },
	);
	t.end();
});

/** A letter per view: what the rule did with it. `F` fired, `R` resolved, `p` pending, `f` firing, `.` quiet. */
function toldOf(rule: AlertRule, views: readonly View[]): string {
	const watch = new RuleWatch(rule, times);
	const letters = { fired: "F", resolved: "R", pending: "p", firing: "f", quiet: "." };
	return views.map((one) => letters[watch.see(one) ?? watch.state]).join("");
}

const gauge = (index: number, value: number | null): View => ({
	gauge: "lag",
	case: null,
	value,
	fromMs: index * 1_000,
	toMs: (index + 1) * 1_000,
});

t.test("a rule on change matches while the value moves faster than its limit", (t) => {
	const grows: AlertRule = {
		id: "grows",
		kind: "change",
		of: { gauge: "lag" },
		is: "above",
		perSec: 10,
		forIntervals: 1,
	};
	const rows: [values: (number | null)[], over: number, want: string, why: string][] = [
		[[0, 5, 20, 20], 1, "..FR", "5 a second is slow, 15 is not, and a high level does not move"],
		[[100], 1, ".", "one value moves nowhere, however high"],
		[[0, 30, 15, 33], 2, "....", "over two intervals it is 7.5 and 1.5 a second"],
		[[0, 9, 30, 60], 2, "..Ff", "15 and 25.5 a second over two"],
		[[0, null, 90, 180], 1, "...F", "nothing moves from or to what does not exist"],
	];
	for (const [values, overIntervals, want, why] of rows) {
		const views = values.map((value, i) => gauge(i, value));
		t.equal(toldOf({ ...grows, overIntervals }, views), want, why);
	}
	const falls = { ...grows, is: "below", perSec: -10 } as const;
	t.equal(toldOf(falls, [gauge(0, 50), gauge(1, 10), gauge(2, 50)]), ".FR", "falling is below 0");
	t.end();
});

t.test(
	"a rule on absence matches what has no value, and what sends nothing while others do",
	(t) => {
		const absent: AlertRule = {
			id: "gone",
			kind: "absence",
			of: { gauge: "lag" },
			forIntervals: 2,
		};
		t.equal(
			toldOf(
				absent,
				[0, null, null, 0].map((value, i) => gauge(i, value)),
			),
			".pFR",
		);
		const silent = [gauge(0, 1), ...[1, 2, 3, 4].map((i) => view(i)), gauge(5, 1)];
		t.equal(toldOf(absent, silent), "..pFfR", "missed once another is two intervals further");
		const beside = [0, 1, 2, 3].flatMap((i) => [view(i), gauge(i, 1)]);
		t.match(toldOf(absent, beside), /^\.+$/, "who reports in time is there");
		const never = [0, 1, 2, 3].map((i) => view(i));
		t.equal(toldOf(absent, never), ".pFf", "nothing at all from the beginning");
		const of = { load: "orders", signal: "response_p99_ms" } as const;
		const load: AlertRule = { id: "none", kind: "absence", of, forIntervals: 2 };
		t.equal(toldOf(load, [view(0), view(1)]), "pF", "the latency of nothing");
		t.end();
	},
);

t.test("a rule on burn rate wants the budget used up too fast over both windows", (t) => {
	const burn = (objectivePct: number): AlertRule => ({
		id: "burn",
		kind: "burn-rate",
		load: "orders",
		forIntervals: 1,
		objectivePct,
		windows: [{ longMs: 4_000, shortMs: 1_000, factor: 5 }],
	});
	// Ten operations an interval; the digit is how many failed.
	const errors = (digits: string) =>
		[...digits].map((digit, i) =>
			view(i, { okCount: 10 - Number(digit), failCount: Number(digit) }),
		);
	const rows: [objectivePct: number, digits: string, want: string, why: string][] = [
		[95, "0000000", ".......", "no errors"],
		[95, "0000555550000", "......FffR...", "25 % over 4 s is passed with the third of 50 %"],
		[95, "000090000", ".........", "90 % for a second is 22.5 % over the long window"],
		[95, "0000990000", ".....FR...", "over at once where the short window is clean"],
		[99, "00001000", "........", "2.5 % is under 5 times 1 %"],
		[99, "00003000", "....FR..", "7.5 % is over it"],
	];
	for (const [objectivePct, digits, want, why] of rows)
		t.equal(toldOf(burn(objectivePct), errors(digits)), want, `${digits}: ${why}`);
	t.end();
});

t.test("the customary windows shrink with the run, the day that it stands for", (t) => {
	t.same(dayWindows(24_000, 50), [
		{ longMs: 1_000, shortMs: 24_000 / 288, factor: 14.4 },
		{ longMs: 6_000, shortMs: 500, factor: 6 },
	]);
	t.match(
		dayWindows(24_000, 1_000),
		[{ shortMs: 1_000 }, { shortMs: 1_000 }],
		"an interval at least",
	);
	t.end();
});

t.test("each kind of rule says the shortest fault that it could see", (t) => {
	const base = { id: "r", forIntervals: 3 };
	const rows: [rule: AlertRule, wantMs: number, why: string][] = [
		[{ ...base, when: { gauge: "lag", is: "above", value: 1 } }, 3_000, "its three intervals"],
		[{ ...base, kind: "absence", of: { gauge: "lag" } }, 3_000, "the same"],
		[{ ...base, kind: "change", of: { gauge: "lag" }, is: "above", perSec: 1 }, 3_000, "the same"],
		[
			{
				...base,
				kind: "burn-rate",
				load: "orders",
				objectivePct: 95,
				windows: [{ longMs: 40_000, shortMs: 1_000, factor: 5 }],
			},
			12_000,
			"a quarter of the long window, in which everything fails, and two intervals more",
		],
	];
	for (const [rule, wantMs, why] of rows)
		t.equal(new RuleWatch(rule, times).shortestFaultMs, wantMs, why);
	t.end();
});
