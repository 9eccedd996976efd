import t from "tap";
import { missedOffer, missedOk, nothingOk } from "../../load/offered.ts";
import { type LoadInterval, zeroCounts } from "../../load/report.ts";
import { perSec, rig } from "./rig.ts";

const limits = { inFlightMax: 8, deadlineMs: 500 };
const window = { fromMs: 1_000, toMs: 5_000 };

/** An interval of 250 operations due. */
const interval = (index: number, started: number, worker = 0): LoadInterval => ({
	load: "orders",
	worker,
	index,
	counters: {},
	inFlight: 0,
	waiting: 0,
	idleWaitMs: 0,
	loopDelayMaxMs: 0,
	cpuMs: 0,
	clamped: 0,
	slices: [
		{
			phase: "steady",
			counts: { ...zeroCounts(), due: 250, started },
			errors: {},
			errorSamples: {},
			lastOkEndMs: null,
			lateness: { addedMs: 0, hiddenMs: 0, count: 0 },
			responseUs: "",
			okResponseUs: "",
			serviceUs: "",
			queueUs: "",
			scheduleLagUs: "",
		},
	],
});

const judge = (started: number[], { dropped = 0, due = 1_000 } = {}) =>
	missedOffer(
		{ due_count: due, dropped_count: dropped, offered_per_sec: due / 4 },
		started.map((count, i) => interval(i + 1, count)),
		1_000,
		window,
		limits,
	);

t.test(
	"an offered rate is missed where more than 1 % was dropped, or still waits at the end",
	(t) => {
		const even = [250, 250, 250, 250];
		const rows: [started: number[], dropped: number, missed: RegExp | null, why: string][] = [
			[even, 0, null, "all started"],
			[even, 10, null, "1 % is allowed"],
			[even, 11, /of 1000 operations due 11 did not/, "more than 1 % dropped"],
			[[240, 240, 240, 240], 0, /1000 operations due 40 did/, "a queue that grows to the end"],
			[[150, 350, 250, 250], 0, null, "a queue that was worked off"],
			[[250, 250, 250, 200], 0, null, "a hiccup at the end, and nothing of it was dropped"],
			[[250, 250, 250, 0], 250, /due 250 did not/, "a target that stands still at the end"],
			[[300, 250, 250, 250], 0, null, "warm-up's queue was worked off"],
			[[250, 0], 0, null, "too short to know a queue from a hiccup"],
		];
		for (const [started, dropped, missed, why] of rows) {
			const seen = judge(started, { dropped });
			if (missed === null) t.equal(seen, null, why);
			else t.match(seen, missed, why);
		}
		t.equal(judge([], { due: 0 }), null, "nothing was offered");
		const noLength = { due_count: 9, dropped_count: 9, offered_per_sec: null };
		t.equal(missedOffer(noLength, [], 1_000, { fromMs: 0, toMs: 0 }, limits), null, "no rate");
		t.end();
	},
);

t.test("it says the numbers, and the limit that held the operations back", (t) => {
	t.match(
		judge([225, 225, 225, 225]),
		/due 100 did not start in time; 250\/s were offered, 225\/s started; at most 8 were in flight, each for up to 500 ms/,
	);
	t.end();
});

t.test("a load that must succeed was there only if enough of what was due ended ok", (t) => {
	const summary = { due_count: 1_000, offered_per_sec: 500, errors: { LEADER_GONE: 11 } };
	t.equal(missedOk({ ...summary, ok_count: 990 }, { okPctMin: 99 }), null, "1 % is allowed");
	t.equal(
		missedOk({ ...summary, ok_count: 980 }, { okPctMin: 99 }),
		"of 1000 operations due 980 succeeded (98.0 %, at least 99 % are needed); 500/s were offered, 490/s taken; the others: LEADER_GONE 11",
	);
	const two = { ...summary, ok_count: 980, errors: { LEADER_GONE: 11, deadline: 9 } };
	t.match(missedOk(two, { okPctMin: 99 }), /: LEADER_GONE 11, deadline 9$/);
	const noLength = { ...two, offered_per_sec: null };
	t.equal(missedOk(noLength, { okPctMin: 99 }), null, "no rate");
	t.match(missedOk({ ...summary, ok_count: 0, errors: {} }, { okPctMin: 99 }), /never ended/);
	t.equal(
		missedOk({ ...summary, ok_count: 0 }, {}),
		null,
		"whatever it is, is what was looked for",
	);
	t.equal(missedOk({ ...summary, due_count: 0, ok_count: 0 }, { okPctMin: 99 }), null);
	t.end();
});

t.test("workers count together, intervals outside of the window do not", (t) => {
	const whole = [1, 2, 3, 4].flatMap((i) => [interval(i, 200, 0), interval(i, 300, 1)]);
	const around = [interval(0, 0), interval(5, 0)];
	const summary = { due_count: 2_000, dropped_count: 0, offered_per_sec: 500 };
	t.equal(missedOffer(summary, [...around, ...whole], 1_000, window, limits), null);
	t.end();
});

t.test(
	"a target slower than the rate makes a queue that is seen; a closed load makes none",
	async (t) => {
		const run = async (arrival: Parameters<typeof rig>[0]["arrival"]) => {
			const { time, loop, ended, intervals, summary } = rig({
				arrival,
				slots: 2,
				deadlineMs: 60_000,
				work: (_, time) => time.pause(25).then(() => undefined),
			});
			loop.stop(5_000);
			await time.runTo(40_000);
			t.match(await ended, { dropped: 0 }, "all of it started in the end");
			return missedOffer(summary(5_000), intervals, 1_000, window, limits);
		};
		t.match(await run({ pacer: perSec(100) }), /100\/s were offered/, "2 slots of 25 ms hold 80/s");
		t.equal(await run({ pacer: perSec(75) }), null);
		t.equal(await run({ thinkMs: 0 }), null);
	},
);

t.test("a load of which nothing succeeded says so, with the commonest error first", (t) => {
	const error_samples = { http_500: "500 Out of order", reset: "reset" };
	const rows: [ok: number, due: number, errors: object, said: string | null, why: string][] = [
		[1, 100, { http_500: 99 }, null, "one did"],
		[0, 100, {}, "of 100 operations due none succeeded: none of them ended", "silence"],
		[
			...([0, 100, { deadline: 1, http_500: 99 }] as const),
			...([
				"of 100 operations due none succeeded: http_500 99, deadline 1; http_500 said: 500 Out of order",
				"refusals",
			] as const),
		],
		[0, 9, { reset: 9 }, "of 9 operations due none succeeded: reset 9", "it said its code"],
		[0, 9, { deadline: 9 }, "of 9 operations due none succeeded: deadline 9", "it said nothing"],
	];
	for (const [ok_count, due_count, errors, said, why] of rows)
		t.equal(nothingOk({ ok_count, due_count, errors: { ...errors }, error_samples }), said, why);
	t.match(
		nothingOk({ ok_count: 0, due_count: 0, errors: {}, error_samples }),
		/^no operation was due/,
	);
	t.end();
});
