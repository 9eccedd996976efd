import t from "tap";
import { markedFault } from "../../../daemon/tui/by-hand.ts";
import { draftOf } from "../../../daemon/tui/chooser.ts";
import { type Dashboard, hear } from "../../../daemon/tui/dashboard.ts";
import { press } from "../../../daemon/tui/keys.ts";
import type { FaultInForce } from "../../../daemon/tui/wire.ts";
import { dashboard, faultInForce, kinds, recorded } from "./recorded.ts";

const running = recorded("off").slice(0, 20);
const type = (state: Dashboard, ...keys: string[]) =>
	keys.reduce<ReturnType<typeof press>>((pressed, key) => press(pressed.state, key), {
		state,
		effects: [],
	});
/** A dashboard that knows the kinds and these faults. */
function knowing({
	faults = [] as FaultInForce[],
	blocked = false,
	state = dashboard(),
} = {}): Dashboard {
	const { nowMs } = state;
	const heard = hear(state, { kind: "faults", now: { faults, blocked }, nowMs });
	return hear(heard, { kind: "kinds", kinds, nowMs });
}
const latency = (change: object = {}) => [
	{
		do: "inject",
		fault: {
			kind: "latency",
			on: "postgres",
			params: { latencyMs: 200 },
			forMs: 15_000,
			...change,
		},
	},
];

t.test("f asks what can act here, and a first fault takes one more key", (t) => {
	const opened = type(knowing(), "f");
	t.equal(opened.state.mode, "choosing");
	t.same(opened.effects, [{ do: "look at kinds" }]);
	const injected = press(opened.state, "enter");
	t.same(injected.effects, latency());
	t.equal(injected.state.mode, "normal");
	t.end();
});

t.test("before the kinds are known Enter injects nothing, and says so", (t) => {
	const { state, effects } = type(dashboard(), "f", "enter");
	t.same(effects, []);
	t.match(state.notice?.text, /not known yet/);
	t.equal(hear(state, { kind: "kinds", kinds, nowMs: state.nowMs }).mode, "choosing");
	t.end();
});

t.test("kind, place and time are chosen with arrows, and stop at their ends", (t) => {
	t.same(type(knowing(), "f", "right", "down", "enter").effects, latency({ on: "redis" }));
	t.same(
		type(knowing(), "f", "right", "down", "down", "right", "down", "down", "down", "enter").effects,
		latency({ on: "redis", forMs: 300_000 }),
	);
	t.same(
		type(knowing(), "f", "left", "up", "up", "enter").effects,
		latency({ forMs: 5_000 }),
		"left of the first column is the last",
	);
	t.match(type(knowing(), "f", "up", "up", "enter").effects, [{ fault: { kind: "freeze" } }]);
	t.end();
});

t.test("a letter goes to the next kind that begins with it", (t) => {
	const kindAfter = (...keys: string[]) => draftOf(type(knowing(), "f", ...keys).state.byHand)?.row;
	t.match(kindAfter("t"), { kind: "timeout" });
	t.match(kindAfter("t", "l"), { kind: "long-lock" }, "what can act comes first in the list");
	t.match(kindAfter("t", "l", "l"), { kind: "latency" }, "round");
	t.match(kindAfter("z"), { kind: "latency" }, "none");
	t.end();
});

t.test("a place that the next kind does not know gives way to one that it does", (t) => {
	t.match(type(knowing(), "f", "f", "enter").effects, [{ fault: { kind: "freeze", on: "redis" } }]);
	t.end();
});

t.test("+ and - change the amount, each kind keeps its own", (t) => {
	t.same(type(knowing(), "f", "+", "enter").effects, latency({ params: { latencyMs: 500 } }));
	t.same(
		type(knowing(), "f", "-", "-", "t", "+", "l", "l", "enter").effects,
		latency({ params: { latencyMs: 50 } }),
	);
	t.end();
});

t.test("the same again takes two keys", (t) => {
	const first = type(knowing(), "f", "+", "right", "down", "right", "down", "enter");
	t.same(type(first.state, "f", "enter").effects, first.effects);
	t.end();
});

t.test("what can't act here, or needs a name, is not injected, and says why", (t) => {
	const lock = type(knowing(), "f", "t", "l", "enter");
	t.same(lock.effects, []);
	t.match(
		lock.state.notice?.text,
		"faultline faults inject long-lock --on postgres --for 15s -p table=…",
	);
	const evicted = type(knowing(), "f", "g", "enter");
	t.same(evicted.effects, []);
	t.match(evicted.state.notice?.text, "not here: no path leads to kafka");
	t.equal(evicted.state.mode, "choosing", "another can be chosen at once");
	t.end();
});

t.test("Escape leaves the chooser, Ctrl-C the dashboard", (t) => {
	t.match(type(knowing(), "f", "escape"), { state: { mode: "normal" }, effects: [] });
	t.match(type(knowing(), "f", "C-c").effects, [{ do: "leave" }]);
	t.match(type(knowing({ state: dashboard(running) }), "f", "C-c").state, { mode: "asking" });
	t.end();
});

t.test("an Enter too many after an injection starts no run", (t) => {
	t.same(type(knowing(), "f", "enter", "enter").effects, []);
	t.end();
});

t.test("d heals the newest fault by hand, or the one that Tab has marked", (t) => {
	const faults = ["a", "b", "c"].map((id) => faultInForce({ id }));
	const three = knowing({ faults: [...faults, faultInForce({ id: "own", byHand: false })] });
	t.same(type(three, "d").effects, [{ do: "heal", id: "c" }]);
	t.same(type(three, "tab", "d").effects, [{ do: "heal", id: "a" }]);
	t.same(type(three, "tab", "tab", "d").effects, [{ do: "heal", id: "b" }]);
	t.same(type(three, "d", "d").effects, [], "its answer is owed");
	const { nowMs, byHand } = type(three, "tab").state;
	const now = { faults: faults.slice(1), blocked: false };
	const later = hear({ ...three, byHand }, { kind: "faults", now, nowMs });
	t.equal(markedFault(later.byHand)?.id, "c", "the marked one is gone: the newest is meant");
	t.end();
});

t.test("without a fault by hand d heals nothing, and says what would", (t) => {
	t.match(type(knowing(), "d"), { effects: [], state: { notice: { text: /no fault by hand/ } } });
	const ofRun = knowing({ faults: [faultInForce({ byHand: false })] });
	t.match(type(ofRun, "d"), { effects: [], state: { notice: { text: /H heals all now/ } } });
	t.match(type(knowing(), "tab"), { effects: [] });
	t.end();
});

t.test("the red button asks first; y or H again means it", (t) => {
	for (const yes of ["y", "S-y", "S-h"])
		t.same(type(knowing(), "S-h", yes).effects, [{ do: "heal all" }]);
	for (const no of ["n", "escape", "enter", "d", "f"]) {
		const stayed = type(knowing(), "S-h", no);
		t.same(stayed.effects, [], no);
		t.equal(stayed.state.mode, "normal");
	}
	const healing = type(knowing({ faults: [faultInForce()] }), "d").state;
	t.same(type(healing, "S-h", "S-h").effects, [{ do: "heal all" }], "it waits for no answer");
	t.end();
});

t.test("while all is blocked no fault is chosen, and u lets new ones in", (t) => {
	const blocked = knowing({ blocked: true });
	t.match(type(blocked, "f"), {
		effects: [],
		state: { mode: "normal", notice: { text: /u lets them in/ } },
	});
	t.same(type(blocked, "u").effects, [{ do: "release" }]);
	t.same(type(knowing(), "u").effects, []);
	t.end();
});
