import t from "tap";
import type { RunDocument } from "../../../daemon/record/document.ts";
import { elapsedMs, hear, paceNow } from "../../../daemon/tui/dashboard.ts";
import { orphaned } from "../../../daemon/tui/orphan.ts";
import { verdictLine } from "../../../daemon/tui/panels/header.ts";
import { plainText } from "../../../daemon/tui/text.ts";
import { dashboard, recorded, runId, startMs, summary } from "./recorded.ts";

const nowMs = startMs + 5_000;

t.test("the active run is followed, before newer ones that wait", (t) => {
	const runs = [
		summary({ runId: "c", state: "queued", startedAt: null }),
		summary({ runId: "b", state: "queued", startedAt: null }),
		summary({ runId: "a", state: "steady" }),
	];
	let state = hear(dashboard(), { kind: "runs", runs, nowMs });
	t.equal(state.followed?.runId, "a");
	runs[2] = summary({ runId: "a", state: "done", verdict: "passed" });
	state = hear(state, { kind: "runs", runs, nowMs });
	t.equal(state.followed?.runId, "b", "then the one that has waited the longest");
	t.end();
});

t.test("an idle daemon's last run that did anything is shown", (t) => {
	const runs = [
		summary({ runId: "b", state: "aborted", verdict: "invalid", startedAt: null }),
		summary({ runId: "a", state: "done", verdict: "passed" }),
	];
	t.equal(hear(dashboard(), { kind: "runs", runs, nowMs }).followed?.runId, "a");
	t.end();
});

t.test("events of a run that is no longer followed change nothing", (t) => {
	const [event] = recorded("on");
	if (event === undefined) throw new Error("the recording has events");
	const state = dashboard(recorded("off").slice(0, 3));
	const after = hear(state, { kind: "event", runId: "other", event, nowMs: state.nowMs });
	t.same(after, state);
	t.end();
});

t.test("a run's time goes on with the clock, and stands still once it has ended", (t) => {
	const state = hear(dashboard(recorded("off").slice(0, 3)), { kind: "tick", nowMs });
	t.equal(elapsedMs(state), 5_000);
	const endedAt = new Date(startMs + 8_000).toISOString();
	const runs = [summary({ state: "done", verdict: "failed", endedAt })];
	t.equal(elapsedMs(hear(state, { kind: "runs", runs, nowMs: nowMs + 60_000 })), 8_000);
	t.end();
});

t.test("a daemon that is away is said with since when, and what was seen stays", (t) => {
	const before = dashboard(recorded("off").slice(0, 20));
	const away = { kind: "away", message: "fetch failed", refused: true } as const;
	let state = hear(before, { ...away, nowMs });
	state = hear(state, { ...away, nowMs: nowMs + 9_000 });
	t.match(state.daemon, { state: "away", sinceMs: nowMs });
	t.equal(state.followed, before.followed);
	state = hear(state, { kind: "runs", runs: [summary()], nowMs: nowMs + 10_000 });
	t.match(state.daemon, { state: "up" });
	t.equal(state.followed, before.followed, "the run is the same one");
	t.end();
});

t.test("an owner gives the terminal back when its daemon stops listening, a guest waits", (t) => {
	const away = { kind: "away", message: "fetch failed" } as const;
	const after = (role: "owner" | "guest", refused: boolean) => {
		const first = hear(dashboard([], role), { ...away, refused, nowMs });
		return orphaned(hear(first, { ...away, refused, nowMs: nowMs + 4_000 }), false);
	};
	t.equal(after("owner", true), true);
	t.equal(after("owner", false), false, "a daemon that is only slow still takes connections");
	t.equal(after("guest", true), false);
	t.equal(orphaned(dashboard([], "guest"), true), true, "whoever has no parent left");
	t.end();
});

t.test("notices go by themselves", (t) => {
	let state = hear(dashboard(), { kind: "answered", text: "started x", tone: "good", nowMs });
	t.equal(state.notice?.text, "started x");
	state = hear(state, { kind: "tick", nowMs: nowMs + 10_000 });
	t.equal(state.notice, null);
	t.end();
});

t.test("the verdict line holds verdict, expectation, and the first of the reasons", (t) => {
	const events = recorded("off");
	let state = dashboard(events);
	const end = events.at(-1);
	if (end?.type !== "end") throw new Error("the recording ends");
	const runs = [summary({ state: "done", verdict: "failed", asExpected: true })];
	state = hear(state, { kind: "runs", runs, nowMs });
	t.match(
		plainText(verdictLine(state)),
		/^failed, as expected: \(1 of 5\) check_failed exactly-once: of 244/,
	);
	const { reasons } = end;
	const document = {
		runId,
		state: "done",
		verdict: "failed",
		expect: "passed",
		reasons,
		checks: [],
		faults: [],
	};
	state = hear(state, { kind: "document", document: document as unknown as RunDocument, nowMs });
	t.match(plainText(verdictLine(state)), /^failed, NOT as expected \(passed\): /);
	t.end();
});

t.test("another case, or another run, begins at the pace that it planned", (t) => {
	const events = recorded("off").slice(0, 20);
	const change = { ratePerSec: 500 };
	const steered = hear(dashboard(events), {
		kind: "steered",
		runId,
		load: "orders",
		change,
		nowMs,
	});
	t.match(paceNow(steered, "orders"), { ratePerSec: 500, paused: false });
	const warming = { id: 99, ms: 9_000, type: "state", state: "warming", case: "b" } as const;
	const next = hear(steered, { kind: "event", runId, event: warming, nowMs });
	t.equal(paceNow(next, "orders"), null, "nothing of this case was seen yet");
	const runs = [summary({ runId: "b", state: "steady" })];
	t.same(hear(steered, { kind: "runs", runs, nowMs }).steered, {});
	const late = { kind: "steered", runId: "gone", load: "orders", change, nowMs } as const;
	t.match(hear({ ...next, busy: "steering" }, late), { steered: {}, busy: null });
	t.end();
});

t.test("the selection stays with its scenario when the list changes", (t) => {
	const state = { ...dashboard(), selected: "plain" };
	const scenarios = state.scenarios.slice(1).toReversed();
	t.equal(hear(state, { kind: "scenarios", scenarios, nowMs }).selected, "plain");
	t.equal(hear(state, { kind: "scenarios", scenarios: [], nowMs }).selected, null);
	t.end();
});
