import t from "tap";
import { FaultlineError } from "../../../base/errors.ts";
import type { Input } from "../../../daemon/tui/dashboard.ts";
import { type Api, Feed } from "../../../daemon/tui/feed.ts";
import { faultInForce, kinds, recorded, runId, scenarios, summary } from "./recorded.ts";

const answers: Record<string, unknown> = {
	"/stack": { components: [] },
	"/scenarios": { scenarios },
	"/faults": { faults: [], blocked: false },
};

/** An API that answers as told, and the inputs it leads to. */
function feedOf(change: Partial<Api> = {}) {
	const inputs: Input[] = [];
	const ended = Promise.withResolvers<void>();
	const api: Api = {
		get: async <T>(path: string) => (answers[path] ?? {}) as T,
		delete: async <T>() => ({}) as T,
		post: async <T>() => ({}) as T,
		start: async () => ({ runId, state: "queued", links: {} }),
		runs: async () => [summary()],
		run: async () => Promise.reject(new Error("not asked for here")),
		events: async function* () {},
		...change,
	};
	const hear = (input: Input) => {
		inputs.push(input);
		if (input.kind === "document") ended.resolve();
	};
	return { feed: new Feed({ api, hear, nowMs: () => 0 }), inputs, ended: ended.promise };
}

t.test(
	"a poll brings the runs and the faults in force, and at first scenarios and components",
	async (t) => {
		const { feed, inputs } = feedOf();
		await feed.poll();
		await feed.poll();
		t.same(
			inputs.map(({ kind }) => kind),
			["runs", "faults", "scenarios", "components", "runs", "faults"],
		);
	},
);

t.test("a daemon that does not answer is an input, not an exception", async (t) => {
	const refused = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
	const cause = new TypeError("fetch failed", { cause: refused });
	const error = new FaultlineError("FLT_NO_DAEMON", "no daemon answers", "start one", cause);
	const { feed, inputs } = feedOf({ runs: () => Promise.reject(error) });
	await feed.poll();
	t.match(inputs, [{ kind: "away", message: "no daemon answers", refused: true }]);
});

t.test("an error that the daemon sends does not make it away", async (t) => {
	const error = new FaultlineError("FLT_INTERNAL", "a mistake of ours", "");
	const { feed, inputs } = feedOf({ get: () => Promise.reject(error) });
	await feed.poll();
	t.match(inputs, [{ kind: "runs" }, { kind: "answered", text: "a mistake of ours", tone: "bad" }]);
});

t.test("while an answer is owed no other is asked for", async (t) => {
	let asked = 0;
	const answer = Promise.withResolvers<ReturnType<typeof summary>[]>();
	const { feed } = feedOf({
		runs: () => {
			asked += 1;
			return answer.promise;
		},
	});
	const first = feed.poll();
	await feed.poll();
	t.equal(asked, 1);
	answer.resolve([]);
	await first;
});

t.test("a followed run's events come in, then its record", async (t) => {
	const events = recorded("on");
	const { feed, inputs, ended } = feedOf({
		events: async function* () {
			yield* events;
		},
		run: async () => Object.assign(Object.create(null), { runId, endedAt: "then" }),
	});
	feed.follow(runId);
	feed.follow(runId);
	await ended;
	const kinds = inputs.map(({ kind }) => kind);
	t.equal(kinds.filter((kind) => kind === "event").length, events.length, "followed once");
	t.ok(kinds.indexOf("document") > kinds.lastIndexOf("event"));
});

t.test(
	"with a run it follows comes what was accepted for such runs, where anything was",
	async (t) => {
		const loads = [{ name: "orders", case: null, response_us: { p50: 12_000 } }];
		const heard = Promise.withResolvers<void>();
		const { feed, inputs } = feedOf({
			get: async <T>(path: string) => {
				t.equal(path, `/runs/${runId}/accepted`);
				setImmediate(heard.resolve);
				return { loads } as T;
			},
		});
		feed.follow(runId);
		await heard.promise;
		t.same(
			inputs.find(({ kind }) => kind === "accepted"),
			{
				kind: "accepted",
				runId,
				loads,
				nowMs: 0,
			},
		);
		const none = feedOf({ get: () => Promise.reject(new Error("away")) });
		none.feed.follow(runId);
		await new Promise(setImmediate);
		t.notOk(none.inputs.some(({ kind }) => kind === "accepted"));
	},
);

t.test("what the daemon refuses becomes a notice", async (t) => {
	const { feed, inputs } = feedOf({
		start: () => Promise.reject(new FaultlineError("FLT_CONFLICT", "the daemon ends", "")),
	});
	await feed.perform({ do: "start", scenario: "retry-storm", params: {} });
	t.match(inputs, [{ kind: "answered", text: "the daemon ends", tone: "bad" }]);
});

