import t from "tap";
import type { Batch } from "../../../../scenarios/streams/backlog-replay/batches.ts";
import { measureCapacity } from "../../../../scenarios/streams/backlog-replay/capacity.ts";
import { Ramp } from "../../../../scenarios/streams/backlog-replay/ramp.ts";
import { type Answer, Replayer } from "../../../../scenarios/streams/backlog-replay/replayer.ts";

const batch = (first: number): Batch => ({
	partition: 0,
	first,
	last: first + 9,
	messages: Array.from({ length: 10 }, (_, n) => ({ n: first + n, key: 1, value: 1 })),
});

/** A replayer over a sink that answers as told, on a clock that only its own pauses move. */
function opened(answer: (sent: number) => Answer, { isGuarded = true, inFlightMax = 4 } = {}) {
	const clock = { nowMs: 0 };
	const sent: { first: number; atMs: number }[] = [];
	const open: (() => void)[] = [];
	const ramp = new Ramp({ safePerSec: 1_000, rampMs: 1_000, targetMs: 50 }, 0);
	const replayer = new Replayer({
		ramp: isGuarded ? ramp : null,
		inFlightMax,
		nowMs: () => clock.nowMs,
		async pause(ms) {
			clock.nowMs += ms;
		},
		async send({ first }) {
			sent.push({ first, atMs: clock.nowMs });
			const told = answer(sent.length);
			await new Promise<void>((resolve) => open.push(resolve));
			return told;
		},
	});
	const answerAll = async () => {
		for (let answered = open.splice(0); answered.length > 0; answered = open.splice(0)) {
			for (const resolve of answered) resolve();
			await new Promise((resolve) => setImmediate(resolve));
		}
	};
	return { clock, sent, replayer, ramp, answerAll };
}

const soon: Answer = { ok: true, sinkMs: 10 };

t.test("batches leave at the ramp's pace", async (t) => {
	const { sent, replayer, answerAll } = opened(() => soon);
	for (const first of [0, 10, 20]) await replayer.send(batch(first));
	t.same(
		sent.map(({ atMs }) => atMs),
		[0, 200, 400],
		"ten at fifty a second take 200 ms",
	);
	await answerAll();
	await replayer.drained();
	t.equal(replayer.messageCount, 30);
});

t.test("no more are on their way than may be", async (t) => {
	const { sent, replayer, answerAll } = opened(() => soon, { inFlightMax: 2 });
	const all = [0, 10, 20, 30].map((first) => replayer.send(batch(first)));
	await Promise.all(all.slice(0, 2));
	await new Promise((resolve) => setImmediate(resolve));
	t.equal(sent.length, 2);
	await answerAll();
	await Promise.all(all);
	await answerAll();
	await replayer.drained();
	t.equal(sent.length, 4);
});

t.test(
	"a batch that the sink did not take is sent until it does, and slows the ramp",
	async (t) => {
		const { sent, replayer, ramp, answerAll } = opened((n) => (n < 3 ? { ok: false } : soon));
		for (let nowMs = 10; nowMs <= 1_000; nowMs += 10) ramp.answered(10, nowMs);
		await replayer.send(batch(0));
		await answerAll();
		await replayer.drained();
		t.same(
			sent.map(({ first }) => first),
			[0, 0, 0],
		);
		t.ok(ramp.perSec < 1_000);
		t.equal(replayer.retryCount, 2);
		t.equal(replayer.messageCount, 10, "it counts once");
	},
);

t.test("without a ramp they leave as fast as they come, and again at once", async (t) => {
	const unguarded = { isGuarded: false, inFlightMax: 64 };
	const { clock, sent, replayer, answerAll } = opened(
		(n) => (n === 1 ? { ok: false } : soon),
		unguarded,
	);
	for (let first = 0; first < 100; first += 10) await replayer.send(batch(first));
	await answerAll();
	await replayer.drained();
	t.equal(sent.length, 11);
	t.equal(clock.nowMs, 0, "nobody has waited");
});

t.test("nothing to replay is done at once", async (t) => {
	const { replayer } = opened(() => soon);
	await replayer.drained();
	t.equal(replayer.messageCount, 0);
});

t.test("a capacity is measured without the round that came to idle slots", async (t) => {
	// Two slots of 10 ms that nobody had asked for anything, so that the first round is twice as long.
	const freeMs = [0, 0];
	const probe = async (count: number) => {
		const slot = freeMs[0]! <= freeMs[1]! ? 0 : 1;
		freeMs[slot]! += freeMs[slot] === 0 ? 2 * count : count;
		return freeMs[slot]!;
	};
	t.equal(await measureCapacity({ slots: 2, batch: 10, probe }), 2_000);
});
