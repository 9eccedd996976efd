import t from "tap";
import { cornersOf, cornersOfAll, type Doubt } from "../../../daemon/host/corners.ts";
import { summarize } from "../../../load/summary.ts";
import type { Facts, LoadFacts } from "../../../scenarios/contract/facts.ts";

const empty = summarize([], { fromMs: 0, toMs: 0 });
const back = { mttrMs: 900, afterHealMs: 400, censored: false };

/** A load in a phase, whose every time is 100 ms, and which was late by so much. */
function load(phase: LoadFacts["phase"], addedMs: number, hiddenMs = addedMs): LoadFacts {
	const all = (us: number) => ({
		p50: us,
		p90: us,
		p99: us,
		p99_9: us,
		p99_99: null,
		max: us,
		mean: us,
	});
	const us = 100_000;
	const most = all(us + 1_500 * hiddenMs);
	return {
		name: "orders",
		phase,
		counters: {},
		summary: {
			...empty,
			offered_per_sec: 100,
			achieved_per_sec: 100,
			due_count: 100,
			response_us: all(us),
			ok_within_us: all(us),
			service_us: all(us),
			queue_us: { p50: 3_000, p99: us, max: us },
			lateness: {
				added_us: 1_000 * addedMs,
				hidden_us: 1_000 * hiddenMs,
				late_count: 1,
				at_most: { response_us: most, ok_within_us: most, service_us: most },
			},
		},
	};
}

const factsOf = (...loads: LoadFacts[]) =>
	({ case: null, loads, recovery: back, straddlingCount: 0 }) as unknown as Facts;
const doubtOf = (given: Partial<Doubt> = {}): Doubt => ({
	recovery: { early: back, late: back },
	straddlingCount: 0,
	beyond: null,
	starved: null,
	...given,
});
const p99s = (corners: Facts[]) =>
	corners.map(({ loads }) => loads.map(({ summary }) => summary.response_us.p99! / 1_000));

t.test(
	"a generator in time leaves nothing open, nor does one that was late in warm-up",
	async (t) => {
		t.same(cornersOf(factsOf(load("steady", 0)), doubtOf()), []);
		t.same(cornersOf(factsOf(load("warming", 30)), doubtOf()), []);
		const older = { ...load("steady", 5), summary: { ...empty, lateness: null } };
		t.same(cornersOf(factsOf(older), doubtOf()), [], "nor one of which nobody knows");
		t.same(cornersOfAll([{ facts: factsOf(load("steady", 0)), doubt: doubtOf() }]), []);
	},
);

t.test(
	"each load and phase is taken at its least and at its most, in every combination",
	async (t) => {
		const corners = cornersOf(factsOf(load("steady", 10), load("faulting", 20, 4)), doubtOf());
		t.same(p99s(corners), [
			[70, 40],
			[70, 106],
			[115, 40],
			[115, 106],
		]);
		const [least, , , most] = corners.map(({ loads }) => loads[0]!.summary);
		t.equal(least!.ok_within_us.p50, 70_000);
		t.equal(least!.service_us.max, 70_000);
		t.equal(least!.response_us.p99_99, null, "what does not exist does not by lateness");
		t.same(least!.queue_us, { p50: 0, p99: 70_000, max: 70_000 }, "and nothing is below 0");
		t.equal(most!.queue_us.p99, 130_000);
		const achieved = [least, most].map((summary) => summary!.achieved_per_sec!.toFixed(6));
		t.same(achieved, ["103.000000", "97.000000"], "of a second 30 ms");
	},
);

t.test("each load is moved by itself, and a throughput only where there is one", async (t) => {
	const reads = { ...load("steady", 20), name: "reads" };
	t.same(p99s(cornersOf(factsOf(load("steady", 10), reads), doubtOf())), [
		[70, 40],
		[70, 130],
		[115, 40],
		[115, 130],
	]);
	const rows: [offered: number | null, achieved: number | null, due: number][] = [
		[0, 0, 0],
		[null, null, 0],
		[null, 50, 100],
		[100, null, 100],
	];
	for (const [offered_per_sec, achieved_per_sec, due_count] of rows) {
		const late = load("steady", 10);
		const summary = { ...late.summary, offered_per_sec, achieved_per_sec, due_count };
		const corners = cornersOf(factsOf({ ...late, summary }), doubtOf());
		t.strictSame(
			corners.map(({ loads }) => loads[0]!.summary.achieved_per_sec),
			[achieved_per_sec, achieved_per_sec],
			`${achieved_per_sec} of ${offered_per_sec}/s`,
		);
	}
});

t.test("a recovery is taken early and late, operations at a fault's edge both ways", async (t) => {
	const late = { ...back, afterHealMs: 700 };
	const corners = cornersOf(
		factsOf(),
		doubtOf({ recovery: { early: back, late }, straddlingCount: 3 }),
	);
	t.same(
		corners.map(({ recovery, straddlingCount }) => [recovery?.afterHealMs, straddlingCount]),
		[
			[400, -3],
			[400, 3],
			[700, -3],
			[700, 3],
		],
	);
});

t.test("of many only the extremes are looked at, and of all cases together", async (t) => {
	const loads = Array.from({ length: 7 }, () => load("steady", 10));
	const named = loads.map((one, i) => ({ ...one, name: `load-${i}` }));
	t.same(p99s(cornersOf(factsOf(...named), doubtOf())), [
		named.map(() => 70),
		named.map(() => 115),
	]);
	t.equal(cornersOf(factsOf(...named.slice(1)), doubtOf()).length, 64, "of six each corner");
	const cases = [
		{ facts: factsOf(load("steady", 10)), doubt: doubtOf() },
		{ facts: factsOf(load("steady", 0)), doubt: doubtOf() },
	];
	t.same(
		cornersOfAll(cases).map((corner) => p99s(corner)),
		[
			[[70], [100]],
			[[115], [100]],
		],
	);
});