t.test("a load is steered through the API, and the dashboard is told when it was", async (t) => {
	const posted: [path: string, body: unknown][] = [];
	const { feed, inputs } = feedOf({
		post: async <T>(path: string, body?: unknown) => {
			posted.push([path, body]);
			return {} as T;
		},
	});
	const load = "orders & more";
	for (const change of [{ ratePerSec: 66 }, { paused: true }])
		await feed.perform({ do: "steer", runId, load, change });
	const path = `/runs/${runId}/loads/orders%20%26%20more`;
	t.same(posted, [
		[path, { ratePerSec: 66 }],
		[path, { paused: true }],
	]);
	t.match(inputs, [
		{ kind: "steered", runId, load, change: { ratePerSec: 66 } },
		{ kind: "steered", runId, load, change: { paused: true } },
	]);
});

t.test("a load that can't be steered becomes a notice", async (t) => {
	const error = new FaultlineError("FLT_CONFLICT", "the load is closed", "");
	const { feed, inputs } = feedOf({ post: () => Promise.reject(error) });
	await feed.perform({ do: "steer", runId, load: "orders", change: { paused: true } });
	t.match(inputs, [{ kind: "answered", text: "the load is closed", tone: "bad" }]);
});

/** The calls that these keys lead to, and what the dashboard is told. */
async function performed(answer: unknown, ...effects: Parameters<Feed["perform"]>[0][]) {
	const calls: unknown[][] = [];
	const { feed, inputs } = feedOf({
		post: async <T>(...call: unknown[]) => {
			calls.push(["POST", ...call]);
			return answer as T;
		},
		delete: async <T>(path: string) => {
			calls.push(["DELETE", path]);
			return answer as T;
		},
	});
	for (const effect of effects) await feed.perform(effect);
	return { calls, inputs, notices: inputs.filter(({ kind }) => kind === "answered") };
}

t.test(
	"a fault is injected through the API; what was seen of it is told, and the list",
	async (t) => {
		const fault = { kind: "latency", on: "db", params: { latencyMs: 200 }, forMs: 5_000 };
		const { calls, inputs, notices } = await performed(faultInForce(), { do: "inject", fault });
		t.same(calls, [["POST", "/faults", fault]]);
		t.match(notices, [{ text: /latency on postgres injected, proved after/, tone: "good" }]);
		t.ok(
			inputs.some(({ kind }) => kind === "faults"),
			"at once, not with the next poll",
		);
		const none = faultInForce({ state: "no_effect", seen: ["an answer after 1 ms"] });
		const unseen = await performed(none, { do: "inject", fault });
		t.match(unseen.notices, [{ text: /had no effect: an answer after 1 ms/, tone: "warn" }]);
	},
);

t.test("a fault is healed by its id, and one that resists is bad news", async (t) => {
	const healed = faultInForce({ state: "healed", healedMs: 900 });
	const { calls, notices } = await performed(healed, { do: "heal", id: "a/b" });
	t.same(calls, [["DELETE", "/faults/a%2Fb"]]);
	t.match(notices, [{ text: /healed after 899 ms/, tone: "good" }]);
	const failed = faultInForce({ state: "heal_failed", seen: ["no answer"] });
	const resists = await performed(failed, { do: "heal", id: "a" });
	t.match(resists.notices, [{ text: /NOT HEALED: no answer/, tone: "bad" }]);
});

t.test("the red button and its release go to the API, and say what they did", async (t) => {
	const answer = { healed: [faultInForce({ state: "healed" })], stoppedRuns: ["a", "b"] };
	const { calls, notices } = await performed(answer, { do: "heal all" }, { do: "release" });
	t.same(calls, [
		["POST", "/heal"],
		["POST", "/heal/release"],
	]);
	t.match(notices, [
		{ text: "healed 1 fault, stopped 2 runs; u lets new ones in", tone: "good" },
		{ text: "new runs and faults are let in again" },
	]);
	const failed = { healed: [faultInForce({ state: "heal_failed" })], stoppedRuns: [] };
	const resists = await performed(failed, { do: "heal all" });
	t.match(resists.notices, [{ text: /^NOT HEALED: latency on postgres/, tone: "bad" }]);
});

t.test("the kinds are asked for with their places", async (t) => {
	const { feed, inputs } = feedOf({
		get: async <T>(path: string) => (path === "/faults/kinds" ? { kinds } : {}) as T,
	});
	await feed.perform({ do: "look at kinds" });
	t.match(inputs, [{ kind: "kinds", kinds }]);
});
