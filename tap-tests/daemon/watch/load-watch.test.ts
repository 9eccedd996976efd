import t from "tap";
import { LoadWatch } from "../../../daemon/watch/load-watch.ts";
import { fullPhases, type PlanData } from "../../../scenarios/contract/plan.ts";
import { report } from "../record/interval.ts";

const plan = (workers = 1): PlanData => ({
	phases: fullPhases({ warmMs: 1_000, steadyMs: 2_000 }),
	paths: {},
	loads: {
		orders: {
			arrival: { kind: "constant", ratePerSec: 10 },
			clients: {},
			deadlineMs: 1_000,
			inFlightMax: 10,
			journal: false,
			workers,
		},
	},
});
const zeroMs = 5_000;
const phases = [
	{ name: "warming" as const, case: null, fromMs: 5_000, toMs: 6_000 },
	{ name: "steady" as const, case: null, fromMs: 6_000, toMs: 8_000 },
];
const totalsOf = (ok: number) => ({ due: ok, started: ok, ok, fail: 0, unknown: 0, dropped: 0 });
const counts = (due: number) => ({ due, started: due, ok: due });

t.test(
	"a phase's facts hold what was intended in it, wherever it was reported; all holds everything",
	(t) => {
		const watch = new LoadWatch(plan(), null, zeroMs);
		const seen = [
			report(0, 0, { phase: "warming", counts: counts(8), counters: { "api.attempts": 8 } }),
			report(0, 1, { phase: "warming", counts: counts(2), counters: { "api.attempts": 2 } }),
			report(0, 1, { phase: "steady", counts: counts(20), counters: { "api.attempts": 25 } }),
		];
		const made = seen.flatMap((interval) => watch.see({ kind: "interval", interval }));
		t.equal(made[0]?.view.fromMs, zeroMs, "in the run's time");
		const facts = watch.facts(phases);
		t.same(
			facts.map(({ name, phase, summary }) => [name, phase, summary.due_count]),
			[
				["orders", "warming", 10],
				["orders", "steady", 20],
				["orders", "all", 30],
			],
		);
		t.equal(facts[1]?.summary.offered_per_sec, 10, "20 in 2 s");
		t.equal(facts[2]?.summary.offered_per_sec, 10, "30 in 3 s");
		const after = { name: "recovering" as const, case: null, fromMs: 8_000, toMs: 11_000 };
		const longer = watch.facts([...phases, after]).at(-1);
		t.equal(longer?.summary.offered_per_sec, 5, "30 in 6 s: all is until the last one's end");
		t.same(
			facts.map(({ counters }) => counters),
			[{}, {}, { "api.attempts": 35 }],
			"a client's counters are of no phase",
		);
		t.match(watch.facts([]), [{ name: "orders", phase: "all" }], "before its first phase too");
		t.end();
	},
);

t.test("a steady load whose operations must succeed, and did not, was not offered", (t) => {
	const failing = plan();
	failing.loads.orders!.okPctMin = 99;
	const reasons = (ok: number, spec = failing) => {
		const watch = new LoadWatch(spec, "key-1k", zeroMs);
		const halves = { due: 50, started: 50, ok, fail: 50 - ok };
		for (const index of [1, 2])
			watch.see({
				kind: "interval",
				interval: report(0, index, { phase: "steady", counts: halves }),
			});
		return watch.reasons(phases);
	};
	t.match(reasons(49), [
		{
			code: "offered_not_reached",
			message: /^load orders \(key-1k\), steady: of 100 operations due 98 succeeded/,
		},
	]);
	t.same(reasons(50), []);
	t.same(reasons(1, plan()), [], "failing is what such a run is about");
	t.match(
		reasons(0, plan()),
		[{ code: "nothing_ok", message: /steady: of 100 operations due none succeeded/ }],
		"but of one in which nothing succeeds there is nothing to tell",
	);
	t.end();
});

