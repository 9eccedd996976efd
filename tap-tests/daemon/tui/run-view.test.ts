import t from "tap";
import { faultText } from "../../../daemon/tui/run-log.ts";
import { intervalsKept, logLinesKept, newRunView, seeEvent } from "../../../daemon/tui/run-view.ts";
import type { RunEvent } from "../../../daemon/tui/wire.ts";
import { folded, recorded, runId } from "./recorded.ts";

t.test("a recorded run folds into its states, faults, alerts, checks and end", (t) => {
	const view = folded(recorded("off"));
	t.same(
		view.visits.map(({ state }) => state),
		[
			"queued",
			"preparing",
			"warming",
			"steady",
			"faulting",
			"recovering",
			"verifying",
			"cleaning",
			"done",
		],
	);
	t.equal(view.visits[0]?.fromMs, 0, "what was before the run's zero is not on its axis");
	t.equal(view.faults.length, 1, "the records of one fault are one fault");
	t.match(view.faults[0], { kind: "timeout", on: "db", state: "healed" });
	t.equal(Math.round(view.faults[0]?.injectedMs ?? 0), 2_283);
	t.equal(Math.round(view.faults[0]?.healedMs ?? 0), 3_342);
	t.match(view.alerts, [{ rule: "orders-not-accepted", firing: true, firedCount: 1 }]);
	t.same(
		view.checks.map(({ id, ok }) => [id, ok]),
		[
			["exactly-once", false],
			["rows-match", true],
			["attempts-agree", true],
			["retry-amplification", false],
			["recovers-in-time", false],
		],
	);
	t.equal(view.intervals.orders?.length, 29);
	t.match(view.end, { state: "done", verdict: "failed" });
	t.end();
});

t.test("a stream that begins anew repeats nothing", (t) => {
	const events = recorded("on");
	t.same(folded([...events.slice(0, 20), ...events]), folded(events));
	t.end();
});

t.test("an alert that resolved is no longer firing, and keeps its count", (t) => {
	const [alert] = folded(recorded("on")).alerts;
	t.match(alert, { firing: false, firedCount: 1 });
	t.end();
});

t.test("an alert that somebody took on goes on firing", (t) => {
	const alert = { type: "alert", rule: "few", case: null, origin: "plan" } as const;
	const fired: RunEvent = { id: 1, ms: 10, ...alert, change: "fired" };
	const taken: RunEvent = { id: 2, ms: 20, ...alert, change: "acknowledged", by: "ana" };
	const view = folded([fired, taken]);
	t.match(view.alerts, [{ rule: "few", firing: true, firedCount: 1, changedMs: 10 }]);
	t.match(view.log.at(-1), { text: "few acknowledged by ana" });
	t.end();
});

t.test("intervals and log stay bounded however long a run takes", (t) => {
	const sample = recorded("off").find((event) => event.type === "interval");
	if (sample?.type !== "interval") throw new Error("the recording has intervals");
	let view = newRunView(runId);
	for (let i = 0; i < 1_000; i++) {
		const interval = { ...sample.interval, index: i, fromMs: i * 500, toMs: i * 500 + 500 };
		view = seeEvent(view, { id: 2 * i + 1, ms: i * 500 + 510, type: "interval", interval });
		view = seeEvent(view, { id: 2 * i + 2, ms: i * 500, type: "log", message: `line ${i}` });
	}
	t.equal(view.intervals.orders?.length, intervalsKept);
	t.equal(view.intervals.orders?.at(-1)?.index, 999, "the latest are kept");
	t.equal(view.log.length, logLinesKept);
	t.equal(view.log.at(-1)?.text, "line 999");
	t.end();
});

t.test("an interval in which the load ended is as long as the load was in it", (t) => {
	const { orders = [] } = folded(recorded("off")).intervals;
	t.match(orders.at(-2), { fromMs: 8_017, toMs: 8_267 });
	t.match(orders.at(-1), { fromMs: 8_267, toMs: 8_345.709 });
	const events = recorded("off").map((event) =>
		event.id === 44 ? { ...event, ms: 8_270 } : event,
	);
	t.equal(folded(events).intervals.orders?.at(-1)?.toMs, 8_267, "3 ms of load say nothing");
	t.end();
});

t.test("the log tells states, faults, alerts, checks and the end in their order", (t) => {
	const lines = folded(recorded("off")).log.map(({ what, text }) => `${what}: ${text}`);
	t.equal(lines[0], "state: queued");
	t.ok(lines.includes("fault: timeout on db injected, proved after 208 ms"));
	t.ok(lines.includes("fault: timeout on db healed after 1060 ms"));
	t.ok(lines.includes("alert: orders-not-accepted fired"));
	t.ok(lines.some((line) => line.startsWith("check: retry-amplification FAILED: 5.73 tries")));
	t.equal(lines.at(-1), "end: failed");
	t.end();
});

t.test("what scenario code logs can't act on the terminal", (t) => {
	const event: RunEvent = { id: 1, ms: 1, type: "log", message: "a\x1b[2Jb\x07\nsecond \u{1f4a5}" };
	t.same(
		folded([event]).log.map(({ text }) => text),
		["a b", "second ?"],
	);
	t.end();
});

t.test("a fault says how far it is", (t) => {
	const states = recorded("off").flatMap((event) => (event.type === "fault" ? [event.fault] : []));
	t.same(states.map(faultText), [
		"timeout on db planned at 2.267 s",
		"timeout on db injected, effect not proved yet",
		"timeout on db injected, proved after 208 ms",
		"timeout on db healed after 1060 ms",
	]);
	t.end();
});
