import t from "tap";
import type { Operation } from "../../load/operation.ts";
import { OperationError } from "../../load/outcome.ts";
import { perSec, rig } from "./rig.ts";

const answered = async () => undefined;

t.test("starts each operation at its intended time, its own numbers in order", async (t) => {
	const starts: [number, number, number][] = [];
	const at: number[] = [];
	const { time, loop, ended } = rig({
		arrival: { pacer: perSec(100) },
		worker: 1,
		workers: 3,
		async work({ n, intendedMs, intendedAtMs }, { nowMs }) {
			starts.push([n, intendedMs, Math.floor(nowMs)]);
			at.push(intendedAtMs);
			return undefined;
		},
	});
	loop.stop(100);
	await time.runTo(200);
	const totals = await ended;
	t.same(starts, [
		[1, 10, 10],
		[4, 40, 40],
		[7, 70, 70],
	]);
	t.same(at, [1_000_010, 1_000_040, 1_000_070], "on the machine's clock, whatever the load's zero");
	t.match(totals, { due: 3, started: 3, ok: 3, dropped: 0 });
});

t.test("a timer that fires early starts nothing early", async (t) => {
	const early: number[] = [];
	const { time, loop, ended } = rig({
		arrival: { pacer: perSec(50) },
		earlyMs: 3,
		async work({ intendedMs }, { nowMs }) {
			if (nowMs < intendedMs) early.push(intendedMs);
			return undefined;
		},
	});
	loop.stop(1000);
	await time.runTo(1100);
	t.equal((await ended).ok, 50);
	t.same(early, []);
});

t.test("a stalled server shows up in response time, not in service time", async (t) => {
	let free = Promise.resolve();
	const { time, loop, ended, summary } = rig({
		arrival: { pacer: perSec(100) },
		slots: 1,
		work(_, time) {
			// One at a time, 1 ms each; but nothing is answered from 300 to 700 ms.
			const frozen = time.nowMs >= 300 && time.nowMs < 700 ? 700 - time.nowMs : 0;
			free = time.pause(frozen + 1);
			return free.then(() => undefined);
		},
	});
	loop.stop(1000);
	await time.runTo(2000);
	t.match(await ended, { due: 100, started: 100, ok: 100 });
	const { response_us, service_us, queue_us, schedule_lag_us } = summary(1000);
	t.ok(response_us.p90! > 300_000, "many operations were due during the freeze");
	t.ok(service_us.p90! < 2_000, "just one was sent into it");
	t.ok(queue_us.p99! > 300_000, "the others waited for its slot");
	t.ok(schedule_lag_us.max! < 2_000, "which is not the generator's lateness");
});

t.test("a blocked event loop shows up as schedule lag", async (t) => {
	const { time, loop, ended, summary } = rig({ arrival: { pacer: perSec(100) }, work: answered });
	loop.stop(1000);
	await time.runTo(500);
	time.block(200);
	await time.runTo(1100);
	t.equal((await ended).ok, 100);
	const { schedule_lag_us, queue_us } = summary(1000);
	t.ok(schedule_lag_us.max! > 180_000);
	t.ok(queue_us.max! < 2_000);
});

t.test("never has more in flight than it has slots", async (t) => {
	let inFlight = 0;
	let most = 0;
	const { time, loop, ended } = rig({
		arrival: { pacer: perSec(1000) },
		slots: 3,
		async work(_, time) {
			most = Math.max(most, ++inFlight);
			await time.pause(7);
			inFlight--;
			return undefined;
		},
	});
	loop.stop(300);
	await time.runTo(2000);
	t.equal((await ended).ok, 300);
	t.equal(most, 3);
});

t.test("past its deadline an operation is unknown, and its late result is ignored", async (t) => {
	const unhandled: unknown[] = [];
	const listener = (error: unknown) => unhandled.push(error);
	process.on("unhandledRejection", listener);
	t.teardown(() => process.off("unhandledRejection", listener));
	const held: Operation[] = [];
	const { time, loop, ended, summary } = rig({
		arrival: { pacer: perSec(10) },
		deadlineMs: 50,
		slots: 2,
		async work(operation, time) {
			held.push(operation);
			await time.pause(120);
			if (operation.n === 0) throw new Error("too late");
			return undefined;
		},
	});
	loop.stop(300);
	await time.runTo(1000);
	t.match(await ended, { started: 3, ok: 0, fail: 0, unknown: 3 });
	t.same(summary(300).errors, { deadline: 3 });
	t.match(
		summary(300).error_samples,
		{ deadline: /50 ms/ },
		"with the deadline, not the late error",
	);
	t.same(
		held.map(({ n }) => n),
		[0, 1, 2],
		"an operation that user code still holds is not given to the next one",
	);
	t.same(unhandled, []);
});

t.test("the signal aborts at the deadline, also when it is first read afterwards", async (t) => {
	const reasons: unknown[] = [];
	let late: Operation | undefined;
	const { time, loop, ended } = rig({
		arrival: { pacer: perSec(10) },
		deadlineMs: 50,
		async work(operation, time) {
			if (operation.n === 0) late = operation;
			else operation.signal.addEventListener("abort", () => reasons.push(operation.signal.reason));
			await time.pause(500);
			return undefined;
		},
	});
	loop.stop(200);
	await time.runTo(1000);
	await ended;
	t.match(reasons, [new OperationError("unknown", "deadline")]);
	t.ok(late?.signal.aborted);
});