t.test("of so many operations and no more, the first may be due in warm-up", (t) => {
	const once = plan();
	once.loads.orders!.arrival = { kind: "trials", count: 1 };
	const reasons = (ok: number, spec = once) => {
		const watch = new LoadWatch(spec, "key-1k", zeroMs);
		const ended = { due: 1, started: 1, ok, fail: 1 - ok };
		watch.see({ kind: "interval", interval: report(0, 0, { phase: "warming", counts: ended }) });
		return watch.reasons(phases).map(({ code }) => code);
	};
	t.same(reasons(1), [], "it has succeeded, whenever it was due");
	t.same(reasons(0), ["nothing_ok"]);
	t.same(reasons(1, plan()), ["nothing_ok"], "a rate has to be there in steady state");
	t.end();
});

t.test(
	"a generator that came late is named with load, case and phase; warm-up is not judged",
	(t) => {
		const watch = new LoadWatch(plan(), "key-1k", zeroMs);
		const late = (index: number, phase: string) =>
			report(0, index, { phase, counts: counts(1), responsesMs: [1], lagMs: [80] });
		watch.see({ kind: "interval", interval: late(0, "warming") });
		watch.see({
			kind: "interval",
			interval: report(0, 0, { phase: "steady", counts: counts(1), responsesMs: [1] }),
		});
		t.same(watch.late(phases), []);
		watch.see({ kind: "interval", interval: late(1, "steady") });
		t.match(watch.late(phases), [
			/^load orders \(key-1k\), steady: schedule lag p99 was 8\d.*; 1 worker started about 1\/s, /,
		]);
		const delayed = (index: number) => ({
			...report(0, index, { phase: "steady", counts: counts(1) }),
			loopDelayMaxMs: index === 1 ? 0 : 300,
		});
		const busy = new LoadWatch(plan(), null, zeroMs);
		for (const index of [1, 2, 3, 4]) busy.see({ kind: "interval", interval: delayed(index) });
		t.match(
			busy.late(phases),
			[/^load orders, steady: the event loop .* 300\D.* in 1 of 2 intervals/],
			"what was after the phase is not its",
		);
		t.same(watch.reasons(phases), [], "which by itself is no reason against the run");
		t.end();
	},
);

t.test("a rate that steady was not offered is named; under a fault it may be missed", (t) => {
	const during = (index: number, phase: string, dropped: number, lagMs = 0) =>
		report(0, index, {
			phase,
			counts: { due: 100, started: 100 - dropped, ok: 100 - dropped, dropped },
			lagMs: [lagMs],
		});
	const judged = (...reported: ReturnType<typeof during>[]) => {
		const watch = new LoadWatch(plan(), "key-1k", zeroMs);
		for (const interval of reported) watch.see({ kind: "interval", interval });
		const faulting = { name: "faulting" as const, case: null, fromMs: 8_000, toMs: 9_000 };
		return watch.reasons([...phases, faulting]);
	};
	t.match(judged(during(1, "steady", 2)), [
		{
			code: "offered_not_reached",
			message:
				/^load orders \(key-1k\), steady: of 100 .* 2 did not start .* at most 10 were in flight, each for up to 1000 ms/,
		},
	]);
	t.same(judged(during(0, "warming", 50), during(1, "steady", 0), during(3, "faulting", 50)), []);
	t.same(
		judged(during(1, "steady", 2, 80)).map(({ code }) => code),
		["offered_not_reached"],
		"however late the generator was: what is lost among what was not offered nobody knows",
	);
	t.end();
});

