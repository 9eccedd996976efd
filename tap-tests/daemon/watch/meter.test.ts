import fc from "fast-check";
import t from "tap";
import { LoadMeter } from "../../../daemon/watch/meter.ts";
import { encoded, report } from "../record/interval.ts";

const meterOf = (workers: number) =>
	new LoadMeter({ load: "orders", case: null, workers, intervalMs: 500, zeroMs: 2_000 });
const indexes = (made: { view: { index: number } }[]) => made.map(({ view }) => view.index);

t.test("an interval is complete when every worker has reported it, and not before", (t) => {
	const meter = meterOf(3);
	t.same(meter.see(report(0, 0)), []);
	t.same(meter.see(report(0, 1)), [], "a quick worker is ahead");
	t.same(meter.see(report(1, 0)), []);
	t.same(indexes(meter.see(report(2, 0))), [0]);
	t.same(meter.see(report(1, 1)), []);
	t.same(indexes(meter.see(report(2, 1))), [1]);
	t.end();
});

t.test("of several that are complete at once the first comes first", (t) => {
	const meter = meterOf(3);
	meter.see(report(0, 1));
	meter.see(report(1, 0));
	meter.see(report(1, 1));
	t.same(meter.workerEnded(0), [], "it has left one out");
	t.same(indexes(meter.workerEnded(2)), [0, 1]);
	t.end();
});

t.test("a worker that has ended is not waited for", (t) => {
	const meter = meterOf(2);
	meter.see(report(0, 0));
	t.same(indexes(meter.workerEnded(1)), [0], "what waited for it alone is complete");
	t.same(indexes(meter.see(report(0, 1))), [1]);
	t.end();
});

t.test("the last report of a worker that ended does not stand in for another's", (t) => {
	const meter = meterOf(2);
	t.same(meter.see(report(0, 0, { counts: { ok: 1 } })), []);
	t.same(meter.workerEnded(0), [], "worker 1 still works, and has not reported it");
	const made = meter.see(report(1, 0, { counts: { ok: 2 } }));
	t.same(indexes(made), [0]);
	t.equal(made[0]?.view.okCount, 3, "both are in it");
	t.end();
});

t.test(
	"whatever the order of reports and ends, each interval comes once, in order, with all in it",
	(t) => {
		/** Each worker reports 0, 1, … and then ends; workers are mixed by the order of the draws. */
		const lives = fc.array(fc.nat(4), { minLength: 1, maxLength: 4 });
		fc.assert(
			fc.property(lives, fc.array(fc.nat(3), { maxLength: 60 }), (lives, draws) => {
				const meter = meterOf(lives.length);
				const next = lives.map(() => 0);
				const made: number[] = [];
				const counts: number[] = [];
				const step = (worker: number) => {
					const at = next[worker]!;
					if (at > lives[worker]!) return;
					next[worker] = at + 1;
					const complete =
						at === lives[worker]
							? meter.workerEnded(worker)
							: meter.see(report(worker, at, { counts: { ok: 10 ** worker } }));
					made.push(...indexes(complete));
					counts.push(...complete.map(({ view }) => view.okCount));
				};
				for (const draw of draws) step(draw % lives.length);
				for (const [worker, life] of lives.entries()) for (let i = 0; i <= life; i++) step(worker);
				const length = Math.max(...lives);
				const want = Array.from({ length }, (_, index) =>
					lives.reduce((sum, life, worker) => sum + (index < life ? 10 ** worker : 0), 0),
				);
				return (
					made.join() === Array.from({ length }, (_, i) => i).join() &&
					counts.join() === want.join()
				);
			}),
			{ numRuns: 60 },
		);
		t.end();
	},
);

