import t from "tap";
import type { Kind } from "../../../../scenarios/streams/backlog-replay/gate.ts";
import { gateSeen, replaySeen } from "../../../../scenarios/streams/backlog-replay/gate-seen.ts";
import type { GateLine } from "../../../../scenarios/streams/backlog-replay/grants.ts";
import { optimumMs } from "../../../../scenarios/streams/backlog-replay/optimum.ts";
import {
	reachedAfterMs,
	replayPerSec,
	type Slice,
	timelineOf,
} from "../../../../scenarios/streams/backlog-replay/timeline.ts";

const granted = (id: number, kind: Kind, count: number, atMs: number): GateLine => ({
	is: "granted",
	id,
	kind,
	count,
	askedAtMs: atMs,
	atMs,
});
const ended = (id: number, atMs: number, sinkMs: number, status = 200): GateLine => ({
	is: "ended",
	id,
	atMs,
	status,
	sinkMs,
});

t.test("the quickest that is safe is as arithmetic has it", (t) => {
	const slow = { fromMs: 2_000, toMs: 4_000, leftPerSec: 50 };
	const task = (backlog: number) => ({ backlog, leftPerSec: 100, slow });
	t.equal(optimumMs({ backlog: 1_000, leftPerSec: 100, slow: null }), 10_000);
	t.equal(optimumMs(task(150)), 1_500, "done before the sink is slow");
	t.equal(optimumMs(task(250)), 3_000, "200 before, 50 while it is");
	t.equal(optimumMs(task(400)), 5_000, "200, 100 and 100");
	t.equal(
		optimumMs({ ...task(100), slow: { ...slow, fromMs: -1_000 } }),
		2_000,
		"slow from before",
	);
	t.end();
});

t.test("the run is told in slices, of replay, live and the sink", (t) => {
	const lines = [
		granted(1, "replay", 16, 1_010),
		granted(2, "live", 1, 1_020),
		ended(1, 1_060, 31.4),
		granted(3, "replay", 16, 1_110),
		ended(2, 1_120, 99),
		ended(3, 1_140, 12),
	];
	const live = [
		{ atMs: 1_005, inTime: true },
		{ atMs: 1_015, inTime: false },
	];
	t.same(timelineOf(lines, live, { zeroAtMs: 1_000, sliceMs: 100 }), [
		[0, 16, 1, 2, 1, 31],
		[100, 16, 0, 0, 0, 12],
	]);
	t.end();
});

const slices = (counts: number[]): Slice[] =>
	counts.map((count, place) => [place * 100, count, 0, 0, 0, 0]);

t.test("a rate is found where it first lies beyond a limit for as long as one looks", (t) => {
	const falling = slices([100, 100, 100, 100, 100, 100, 30, 30, 30, 30, 30, 30]);
	t.equal(replayPerSec(falling, { fromMs: 0, toMs: 400 }), 1_000);
	const under = (untilMs: number) =>
		reachedAfterMs(falling, { fromMs: 200, toMs: untilMs }, 400, (perSec) => perSec <= 300);
	t.equal(under(1_200), 400);
	t.equal(under(900), null, "it was not looked at for long enough");
	t.end();
});

t.test("of a gate that had to begin anew the most counts that it held for safe", (t) => {
	const begun = (capacityPerSec: number): GateLine => ({
		is: "begun",
		atMs: 0,
		capacityPerSec,
		safePerSec: 0.8 * capacityPerSec,
	});
	const lines = [begun(1_000), granted(1, "replay", 16, 10), begun(900), granted(1, "live", 1, 20)];
	t.match(gateSeen(lines), {
		capacityPerSec: 1_000,
		safePerSec: 800,
		grantCount: 2,
		peakPerSec: 17,
		outOfTurnCount: 0,
	});
	t.end();
});

t.test("the replay is from its first batch to its last answer", (t) => {
	const lines = [
		granted(1, "live", 1, 900),
		granted(2, "replay", 16, 1_000),
		ended(2, 1_030, 20, 503),
		granted(3, "replay", 16, 1_100),
		ended(3, 1_150, 20),
		granted(4, "live", 1, 1_200),
		ended(4, 1_210, 2),
	];
	t.same(replaySeen(lines, 500), { fromMs: 500, toMs: 650, errorCount: 1 });
	t.equal(replaySeen([granted(1, "live", 1, 900)], 0), null);
	t.end();
});
