import t from "tap";
import { Recorder } from "../../load/recorder.ts";
import type { LoadInterval } from "../../load/report.ts";
import { summarize } from "../../load/summary.ts";

interface Sample {
	intendedMs: number;
	endMs: number;
	kind: "ok" | "fail" | "unknown" | "dropped";
	/** What a late generator may have spared it. */
	hiddenMs?: number;
}

function intervalsOf(worker: number, samples: Sample[]): LoadInterval[] {
	const intervals: LoadInterval[] = [];
	const recorder = new Recorder({
		load: "orders",
		worker,
		phases: [
			{ name: "warming", fromMs: 0 },
			{ name: "steady", fromMs: 1000 },
		],
		intervalMs: 1000,
		gauges: () => ({
			counters: {},
			inFlight: 0,
			waiting: 0,
			idleWaitMs: 0,
			loopDelayMaxMs: 0,
			cpuMs: 0,
		}),
		sampleOf: (code) => `${code} of worker ${worker}`,
		emit: (interval) => intervals.push(interval),
	});
	for (const { intendedMs, endMs, kind, hiddenMs = 0 } of samples) {
		recorder.due(intendedMs, intendedMs);
		if (kind === "dropped") {
			recorder.dropped(endMs, intendedMs);
			continue;
		}
		recorder.started(intendedMs, intendedMs, intendedMs);
		recorder.answered(endMs, intendedMs, intendedMs, kind, { addedMs: 0, hiddenMs });
		recorder.counted(endMs, intendedMs, kind === "ok" ? { kind } : { kind, code: "deadline" });
	}
	recorder.finish(samples.at(-1)!.endMs);
	recorder.destroy();
	return intervals;
}

const each = (count: number, kind: Sample["kind"], fromMs = 1000): Sample[] =>
	Array.from({ length: count }, (_, i) => ({
		intendedMs: fromMs + i,
		endMs: fromMs + i + 5,
		kind,
	}));

t.test("the summary of a phase adds up its workers", (t) => {
	const intervals = [
		...intervalsOf(0, [...each(500, "ok", 0), ...each(300, "ok")]),
		...intervalsOf(1, [...each(500, "ok", 0), ...each(200, "ok"), ...each(50, "unknown", 1200)]),
	];
	const steady = summarize(intervals, { fromMs: 1000, toMs: 1500 }, ["steady"]);
	t.match(steady, {
		offered_per_sec: 1100,
		achieved_per_sec: 1000,
		due_count: 550,
		started_count: 550,
		ok_count: 500,
		unknown_count: 50,
		dropped_count: 0,
		errors: { deadline: 50 },
		error_samples: { deadline: "deadline of worker 1" },
	});
	t.equal(summarize(intervals, { fromMs: 0, toMs: 1500 }).due_count, 1550);
	t.ok(Math.abs(steady.response_us.p50! - 5000) < 10);
	t.end();
});

t.test("achieved throughput is over the time until the last answer", (t) => {
	const samples: Sample[] = [...each(99, "ok"), { intendedMs: 1100, endMs: 3000, kind: "ok" }];
	const summary = summarize(intervalsOf(0, samples), { fromMs: 1000, toMs: 2000 }, ["steady"]);
	t.equal(summary.offered_per_sec, 100);
	t.equal(summary.achieved_per_sec, 50);
	const workers = [
		intervalsOf(0, samples),
		intervalsOf(1, each(100, "ok")),
		intervalsOf(2, each(100, "fail")),
	];
	for (const intervals of [workers, [...workers].reverse()])
		t.match(
			summarize(intervals.flat(), { fromMs: 1000, toMs: 2000 }),
			{ offered_per_sec: 300, achieved_per_sec: 100 },
			"whichever worker's it was, and in whatever order they are told",
		);
	t.end();
});

t.test("percentiles inside the tail of unknown and dropped operations are lower bounds", (t) => {
	const window = { fromMs: 1000, toMs: 2000 };
	const rows: [Sample["kind"], number, string[]][] = [
		["ok", 20, []],
		["dropped", 1000, []],
		[
			"dropped",
			10,
			["response_us.p99_9", "response_us.p99_99", "response_us.max", "response_us.mean"],
		],
		[
			"unknown",
			2,
			[
				"response_us.p99_9",
				"response_us.p99_99",
				"response_us.max",
				"response_us.mean",
				"service_us.p99_9",
				"service_us.p99_99",
				"service_us.max",
				"service_us.mean",
			],
		],
		[
			"dropped",
			20,
			[
				"response_us.p99",
				"response_us.p99_9",
				"response_us.p99_99",
				"response_us.max",
				"response_us.mean",
			],
		],
	];
	for (const [kind, count, censored] of rows) {
		const samples = [...each(1000 - count, "ok"), ...each(count, kind, 1999)];
		t.same(summarize(intervalsOf(0, samples), window).censored, censored, `${count} ${kind}`);
	}
	t.end();
});

