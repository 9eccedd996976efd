import fc from "fast-check";
import t from "tap";
import type { OutcomeKind } from "../../../load/outcome.ts";
import { exactlyOnce } from "../../../scenarios/kit/exactly-once.ts";

const none = { lostCount: 0, doubledCount: 0, phantomCount: 0 };

t.test("each fate of an operation allows what it allows, and nothing else", (t) => {
	const rows: [outcome: OutcomeKind | null, copies: number, want: object, why: string][] = [
		["ok", 1, none, "accepted and there"],
		["ok", 0, { ...none, lostCount: 1, lost: ["k"] }, "accepted and not there"],
		["ok", 3, { ...none, doubledCount: 2, doubled: ["k"] }, "two rows too many"],
		["unknown", 0, { ...none, unknownCount: 1, unknownFoundCount: 0 }, "it may not be there"],
		["unknown", 1, { ...none, unknownCount: 1, unknownFoundCount: 1 }, "it may be there"],
		["unknown", 2, { ...none, doubledCount: 1, unknownFoundCount: 1 }, "but not twice"],
		["fail", 0, none, "refused and not there"],
		["fail", 1, { ...none, phantomCount: 1, phantom: ["k"] }, "refused, and there all the same"],
		[null, 1, { ...none, phantomCount: 1, phantom: ["k"] }, "nobody placed it"],
		[null, 0, none, "a count of zero is nothing found"],
	];
	for (const [outcome, copies, want, why] of rows) {
		const told = outcome === null ? [] : ([["k", outcome]] as const);
		t.match(exactlyOnce(told, new Map([["k", copies]])), want, why);
	}
	t.end();
});

t.test("counts are of all, names are the first ten", (t) => {
	const keys = Array.from({ length: 25 }, (_, i) => `k${i}`);
	const told = (outcome: OutcomeKind) => keys.map((key) => [key, outcome] as const);
	const found = (copies: number) => new Map(keys.map((key) => [key, copies]));
	const first = keys.slice(0, 10);
	t.same(exactlyOnce(told("ok"), new Map()).lost, first);
	t.match(exactlyOnce(told("ok"), new Map()), { acceptedCount: 25, foundCount: 0, lostCount: 25 });
	t.same(exactlyOnce(told("ok"), found(2)).doubled, first);
	t.match(exactlyOnce(told("ok"), found(2)), { foundCount: 50, doubledCount: 25 });
	t.same(exactlyOnce(told("fail"), found(1)).phantom, first);
	t.match(exactlyOnce([], found(1)), { phantomCount: 25, phantom: first });
	t.end();
});

t.test(
	"the times of what is named are kept, of lost, doubled and refused alike, and of no other",
	(t) => {
		const at = (ms: number) => ({ intendedMs: ms, startedMs: ms + 1, endedMs: ms + 2 });
		const told = [
			["lost", "ok", at(10)],
			["twice", "unknown", at(20)],
			["refused", "fail", at(30)],
			["there", "ok", at(40)],
			["untimed", "ok", null],
			["never", "ok"],
		] as const;
		const found = new Map([
			["twice", 2],
			["refused", 1],
			["there", 1],
			["nobody's", 1],
		]);
		t.same(exactlyOnce(told, found).times, { lost: at(10), twice: at(20), refused: at(30) });
		t.same(exactlyOnce(told.slice(3, 4), new Map([["there", 1]])).times, {});
		t.end();
	},
);

t.test("it agrees with counting in plain loops, on any history", (t) => {
	const key = fc.constantFrom(..."abcdefgh");
	const outcome = fc.constantFrom<OutcomeKind>("ok", "fail", "unknown");
	const told = fc.uniqueArray(fc.tuple(key, outcome), { selector: ([key]) => key });
	const rows = fc.array(key, { maxLength: 12 });
	fc.assert(
		fc.property(told, rows, (told, rows) => {
			const found = new Map<string, number>();
			for (const row of rows) found.set(row, (found.get(row) ?? 0) + 1);
			const result = exactlyOnce(told, found);
			const times = (key: string) => rows.filter((row) => row === key).length;
			const fate = (key: string) => told.find(([told]) => told === key)?.[1] ?? "nobody";
			const keys = [..."abcdefgh"];
			const lost = keys.filter((key) => fate(key) === "ok" && times(key) === 0);
			const phantom = keys.filter(
				(key) => (fate(key) === "fail" || fate(key) === "nobody") && times(key) > 0,
			);
			const doubled = keys.filter((key) => times(key) > 1);
			const surplus = rows.length - new Set(rows).size;
			const unknown = keys.filter((key) => fate(key) === "unknown");
			return (
				result.lostCount === lost.length &&
				result.lost.toSorted().join() === lost.join() &&
				result.phantomCount === phantom.length &&
				result.phantom.toSorted().join() === phantom.join() &&
				result.doubledCount === surplus &&
				result.doubled.toSorted().join() === doubled.join() &&
				result.foundCount === rows.length &&
				result.acceptedCount === keys.filter((key) => fate(key) === "ok").length &&
				result.unknownCount === unknown.length &&
				result.unknownFoundCount === unknown.filter((key) => times(key) > 0).length
			);
		}),
		{ numRuns: 300 },
	);
	t.end();
});