t.test(
	"a view sums what can be summed, merges what are distributions, keeps the worst delay",
	(t) => {
		const meter = meterOf(2);
		meter.see(
			report(0, 3, {
				counts: { due: 5, started: 4, ok: 3, fail: 1, dropped: 1 },
				responsesMs: [10, 10, 10, 10],
				lagMs: [1],
				lateMs: 6,
				counters: { "api.attempts": 4 },
				waiting: 1,
				inFlight: 2,
				loopDelayMaxMs: 12,
			}),
		);
		const [made] = meter.see(
			report(1, 3, {
				counts: { due: 2, started: 2, ok: 1, unknown: 1 },
				responsesMs: [200, 10],
				lagMs: [3],
				lateMs: 4,
				counters: { "api.attempts": 3, "db.queries": 1 },
				waiting: 4,
				loopDelayMaxMs: 7,
			}),
		);
		t.match(made?.view, {
			load: "orders",
			index: 3,
			fromMs: 3_500,
			toMs: 4_000,
			dueCount: 7,
			startedCount: 6,
			okCount: 4,
			failCount: 1,
			unknownCount: 1,
			droppedCount: 1,
			inFlight: 2,
			waiting: 5,
			loopDelayMaxMs: 12,
			lateMs: 6,
			counters: { "api.attempts": 7, "db.queries": 1 },
		});
		const near = (ms: number | null | undefined, want: number) =>
			Math.abs((ms ?? -1) / want - 1) < 0.01;
		t.ok(near(made?.view.responseP50Ms, 10));
		t.ok(near(made?.view.responseP99Ms, 200), "no mean of two percentiles");
		t.ok(near(made?.view.scheduleLagP99Ms, 3));
		t.ok(near(made?.view.serviceP99Ms, 200));
		t.equal(made?.serviceUs, encoded(10, 10, 10, 10, 200, 10));
		t.ok(near((made?.responseMaxUs ?? 0) / 1_000, 200));
		t.end();
	},
);

t.test("an interval in which nothing happened has no percentiles", (t) => {
	const [made] = meterOf(1).see(report(0, 0));
	t.match(made?.view, { responseP50Ms: null, responseP99Ms: null, scheduleLagP99Ms: null });
	t.equal(made?.responseMaxUs, null);
	t.ok(encoded().length > 0);
	t.end();
});

t.test(
	"response times are kept by the phase that they were due in, where there is more than one",
	(t) => {
		const meter = meterOf(2);
		const slow = report(0, 0, { phase: "steady", responsesMs: [2_500], counts: { ok: 1 } });
		const quick = report(1, 0, { phase: "faulting", responsesMs: [10], counts: { ok: 1 } });
		meter.see(slow);
		t.same(meter.see(quick)[0]?.phases, [
			{ phase: "steady", responseUs: encoded(2_500) },
			{ phase: "faulting", responseUs: encoded(10) },
		]);
		meter.see(report(0, 1, { phase: "faulting", responsesMs: [10] }));
		const [alone] = meter.see(report(1, 1, { phase: "steady" }));
		t.same(
			alone?.phases,
			[{ phase: "faulting", responseUs: null }],
			"all of them; none of the other",
		);
		meter.see(report(0, 2));
		t.same(meter.see(report(1, 2))[0]?.phases, []);
		t.end();
	},
);

t.test("a p99 is judged over as many intervals as it takes for ten operations", (t) => {
	const meter = meterOf(1);
	const tails = [
		[4, 100, 1], // too few
		[4, 20, 7],
		[4, 30, 2], // with the two before it
		[12, 40, 0], // alone
		[2, 50, 3], // with the one before it
		[10, 60, 1], // just enough
	].map(([count, ms, lateMs], index) => {
		const responsesMs = Array.from({ length: count! }, () => ms!);
		const given = { counts: { ok: count! }, responsesMs, lateMs: lateMs! };
		return meter.see(report(0, index, given))[0]?.view.tail;
	});
	const near = (tail: (typeof tails)[number], ms: number) =>
		Math.abs((tail?.p99Ms ?? 0) - ms) < 0.1;
	t.same(tails.slice(0, 2), [null, null]);
	t.match(tails[2], { count: 12, fromMs: 2_000, lateMs: 7 });
	t.ok(near(tails[2], 100), "of a few it is the greatest");
	t.match(tails[3], { count: 12, fromMs: 3_500, lateMs: 0 });
	t.ok(near(tails[3], 40));
	t.match(tails[4], { count: 14, fromMs: 3_500, lateMs: 3 });
	t.ok(near(tails[4], 50));
	t.match(tails[5], { count: 10, fromMs: 4_500, lateMs: 1 });
	t.end();
});

t.test("an interval in which nothing ended has a p99 only where nothing was under way", (t) => {
	const meter = meterOf(1);
	const full = { counts: { ok: 12 }, responsesMs: Array.from({ length: 12 }, () => 10) };
	const tailOf = (index: number, given: Parameters<typeof report>[2]) =>
		meter.see(report(0, index, given))[0]?.view.tail;
	t.match(tailOf(0, full), { count: 12 });
	t.match(tailOf(1, {}), { count: 12, fromMs: 2_000 }, "nothing was due");
	t.equal(tailOf(2, { inFlight: 1 }), null, "silence is not steady state");
	t.equal(tailOf(3, { waiting: 1 }), null);
	t.match(tailOf(4, { ...full, inFlight: 1 }), { count: 12, fromMs: 4_000 }, "something ended");
	t.end();
});