t.test("without operations there are counts of 0 and no numbers", (t) => {
	const summary = summarize([], { fromMs: 0, toMs: 0 });
	t.match(summary, {
		due_count: 0,
		offered_per_sec: null,
		achieved_per_sec: null,
		response_us: { p50: null, max: null, mean: null },
		censored: [],
	});
	t.end();
});

t.test("what did not end ok is slower than any limit, in the share that it is", (t) => {
	const samples = (kinds: Sample["kind"][]) =>
		kinds.map((kind, i): Sample => ({ intendedMs: 0, endMs: kind === "ok" ? i + 1 : 0.5, kind }));
	const within = (kinds: Sample["kind"][]) =>
		summarize(intervalsOf(0, samples(kinds)), { fromMs: 0, toMs: 1000 }).ok_within_us;
	const all = within(Array.from({ length: 100 }, () => "ok"));
	t.ok(Math.abs(all.p90! - 90_000) < 100);
	t.ok(Math.abs(all.max! - 100_000) < 100);
	t.ok(all.mean !== null);
	// The quickest five fail at once: of the 95 others 90 are within 95 ms.
	const some = within(Array.from({ length: 100 }, (_, i) => (i < 5 ? "fail" : "ok")));
	t.ok(Math.abs(some.p90! - 95_000) < 1_000, `${some.p90}`);
	t.strictSame([some.p99, some.max, some.mean], [null, null, null], "fewer than 99 did");
	const ninety = within(Array.from({ length: 100 }, (_, i) => (i < 10 ? "fail" : "ok")));
	t.ok(Math.abs(ninety.p90! - 100_000) < 100, "just as many did");
	t.strictSame(within(["fail", "unknown"]), {
		p50: null,
		p90: null,
		p99: null,
		p99_9: null,
		p99_99: null,
		max: null,
		mean: null,
	});
	t.end();
});

t.test(
	"at most each time is three times the lateness longer, and those that it spared the slowest",
	(t) => {
		// Of a thousand that took 1 to 1,000 ms the quickest hundred came late.
		const late = (hiddenMs: number, bad = 0) => {
			const samples = Array.from(
				{ length: 1000 + bad },
				(_, i): Sample => ({
					intendedMs: 0,
					endMs: i < 1000 ? i + 1 : 1000,
					kind: i < 1000 ? "ok" : "fail",
					hiddenMs: i < 100 ? hiddenMs : 0,
				}),
			);
			return summarize(intervalsOf(0, samples), { fromMs: 0, toMs: 1000 }).lateness!;
		};
		const times = {
			p50: 500,
			p90: 900,
			p99: 990,
			p99_9: 999,
			p99_99: 1000,
			max: 1000,
			mean: 500.5,
		};
		const beyond = { ...times, p50: 600, p90: 1000 };
		const longer = (told: typeof times, byMs: number) =>
			Object.fromEntries(Object.entries(told).map(([name, ms]) => [name, ms + byMs]));
		const rows: [hiddenMs: number, atMostMs: Record<string, number>, why: string][] = [
			[0, times, "none was late"],
			[10, longer(times, 30), "three times 10 ms, before so many others had ended"],
			[
				1_000,
				{ ...longer(times, 3_000), p50: beyond.p50, p90: beyond.p90 },
				"what was not late had ended sooner, as far as there is enough of it",
			],
		];
		for (const [hiddenMs, atMostMs, why] of rows) {
			const { hidden_us, late_count, at_most } = late(hiddenMs);
			t.match(
				{ hidden_us, late_count },
				{ hidden_us: 1_000 * hiddenMs, late_count: hiddenMs && 100 },
			);
			for (const [time, quantiles] of Object.entries(at_most)) {
				t.same(Object.keys(quantiles), Object.keys(atMostMs));
				for (const [name, us] of Object.entries(quantiles)) {
					const wantedUs = 1_000 * atMostMs[name]!;
					t.ok(Math.abs(us! - wantedUs) <= 1_000, `${time}.${name} is ${us}, ${wantedUs}: ${why}`);
				}
			}
		}
		const { p50, p90, p99 } = late(1_000, 60).at_most.ok_within_us;
		// Half of the 1,060 due are 530: so many of those in time had ended within 630 ms.
		t.ok(Math.abs(p50! - 630_000) <= 1_000, `${p50}`);
		t.ok(Math.abs(p90! - 3_954_000) <= 2_000, `${p90}: too few in time`);
		t.equal(p99, null, "nor is there one as told");
		t.end();
	},
);
