import fc from "fast-check";
import t from "tap";
import { MergedHistogram, WorkerHistogram } from "../../load/histogram.ts";
import { type Gauges, type PhaseStart, Recorder } from "../../load/recorder.ts";
import { addCounts, type LoadInterval, zeroCounts } from "../../load/report.ts";
import { summarize } from "../../load/summary.ts";

const still: Gauges = {
	counters: {},
	inFlight: 0,
	waiting: 0,
	idleWaitMs: 0,
	loopDelayMaxMs: 0,
	cpuMs: 0,
};

function record(phases: PhaseStart[], gauges = () => still) {
	const intervals: LoadInterval[] = [];
	const recorder = new Recorder({
		load: "orders",
		worker: 0,
		phases,
		intervalMs: 1000,
		gauges,
		sampleOf: (code, error) => `${code}: ${String(error)}`,
		emit: (interval) => intervals.push(interval),
	});
	t.teardown(() => recorder.destroy());
	return { recorder, intervals };
}

const phases = [
	{ name: "warming", fromMs: 0 },
	{ name: "steady", fromMs: 1500 },
];

t.test("an operation belongs to the phase it was intended in and the interval it ended in", (t) => {
	const { recorder, intervals } = record(phases);
	recorder.due(1400, 1400);
	recorder.started(1400, 1400, 1400);
	recorder.due(1500, 1500);
	recorder.started(1500, 1500, 1500);
	recorder.answered(2100, 1400, 1400, "ok");
	recorder.counted(2100, 1400, { kind: "ok" });
	recorder.answered(2200, 1500, 1500, "unknown");
	recorder.counted(2200, 1500, { kind: "unknown", code: "reset" });
	recorder.finish(2300);
	t.match(intervals, [
		{ index: 0, slices: [] },
		{
			index: 1,
			slices: [
				{ phase: "warming", counts: { due: 1, started: 1, ok: 0 } },
				{ phase: "steady", counts: { due: 1, started: 1, unknown: 0 } },
			],
		},
		{
			index: 2,
			slices: [
				{ phase: "warming", counts: { due: 0, ok: 1 }, lastOkEndMs: 2100 },
				{ phase: "steady", counts: { unknown: 1 }, errors: { reset: 1 }, lastOkEndMs: null },
			],
		},
	]);
	t.end();
});

t.test("of each code the first error is kept, in every phase and interval", (t) => {
	const { recorder, intervals } = record(phases);
	const ends = (atMs: number, intendedMs: number, code: string, error?: unknown) =>
		recorder.counted(atMs, intendedMs, { kind: "fail", code }, error);
	ends(100, 0, "A", "first");
	ends(110, 0, "A", "second");
	ends(120, 0, "B", "other");
	ends(130, 1500, "A", "first of steady");
	recorder.counted(140, 0, { kind: "ok" });
	ends(1100, 0, "A", "first of the next second");
	ends(1110, 1500, "deadline");
	recorder.finish(2000);
	t.same(
		intervals.flatMap(({ slices }) => slices.map(({ errorSamples }) => errorSamples)),
		[
			{ A: "A: first", B: "B: other" },
			{ A: "A: first of steady" },
			{ A: "A: first of the next second" },
			{ deadline: "deadline: null" },
		],
	);
	t.end();
});

t.test("a blocked second is an interval of its own, with the delay but not the counts", (t) => {
	const { recorder, intervals } = record(phases, () => ({
		...still,
		counters: { "db.attempts": 7 },
		loopDelayMaxMs: 2500,
	}));
	recorder.roll(3100);
	recorder.finish(5000);
	t.same(
		intervals.map(({ index, counters, loopDelayMaxMs }) => [index, counters, loopDelayMaxMs]),
		[
			[0, { "db.attempts": 7 }, 2500],
			[1, {}, 2500],
			[2, {}, 2500],
			[3, { "db.attempts": 7 }, 2500],
			[4, {}, 2500],
			[5, { "db.attempts": 7 }, 2500],
		],
	);
	t.end();
});