t.test("of a host that died, what started and never reported its end is unknown", (t) => {
	const watch = new LoadWatch(plan(2), null, zeroMs);
	const beat = (worker: number, started: number) =>
		watch.see({ kind: "heartbeat", load: "orders", worker, started });
	t.same(
		watch.lowerBounds("orders"),
		{ due: 0, started: 0, ok: 0, fail: 0, unknown: 0, dropped: 0 },
		"nothing is known before the first word",
	);
	watch.see({ kind: "opened", load: "orders", worker: 0 });
	t.equal(watch.lowerBounds("orders").started, 0, "nor by that");
	t.equal(watch.lowerBounds("reads").started, 0, "nor ever of a load that is not planned");
	beat(0, 40);
	beat(1, 40);
	const interval = (worker: number) =>
		report(worker, 0, { counts: { due: 31, started: 30, ok: 25, fail: 2, dropped: 1 } });
	watch.see({ kind: "interval", interval: interval(0) });
	watch.see({ kind: "interval", interval: interval(1) });
	beat(0, 50);
	t.same(watch.lowerBounds("orders"), {
		due: 92,
		started: 90,
		ok: 50,
		fail: 4,
		unknown: 36,
		dropped: 2,
	});
	t.match(
		watch.boundedFacts(phases).map(({ phase, summary }) => [phase, summary]),
		[
			["warming", { due_count: 0 }],
			["steady", { due_count: 62, started_count: 60, unknown_count: 0 }],
			[
				"all",
				{
					due_count: 92,
					started_count: 90,
					ok_count: 50,
					fail_count: 4,
					unknown_count: 36,
					dropped_count: 2,
					offered_per_sec: Number,
				},
			],
		],
		"in all of it; what a phase had under way nobody knows",
	);
	t.match(watch.boundedFacts(phases).at(-1), { name: "orders", counters: {} });
	t.end();
});

t.test("reports count where the last heartbeat is older", (t) => {
	const watch = new LoadWatch(plan(), null, zeroMs);
	watch.see({ kind: "heartbeat", load: "orders", worker: 0, started: 3 });
	watch.see({
		kind: "interval",
		interval: report(0, 0, { counts: { due: 9, started: 9, ok: 9 } }),
	});
	t.match(watch.lowerBounds("orders"), { started: 9, ok: 9, unknown: 0 });
	t.end();
});

t.test("a worker that has ended is not waited for, and its totals count as started", (t) => {
	const watch = new LoadWatch(plan(2), null, zeroMs);
	watch.see({ kind: "interval", interval: report(1, 0) });
	const made = watch.see({ kind: "ended", load: "orders", worker: 0, totals: totalsOf(7) });
	t.equal(made.length, 1);
	t.equal(watch.lowerBounds("orders").started, 7);
	t.end();
});

t.test("a message of a load that is not in the plan changes nothing", (t) => {
	const watch = new LoadWatch(plan(), null, zeroMs);
	t.same(watch.see({ kind: "opened", load: "orders", worker: 0 }), []);
	t.same(watch.see({ kind: "heartbeat", load: "reads", worker: 0, started: 5 }), []);
	t.same(watch.see({ kind: "interval", interval: { ...report(0, 0), load: "reads" } }), []);
	t.same(watch.see({ kind: "ended", load: "reads", worker: 0, totals: totalsOf(7) }), []);
	t.equal(watch.facts(phases).length, 3);
	t.end();
});

t.test(
	"loads have ended when each of their workers has, and until then it is known how far they are",
	async (t) => {
		const watch = new LoadWatch(plan(2), null, zeroMs);
		t.same(watch.unended(["orders", "no load"]), [{ load: "orders", started: 0 }]);
		let over = false;
		const ended = watch.ended(["orders"]).then(() => {
			over = true;
		});
		for (const [worker, started] of [
			[0, 3],
			[1, 4],
		] as const)
			watch.see({ kind: "heartbeat", load: "orders", worker, started });
		t.same(watch.unended(["orders"]), [{ load: "orders", started: 7 }]);
		watch.see({ kind: "ended", load: "orders", worker: 0, totals: totalsOf(5) });
		await Promise.resolve();
		t.equal(over, false, "one of two is under way");
		t.same(watch.unended(["orders"]), [{ load: "orders", started: 9 }]);
		watch.see({ kind: "ended", load: "orders", worker: 1, totals: totalsOf(4) });
		await ended;
		t.same(watch.unended(["orders"]), []);
		await watch.ended(["orders"]);
		await watch.ended([]);
	},
);
