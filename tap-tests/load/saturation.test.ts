import t from "tap";
import { type LoadInterval, zeroCounts } from "../../load/report.ts";
import { saturated } from "../../load/saturation.ts";
import { summarize } from "../../load/summary.ts";

const calm = (index: number, more: Partial<LoadInterval> = {}): LoadInterval => ({
	load: "orders",
	worker: 0,
	index,
	slices: [],
	counters: {},
	inFlight: 0,
	waiting: 0,
	idleWaitMs: 0,
	loopDelayMaxMs: 2,
	cpuMs: 0,
	clamped: 0,
	...more,
});

const summary = (lagUs: number | null, responseUs: number | null) => {
	const { response_us, schedule_lag_us } = summarize([], { fromMs: 0, toMs: 0 });
	return {
		response_us: { ...response_us, p50: responseUs },
		schedule_lag_us: { ...schedule_lag_us, p99: lagUs },
	};
};

t.test("the generator is judged by its lag, its event loop and its idle slots", (t) => {
	const twoHundred = Array.from({ length: 200 }, (_, index) => calm(index));
	const window = { fromMs: 0, toMs: 200_000 };
	const judge = (lagUs: number | null, responseUs: number | null, intervals = twoHundred) =>
		saturated(summary(lagUs, responseUs), intervals, 1000, window);
	t.same(judge(10_000, 1_000), [], "10 ms are allowed in any case");
	t.match(judge(10_100, 1_000), [/schedule lag p99 was 10.1 ms/]);
	t.same(judge(40_000, 1_000_000), [], "5 % of a slow response");
	t.match(judge(60_000, 1_000_000), [/over the limit of 50 ms/]);
	t.same(judge(null, null), []);
	const delayed = (...indexes: number[]) =>
		twoHundred.map((i) => (indexes.includes(i.index) ? { ...i, loopDelayMaxMs: 150 } : i));
	t.same(judge(0, 0, delayed(3, 4)), [], "1 % of the intervals");
	t.match(judge(0, 0, delayed(3, 4, 5)), [/event loop.*150 ms in 3 of 200/]);
	t.same(judge(0, 0, [calm(0, { loopDelayMaxMs: 100 })]), [], "100 ms are allowed");
	t.same(judge(0, 0, [calm(0, { idleWaitMs: 10 })]), [], "a timer may be late");
	t.match(judge(0, 0, [calm(0, { idleWaitMs: 20 }), calm(1, { idleWaitMs: 30.5 })]), [
		/waited up to 30.5 ms while slots were free/,
	]);
	const around = [calm(-1, { idleWaitMs: 20 }), calm(200, { idleWaitMs: 20 })];
	t.same(judge(0, 0, around), [], "outside of the window");
	t.end();
});

/** An interval in which so many operations started. */
const busy = (worker: number, index: number, started: number, cpuMs: number): LoadInterval =>
	calm(index, {
		worker,
		cpuMs,
		slices: [
			{
				phase: "steady",
				counts: { ...zeroCounts(), started },
				lastOkEndMs: null,
				lateness: { addedMs: 0, hiddenMs: 0, count: 0 },
				errors: {},
				errorSamples: {},
				responseUs: "",
				okResponseUs: "",
				serviceUs: "",
				queueUs: "",
				scheduleLagUs: "",
			},
		],
	});

t.test(
	"what the generator started, how busy it was, and what to do, is said with each reason",
	(t) => {
		const late = summary(50_000, 1_000);
		const intervals = [
			busy(0, 0, 900, 250),
			busy(1, 0, 900, 250),
			busy(0, 3, 70, 240),
			busy(1, 3, 55, 125),
			busy(0, 1, 50, 230),
			busy(1, 1, 40, 120),
			busy(0, 2, 61, 235),
			busy(1, 2, 62, 130),
			busy(0, 4, 1, 4),
			busy(1, 4, 1, 3),
		];
		const steady = { fromMs: 250, toMs: 1_200 };
		t.match(
			saturated(late, [...intervals, calm(2, { idleWaitMs: 20 })], 250, steady),
			[
				/^schedule lag .*; 2 workers started about 492\/s, the busiest with 94 % of a core: take more workers/,
				/while slots were free; 2 workers started about 492\/s, the busiest with 94 % of a core/,
			],
			"the median of the whole intervals, none of warm-up nor the short last one",
		);
		t.match(
			saturated(late, [busy(0, 0, 900, 250)], 250, { fromMs: 10, toMs: 200 }),
			[/; 1 worker held no rate for a whole interval$/],
			"of a part of an interval nothing is made up",
		);
		const paused = [busy(0, 1, 50, 10), busy(0, 2, 0, 0), busy(0, 3, 0, 0)];
		t.match(
			saturated(late, paused, 250, { fromMs: 250, toMs: 1_000 }),
			[
				/1 worker started about 200\/s, the busiest with \d % of a core: other processes kept it waiting/,
			],
			"while it was paused nothing was to be held",
		);
		const blocked = [busy(0, 1, 9, 800), busy(0, 2, 0, 0)];
		t.match(
			saturated(late, blocked, 250, { fromMs: 250, toMs: 500 }),
			[/the busiest with 100 % of a core/],
			"an interval closed late holds the time of those after it",
		);
		t.end();
	},
);