const outcomes = fc.constantFrom("ok", "fail", "unknown", "dropped");
const operations = fc.array(
	fc.record({
		intendedMs: fc.nat(3000),
		lagMs: fc.nat(20),
		queueMs: fc.nat(500),
		serviceMs: fc.nat(2000),
		outcome: outcomes,
	}),
	{ maxLength: 60 },
);

t.test("however it is cut into intervals and phases, the sums are those of the operations", (t) => {
	fc.assert(
		fc.property(operations, (operations) => {
			const { recorder, intervals } = record(phases);
			const steps: [number, () => void][] = [];
			for (const { intendedMs, lagMs, queueMs, serviceMs, outcome } of operations) {
				const noticedMs = intendedMs + lagMs;
				const startMs = noticedMs + queueMs;
				const endMs = startMs + serviceMs;
				steps.push([noticedMs, () => recorder.due(noticedMs, intendedMs)]);
				if (outcome === "dropped") {
					steps.push([startMs, () => recorder.dropped(startMs, intendedMs)]);
					continue;
				}
				steps.push([startMs, () => recorder.started(startMs, intendedMs, noticedMs)]);
				steps.push([
					endMs,
					() => {
						recorder.answered(endMs, intendedMs, startMs, outcome as "ok");
						recorder.counted(
							endMs,
							intendedMs,
							outcome === "ok" ? { kind: "ok" } : { kind: outcome as "fail", code: "x" },
						);
					},
				]);
			}
			for (const [, step] of steps.sort((a, b) => a[0] - b[0])) step();
			recorder.finish(10_000);
			recorder.destroy();

			const sum = zeroCounts();
			for (const slice of intervals.flatMap(({ slices }) => slices)) addCounts(sum, slice.counts);
			const of = (outcome: string) => operations.filter((o) => o.outcome === outcome).length;
			const { response_us, service_us } = summarize(intervals, { fromMs: 0, toMs: 3000 });
			const started = operations.filter(({ outcome }) => outcome !== "dropped");
			const mostMs = (values: number[]) => (values.length === 0 ? null : Math.max(...values));
			const near = (us: number | null, ms: number | null) =>
				us === null || ms === null ? us === ms : Math.abs(us - ms * 1000) <= Math.max(1, ms);
			const responses = new MergedHistogram();
			for (const slice of intervals.flatMap(({ slices }) => slices))
				responses.add(slice.responseUs);
			return (
				JSON.stringify(sum) === JSON.stringify(recorder.totals) &&
				sum.due === operations.length &&
				sum.due === sum.started + sum.dropped &&
				sum.started === sum.ok + sum.fail + sum.unknown &&
				sum.ok === of("ok") &&
				sum.fail === of("fail") &&
				responses.count === started.length &&
				near(service_us.max, mostMs(started.map((o) => o.serviceMs))) &&
				near(response_us.max, mostMs(started.map((o) => o.lagMs + o.queueMs + o.serviceMs)))
			);
		}),
		{ numRuns: 60 },
	);
	t.pass();
	t.end();
});

t.test("a phase that is told ahead begins where it says", (t) => {
	const { recorder, intervals } = record(phases);
	recorder.due(1600, 1600);
	recorder.beginPhase({ name: "faulting", fromMs: 1700 });
	for (const ms of [1690, 1700]) recorder.due(ms, ms);
	t.same(
		[1690, 1700].map((ms) => recorder.phaseOf(ms)),
		["steady", "faulting"],
	);
	recorder.finish(1800);
	t.match(intervals[1]?.slices, [
		{ phase: "steady", counts: { due: 2 } },
		{ phase: "faulting", counts: { due: 1 } },
	]);
	t.end();
});

t.test("one that is told late begins after what was noticed by then", (t) => {
	const { recorder, intervals } = record(phases);
	for (const ms of [1600, 1710, 1720]) recorder.due(ms, ms);
	recorder.beginPhase({ name: "faulting", fromMs: 1720 });
	recorder.due(1730, 1730);
	for (const ms of [1600, 1710, 1720, 1730]) recorder.counted(1800, ms, { kind: "ok" });
	recorder.finish(1900);
	t.match(
		intervals[1]?.slices,
		[
			{ phase: "steady", counts: { due: 3, ok: 3 } },
			{ phase: "faulting", counts: { due: 1, ok: 1 } },
		],
		"each ends where it was due",
	);
	t.end();
});