t.test("an operation object is reused, with a signal of its own", async (t) => {
	const seen = new Set<Operation>();
	const signals = new Set<AbortSignal>();
	const { time, loop, ended } = rig({
		arrival: { pacer: perSec(100) },
		slots: 4,
		async work(operation) {
			seen.add(operation);
			signals.add(operation.signal);
			return undefined;
		},
	});
	loop.stop(200);
	await time.runTo(300);
	t.equal((await ended).ok, 20);
	t.equal(seen.size, 1);
	t.equal(signals.size, 20);
});

t.test("work that throws at once counts like work that rejects", async (t) => {
	const { time, loop, ended, summary } = rig({
		arrival: { pacer: perSec(10) },
		work({ n }) {
			if (n % 2 === 0) throw new OperationError("fail", "circuit_open");
			return Promise.reject(new TypeError("oops"));
		},
	});
	loop.stop(1000);
	await time.runTo(1100);
	t.match(await ended, { started: 10, fail: 5, unknown: 5 });
	t.same(summary(1000).errors, { circuit_open: 5, TypeError: 5 });
	t.same(summary(1000).error_samples, { circuit_open: "fail: circuit_open", TypeError: "oops" });
});

t.test("stop drains for one deadline: the rest is dropped or unknown", async (t) => {
	const { time, loop, ended, summary } = rig({
		arrival: { pacer: perSec(100) },
		slots: 2,
		deadlineMs: 450,
		work: (_, time) => time.pause(300).then(() => undefined),
	});
	loop.stop(200);
	await time.runTo(2000);
	// Pairs start at 0, 300 and 600 ms; the drain ends at 650 ms.
	t.match(await ended, { due: 20, started: 6, ok: 4, unknown: 2, dropped: 14 });
	t.same(summary(200).errors, { stopped: 2 });
	t.match(summary(200).error_samples, { stopped: /in flight/ }, "nothing was thrown");
});

t.test("abort ends at once and accounts for every operation", async (t) => {
	const { time, loop, ended, summary } = rig({
		arrival: { pacer: perSec(100) },
		slots: 2,
		work: () => new Promise(() => {}),
	});
	await time.runTo(95);
	time.block(50);
	loop.abort();
	t.match(
		await ended,
		{ due: 15, started: 2, unknown: 2, dropped: 13 },
		"those not yet noticed too",
	);
	t.same(summary(145).errors, { stopped: 2 });
});

t.test("a stop ahead lets operations go on until then", async (t) => {
	const { time, loop, ended } = rig({ arrival: { pacer: perSec(100) }, work: answered });
	await time.runTo(200);
	loop.stop(500);
	await time.runTo(499);
	loop.stop(800);
	await time.runTo(2000);
	t.equal((await ended).due, 50, "and the earlier of two stops counts");
});

t.test("a load whose arrival has no more operations ends by itself", async (t) => {
	const { time, ended } = rig({
		arrival: { pacer: (n) => (n < 7 ? n * 10 : null) },
		work: answered,
	});
	await time.runTo(1000);
	t.match(await ended, { due: 7, ok: 7 });
});

t.test("a closed loop starts the next only after the last has ended, thinkMs later", async (t) => {
	const starts: number[] = [];
	const { time, loop, ended, summary } = rig({
		arrival: { thinkMs: 30 },
		slots: 1,
		async work(_, time) {
			starts.push(Math.round(time.nowMs));
			await time.pause(20);
			return undefined;
		},
	});
	loop.stop(250);
	await time.runTo(500);
	t.match(await ended, { started: 5, ok: 5, dropped: 0 });
	t.same(starts, [0, 50, 100, 150, 200]);
	t.ok(summary(250).schedule_lag_us.max! < 2_000);
});

t.test("a closed loop whose work never waits lets the event loop turn", async (t) => {
	let done = 0;
	const { time, loop, ended } = rig({
		arrival: { thinkMs: 0 },
		slots: 1,
		async work() {
			if (++done === 50_000) loop.abort();
			return undefined;
		},
	});
	await new Promise(setImmediate);
	t.ok(done < 10_000, "something outside gets its turn");
	await time.runTo(10);
	t.equal((await ended).started, 50_000, "and the loop goes on afterwards");
});

t.test("a drain that is over starts nothing more", async (t) => {
	const { time, loop, ended } = rig({
		arrival: { pacer: perSec(100) },
		slots: 1,
		deadlineMs: 100,
		work: () => new Promise(() => {}),
	});
	loop.stop(20);
	await time.runTo(90);
	time.block(60);
	await time.runTo(200);
	t.match(await ended, { due: 2, started: 1, unknown: 1, dropped: 1 });
});

t.test("an interval without operations is emitted in time", async (t) => {
	const { time, intervals } = rig({ arrival: { pacer: () => 1e9 }, work: answered });
	await time.runTo(2001);
	t.match(intervals, [
		{ index: 0, slices: [] },
		{ index: 1, slices: [] },
	]);
});

t.test("emits each interval, the last one short, and a heartbeat each 100 ms", async (t) => {
	const { time, loop, ended, intervals, heartbeats } = rig({
		arrival: { pacer: perSec(10) },
		work: (_, time) => time.pause(130).then(() => undefined),
	});
	loop.stop(2500);
	await time.runTo(4000);
	await ended;
	t.same(
		intervals.map(({ index }) => index),
		[0, 1, 2],
	);
	t.same(
		intervals.map(({ slices }) => slices[0]?.counts.started),
		[10, 10, 5],
	);
	t.same(
		intervals.map(({ slices }) => slices[0]?.counts.ok),
		[9, 10, 6],
		"an interval holds what ended in it",
	);
	t.equal(intervals[0]!.inFlight, 1);
	t.ok(heartbeats.length >= 20 && heartbeats.length <= 26);
	t.same(
		heartbeats,
		[...heartbeats].sort((a, b) => a - b),
	);
});
