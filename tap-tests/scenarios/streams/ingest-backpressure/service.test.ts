import { setImmediate } from "node:timers/promises";
import t, { type Test } from "tap";
import { monotonicMs } from "../../../../base/clock.ts";
import type { Decision } from "../../../../scenarios/streams/ingest-backpressure/decisions.ts";
import type { Downstream } from "../../../../scenarios/streams/ingest-backpressure/downstream.ts";
import { headers } from "../../../../scenarios/streams/ingest-backpressure/headers.ts";
import {
	guardedPolicy,
	naivePolicy,
	type Policy,
} from "../../../../scenarios/streams/ingest-backpressure/policies.ts";
import { ingestService } from "../../../../scenarios/streams/ingest-backpressure/service.ts";

const event = { eventId: "event-1", client: 3, priority: 1, amountCents: 500 };
const guarded = guardedPolicy({ serviceMs: 40 });

interface Options {
	policy?: Policy;
	publish?: Downstream["publish"];
	store?: Downstream["store"];
}

/** A service with what lies behind it as told, and what it has decided and done. */
async function opened(t: Test, { policy = guarded, ...behind }: Options = {}) {
	const decisions: Decision[] = [];
	const done: string[] = [];
	const app = await ingestService({
		policy,
		downstream: {
			async publish(event) {
				await behind.publish?.(event);
				done.push(`published ${event.eventId}`);
			},
			async store(event) {
				await behind.store?.(event);
				done.push(`stored ${event.eventId}`);
			},
		},
		usualDeadlineMs: 60_000,
		nowMs: monotonicMs,
		tell: (decision) => decisions.push(decision),
	});
	t.teardown(() => app.close());
	// It begins when it is called, and not when it is waited for.
	const post = async (given: { body?: object; said?: Record<string, string> } = {}) =>
		await app.inject({
			method: "POST",
			url: "/events",
			payload: given.body ?? event,
			headers: given.said ?? {},
		});
	return { post, decisions, done };
}

/** Work that never ends by itself. */
function held() {
	const { promise, resolve, reject } = Promise.withResolvers<void>();
	return { work: () => promise, resolve, reject };
}

t.test("an event is accepted when log and store have it, in this order", async (t) => {
	const { post, decisions, done } = await opened(t);
	t.equal((await post()).statusCode, 201);
	t.same(done, ["published event-1", "stored event-1"]);
	t.same(
		decisions.map(({ is }) => is),
		["queued", "started", "ended"],
	);
});

t.test("what the log does not take is not stored, and its client does not know", async (t) => {
	const { post, decisions, done } = await opened(t, {
		publish: () => Promise.reject(new Error("no leader")),
	});
	const { statusCode, headers: said } = await post();
	t.equal(statusCode, 502);
	t.notOk("retry-after" in said, "it is not said that nothing was done");
	t.same(done, []);
	t.match(decisions.at(-1), { is: "ended", how: "error" });
});

t.test("who is refused is told when to come again, and why", async (t) => {
	const { work, resolve } = held();
	const { post } = await opened(t, { store: work });
	const first = Array.from({ length: 10 }, () => post());
	const refused = await post();
	t.equal(refused.statusCode, 429);
	t.match(refused.headers, { "retry-after": /^[1-9]/, [headers.retryAfterMs]: /^[1-9]/ });
	t.same(refused.json(), { refused: "queue_full" });
	resolve();
	for (const { statusCode } of await Promise.all(first)) t.equal(statusCode, 201);
});

t.test("who is refused at the door is refused without its body being read", async (t) => {
	const { work, resolve } = held();
	const { post, decisions } = await opened(t, { store: work });
	const first = Array.from({ length: 10 }, () => post());
	while (decisions.filter(({ is }) => is === "queued").length < 10) await setImmediate();
	const { statusCode } = await post({ body: { nothing: "that is an event" } });
	t.equal(statusCode, 429);
	t.match(decisions.at(-1), { is: "refused", why: "queue_full" });
	resolve();
	await Promise.all(first);
	t.equal((await post({ body: { nothing: "that is an event" } })).statusCode, 400);
});

t.test("the header says how important it is, and that evicts one that waits", async (t) => {
	const { work, resolve } = held();
	const { post } = await opened(t, { store: work });
	const first = Array.from({ length: 10 }, () => post({ said: { [headers.priority]: "2" } }));
	const important = post({ said: { [headers.priority]: "0" } });
	const evicted = await first[9]!;
	t.equal(evicted.statusCode, 429);
	t.same(evicted.json(), { refused: "evicted" });
	resolve();
	t.equal((await important).statusCode, 201);
	await Promise.all(first);
});

t.test("a deadline that has passed is answered: waiting by 503, under way by 504", async (t) => {
	const { work, resolve } = held();
	const { post, done } = await opened(t, { publish: work });
	const soon = { said: { [headers.deadlineMs]: "400" } };
	const all = await Promise.all(Array.from({ length: 5 }, () => post(soon)));
	t.same(
		all.map(({ statusCode }) => statusCode),
		[504, 504, 504, 504, 503],
	);
	t.match(all[4]!.headers, { "retry-after": /^[1-9]/ }, "it was certainly not touched");
	t.notOk("retry-after" in all[0]!.headers);
	resolve();
	t.equal((await post()).statusCode, 201);
	t.equal(
		done.filter((what) => what === "stored event-1").length,
		1,
		"nothing is stored for nobody",
	);
	t.equal((await post({ said: { [headers.deadlineMs]: "0" } })).statusCode, 503);
});

t.test("as long as the log is away no more than may be is under way", async (t) => {
	const { work, resolve } = held();
	const { post, decisions } = await opened(t, { publish: work });
	const soon = { said: { [headers.deadlineMs]: "5" } };
	for (let round = 0; round < 5; round++)
		await Promise.all(Array.from({ length: 12 }, () => post(soon)));
	t.equal(decisions.filter(({ is }) => is === "started").length, 4);
	resolve();
	t.equal((await post()).statusCode, 201);
});

t.test("without guards nobody is refused, whatever its deadline", async (t) => {
	const { work, resolve } = held();
	const { post } = await opened(t, { policy: naivePolicy, store: work });
	const all = Array.from({ length: 50 }, () => post({ said: { [headers.deadlineMs]: "1" } }));
	resolve();
	for (const { statusCode } of await Promise.all(all)) t.equal(statusCode, 201);
});

t.test("headers that are no numbers are taken as not said", async (t) => {
	const { post, decisions } = await opened(t);
	const said = { [headers.priority]: "highest", [headers.deadlineMs]: "soon" };
	t.equal((await post({ said })).statusCode, 201);
	t.match(decisions[0], { is: "queued", priority: 1 });
	await post({ said: { [headers.priority]: "-7" } });
	t.match(decisions.at(-3), { is: "queued", priority: 0 }, "and beyond the ends is at the end");
});