t.test("a phase that is over before anything was due in it has no part in an interval", (t) => {
	const { recorder, intervals } = record(phases);
	recorder.beginPhase({ name: "faulting", fromMs: 1700 });
	recorder.beginPhase({ name: "recovery", fromMs: 1700 });
	recorder.due(1700, 1700);
	recorder.finish(1800);
	t.match(intervals[1]?.slices, [{ phase: "recovery", counts: { due: 1 } }]);
	t.equal(intervals[1]?.slices.length, 1);
	t.equal(recorder.phaseOf(-1), "warming", "nothing is before the first");
	t.end();
});

t.test("how late the generator was is the most of it, and a delayed event loop is too", (t) => {
	const none = { addedMs: 0, hiddenMs: 0, count: 0 };
	const given = [
		{ addedMs: 0, hiddenMs: 0 },
		{ addedMs: 9, hiddenMs: 7 },
		{ addedMs: 4, hiddenMs: 5 },
	];
	const rows: [late: typeof given, loopDelayMaxMs: number, lateness: typeof none, why: string][] = [
		[[], 50, none, "nobody waited for an answer"],
		[given.slice(0, 1), 2, none, "a timer is as late"],
		[given.slice(0, 1), 50, { addedMs: 50, hiddenMs: 50, count: 1 }, "one of them at least"],
		[given, 2, { addedMs: 9, hiddenMs: 7, count: 2 }, "the most, of two"],
		[given, 8, { addedMs: 9, hiddenMs: 8, count: 2 }, "the delay hid more than they did"],
	];
	for (const [late, loopDelayMaxMs, lateness, why] of rows) {
		const { recorder, intervals } = record(phases, () => ({ ...still, loopDelayMaxMs }));
		recorder.due(10, 10);
		for (const one of late) recorder.answered(30, 10, 20, "fail", one);
		recorder.finish(100);
		t.same(intervals[0]?.slices[0]?.lateness, lateness, why);
	}
	t.end();
});

t.test("times that can't be are counted, whatever they are times of, over all phases", (t) => {
	const { recorder, intervals } = record(phases);
	for (const intendedMs of [600, 1600]) recorder.due(500, intendedMs);
	for (let n = 0; n < 4; n++) recorder.started(500, 600, 510);
	for (let n = 0; n < 8; n++) recorder.answered(500, 600, 400, "fail");
	for (let n = 0; n < 16; n++) recorder.answered(500, 400, 600, "fail");
	for (let n = 0; n < 32; n++) recorder.answered(500, 1600, 400, "ok");
	recorder.finish(700);
	t.same(
		intervals.map(({ clamped }) => clamped),
		[2 + 4 + 8 + 16 + 32],
		"an ok one's response is one time",
	);
	t.end();
});

t.test("histograms serve interval after interval, and each is given back once", (t) => {
	const recorded = new Set<WorkerHistogram>();
	const given: WorkerHistogram[] = [];
	const { recordMs, destroy } = WorkerHistogram.prototype;
	t.intercept(WorkerHistogram.prototype, "recordMs", {
		value(this: WorkerHistogram, ms: number) {
			recorded.add(this);
			recordMs.call(this, ms);
		},
	});
	t.intercept(WorkerHistogram.prototype, "destroy", {
		value(this: WorkerHistogram) {
			given.push(this);
			destroy.call(this);
		},
	});
	const { recorder } = record(phases);
	const operation = (atMs: number) => {
		recorder.due(atMs, atMs);
		recorder.started(atMs, atMs, atMs);
		recorder.answered(atMs + 1, atMs, atMs, "ok");
	};
	for (const ms of [100, 1100, 1400, 1600, 2100]) operation(ms);
	t.equal(recorded.size, 10, "five for each of the two phases of one interval");
	recorder.destroy();
	recorder.destroy();
	t.equal(given.length, 10);
	t.same(new Set(given), recorded);
	t.end();
});
