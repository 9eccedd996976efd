import t from "tap";
import { FaultlineError } from "../../../base/errors.ts";
import type { Input } from "../../../daemon/tui/dashboard.ts";
import { type Api, Feed } from "../../../daemon/tui/feed.ts";
import { recorded, runId, scenarios, summary } from "./recorded.ts";

/** An API that answers as told, and the inputs it leads to. */
function feedOf(change: Partial<Api> = {}) {
	const inputs: Input[] = [];
	const ended = Promise.withResolvers<void>();
	const api: Api = {
		get: async <T>(path: string) => (path === "/stack" ? { components: [] } : { scenarios }) as T,
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

t.test("a poll brings the runs, and at first scenarios and components", async (t) => {
	const { feed, inputs } = feedOf();
	await feed.poll();
	await feed.poll();
	t.same(
		inputs.map(({ kind }) => kind),
		["runs", "scenarios", "components", "runs"],
	);
});

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
	t.equal(kinds[events.length], "document");
});

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
