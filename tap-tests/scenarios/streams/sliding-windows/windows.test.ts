import fc from "fast-check";
import t from "tap";
import { expectedWindows } from "../../../../scenarios/streams/sliding-windows/oracle/expected-windows.ts";
import {
	addTo,
	closedBetween,
	lastEndMs,
	type Panes,
	paneMs,
	paneOf,
	windowKinds,
} from "../../../../scenarios/streams/sliding-windows/windows.ts";

const day = Date.UTC(2026, 0, 5);
const minutes = (count: number) => day + count * 60_000;
const atMs = fc.integer({ min: day, max: minutes(150) });
const purchase = fc.record({ atMs, cents: fc.integer({ min: 1, max: 999 }) });

function panesOf(purchases: readonly { atMs: number; cents: number }[]): Panes {
	const panes: Panes = new Map();
	for (const { atMs, cents } of purchases) addTo(panes, paneOf(atMs), cents);
	return panes;
}

t.test("a pane divides every size and slide, so that windows begin and end with panes", (t) => {
	for (const { sizeMs, slideMs } of windowKinds) {
		t.equal(sizeMs % paneMs, 0);
		t.equal(slideMs % paneMs, 0);
	}
	t.end();
});

t.test("a purchase is in the windows that begin by it and end after it", (t) => {
	const panes = panesOf([{ atMs: minutes(10), cents: 7 }]);
	const ofMinute = [...closedBetween(panes, 0, minutes(1_000))].filter(({ kind }) => kind === "1m");
	t.same(
		ofMinute.map(({ startMs, endMs, count, sum, max }) => [startMs, endMs, count, sum, max]),
		[
			[minutes(9.5), minutes(10.5), 1, 7, 7],
			[minutes(10), minutes(11), 1, 7, 7],
		],
		"not the one that ends as it begins, and not the one after",
	);
	t.end();
});

t.test("cut anywhere, time gives every window once, as summing up by hand does", (t) => {
	fc.assert(
		fc.property(
			fc.array(purchase, { maxLength: 40 }),
			fc.array(fc.integer({ min: day - 60_000, max: minutes(300) }), { maxLength: 8 }),
			(purchases, cuts) => {
				const panes = panesOf(purchases);
				const times = [Number.NEGATIVE_INFINITY, ...cuts.toSorted((a, b) => a - b), minutes(400)];
				const closed = times.flatMap((toMs, i) =>
					i === 0 ? [] : [...closedBetween(panes, times[i - 1]!, toMs)],
				);
				const found = closed.map(({ kind, startMs, count, sum, max }) => [
					`${kind}/${startMs}/u`,
					JSON.stringify({ count, sum, max }),
				]);
				const named = purchases.map((one, n) => ({
					...one,
					id: `${n}`,
					user: "u",
					receivedMs: one.atMs,
				}));
				const should = [...expectedWindows(named)].map(([key, one]) => [key, JSON.stringify(one)]);
				t.same(new Map(found as [string, string][]), new Map(should as [string, string][]));
				return found.length === should.length;
			},
		),
		{ numRuns: 150 },
	);
	t.end();
});

t.test("a pane is in no window that ends after its last end, and in one that ends then", (t) => {
	fc.assert(
		fc.property(atMs, (ms) => {
			const start = paneOf(ms);
			const ends = [...closedBetween(panesOf([{ atMs: ms, cents: 1 }]), 0, minutes(1_000))];
			return Math.max(...ends.map(({ endMs }) => endMs)) === lastEndMs(start);
		}),
	);
	t.end();
});
