import t from "tap";
import type { Notification } from "../../../../daemon/desk/sinks/notification.ts";
import { queueLimits, SinkQueue } from "../../../../daemon/desk/sinks/queue.ts";
import { Refused } from "../../../../daemon/outgoing/post-json.ts";

const notification = (rule: string): Notification => ({
	id: rule,
	rule,
	change: "fired",
	runId: "r",
	scenario: "s",
	case: null,
	startedAt: "2026-01-01T00:00:00.000Z",
	endedAt: null,
});

/** A queue whose time passes only while it waits; `answers` are what the sink does, one try after the other. */
function rig(answer: (tries: number, rule: string) => Error | null, limits = {}) {
	const seen: string[] = [];
	const waits: number[] = [];
	const logged: string[] = [];
	let nowMs = 0;
	const queue = new SinkQueue(
		{
			kind: "webhook",
			target: "http://hooks",
			async deliver({ rule }) {
				seen.push(rule);
				const failure = answer(seen.length, rule);
				if (failure !== null) throw failure;
			},
		},
		{
			limits: { ...queueLimits, ...limits },
			log: (line) => logged.push(line),
			clock: {
				nowMs: () => nowMs,
				async wait(ms) {
					waits.push(ms);
					nowMs += ms;
				},
			},
		},
	);
	return { queue, seen, waits, logged };
}

t.test("what fails is tried again with a backoff, and order is kept", async (t) => {
	const { queue, seen, waits, logged } = rig((tries) => (tries <= 3 ? new Error("away") : null));
	queue.put(notification("a"));
	queue.put(notification("b"));
	await queue.idle();
	t.same(seen, ["a", "a", "a", "a", "b"]);
	t.same(waits, [500, 1_000, 2_000]);
	t.same(queue.counts, { sentCount: 2, retryCount: 3, droppedCount: 0 });
	t.same(logged, []);
});

t.test(
	"tries, age and length are bounded; what is dropped is counted, and said once",
	async (t) => {
		const away = () => new Error("away");
		const tries = rig(away);
		for (const rule of ["a", "b"]) tries.queue.put(notification(rule));
		await tries.queue.idle();
		t.equal(tries.seen.length, 12);
		t.same(tries.queue.counts, { sentCount: 0, retryCount: 10, droppedCount: 2 });
		t.same(tries.logged, ["alerts are not told to the webhook at http://hooks: away"]);

		const age = rig(away, { ageMaxMs: 1_000 });
		for (const rule of ["a", "b"]) age.queue.put(notification(rule));
		await age.queue.idle();
		t.same(age.seen, ["a", "a"], "the second was too old before its first try");
		t.equal(age.queue.counts.droppedCount, 2);

		const length = rig(() => null, { lengthMax: 3 });
		for (const rule of ["a", "b", "c", "d", "e"]) length.queue.put(notification(rule));
		await length.queue.idle();
		t.same(length.seen, ["a", "d", "e"], "the oldest that is not under way goes first");
		t.match(length.queue.counts, { sentCount: 3, droppedCount: 2 });
	},
);

t.test("what is refused for good is not tried again", async (t) => {
	const { queue, seen } = rig((_, rule) => (rule === "a" ? new Refused("it answered 404") : null));
	for (const rule of ["a", "b"]) queue.put(notification(rule));
	await queue.idle();
	t.same(seen, ["a", "b"]);
	t.same(queue.counts, { sentCount: 1, retryCount: 0, droppedCount: 1 });
});

t.test("whoever puts in never waits, and a close ends a try that hangs", async (t) => {
	const queue = new SinkQueue(
		{
			kind: "webhook",
			target: "http://hooks",
			deliver: (_, signal) =>
				new Promise((_, reject) =>
					signal.addEventListener("abort", () => reject(new Error("cut"))),
				),
		},
		{ clock: { nowMs: () => 0, wait: async () => {} }, log: () => {} },
	);
	queue.put(notification("a"));
	queue.put(notification("b"));
	t.equal(queue.waitingCount, 2);
	await queue.close();
	t.equal(queue.waitingCount, 0);
	queue.put(notification("c"));
	t.match(queue.counts, { sentCount: 0, droppedCount: 3 });
});
