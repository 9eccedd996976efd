import t from "tap";
import { hear } from "../../../daemon/tui/dashboard.ts";
import { quitCode } from "../../../daemon/tui/exit-codes.ts";
import { press, pressUnseen } from "../../../daemon/tui/keys.ts";
import { dashboard, recorded, runId } from "./recorded.ts";

const events = recorded("off").slice(0, 20);
const type = (state: ReturnType<typeof dashboard>, ...keys: string[]) =>
	keys.reduce<ReturnType<typeof press>>((pressed, key) => press(pressed.state, key), {
		state,
		effects: [],
	});

t.test("up and down stop at the ends of the list", (t) => {
	t.equal(type(dashboard(), "up").state.selected, "retry-storm");
	t.equal(type(dashboard(), "down").state.selected, "plain");
	t.equal(type(dashboard(), "down", "down", "down", "down").state.selected, "broken");
	t.end();
});

t.test("a scenario starts with the guard and size that were chosen for it", (t) => {
	t.same(type(dashboard(), "enter").effects, [
		{ do: "start", scenario: "retry-storm", params: { guard: "on", size: "default" } },
	]);
	t.same(type(dashboard(), "g", "z", "s").effects, [
		{ do: "start", scenario: "retry-storm", params: { guard: "off", size: "small" } },
	]);
	t.same(
		type(dashboard(), "g", "g", "z", "z", "z", "s").effects,
		type(dashboard(), "s").effects,
		"both go round",
	);
	t.same(
		type(dashboard(), "g", "down", "s").effects,
		[{ do: "start", scenario: "plain", params: { size: "default" } }],
		"a scenario without a twin is given no guard",
	);
	t.end();
});

t.test("a second Enter waits for the answer to the first", (t) => {
	const started = type(dashboard(), "enter", "enter");
	t.same(started.effects, []);
	const answered = hear(started.state, {
		kind: "answered",
		text: "started",
		tone: "good",
		nowMs: started.state.nowMs,
	});
	t.equal(press(answered, "enter").effects.length, 1);
	t.end();
});

t.test("what does not load is not started, and says so", (t) => {
	const { state, effects } = type(dashboard(), "down", "down", "enter");
	t.same(effects, []);
	t.match(state.notice?.text, /does not load/);
	t.end();
});

t.test("x stops the active run, and nothing where there is none", (t) => {
	t.same(type(dashboard(events), "x").effects, [{ do: "stop", runId }]);
	t.same(type(dashboard(), "x").effects, []);
	t.same(type(dashboard(events), "x", "x").effects, [], "nor again while it is being stopped");
	t.end();
});

t.test("+ and - ask for a tenth more or less of what the running load was offered", (t) => {
	const steer = (change: object) => [{ do: "steer", runId, load: "orders", change }];
	t.same(type(dashboard(events), "+").effects, steer({ ratePerSec: 264 }));
	t.same(type(dashboard(events), "-").effects, steer({ ratePerSec: 216 }));
	t.same(type(dashboard(events), "p").effects, steer({ paused: true }));
	t.end();
});

t.test("each press goes on from what the daemon took, and waits until it has", (t) => {
	let state = dashboard(events);
	const asked: object[] = [];
	const pressAndHear = (key: string) => {
		const pressed = press(state, key);
		t.same(press(pressed.state, key).effects, [], "the answer is still owed");
		state = pressed.state;
		for (const effect of pressed.effects) {
			if (effect.do !== "steer") throw new Error(effect.do);
			const { load, change } = effect;
			asked.push(change);
			state = hear(state, { kind: "steered", runId, load, change, nowMs: state.nowMs });
		}
	};
	for (const key of ["+", "+", "p", "-", "p"]) pressAndHear(key);
	t.same(asked, [
		{ ratePerSec: 264 },
		{ ratePerSec: 290 },
		{ paused: true },
		{ ratePerSec: 261 },
		{ paused: false },
	]);
	t.end();
});

t.test("what the daemon refused changes no pace", (t) => {
	const pressed = type(dashboard(events), "p");
	const answer = { kind: "answered", text: "load is closed", tone: "bad" } as const;
	const refused = hear(pressed.state, { ...answer, nowMs: pressed.state.nowMs });
	t.match(press(refused, "p").effects, [{ change: { paused: true } }]);
	t.end();
});

t.test("a load that somebody else paused is steered from what it was offered before", (t) => {
	const view = events.findLast((event) => event.type === "interval")!;
	const idle = { ...view, id: 99, interval: { ...view.interval, dueCount: 0 } };
	t.match(type(dashboard([...events, idle]), "+").effects, [{ change: { ratePerSec: 264 } }]);
	t.end();
});

t.test("of several loads the first is steered, or the one in the charts", (t) => {
	const view = events.findLast((event) => event.type === "interval")!;
	const reads = { ...view, id: 99, interval: { ...view.interval, load: "reads", dueCount: 100 } };
	const state = dashboard([...events, reads]);
	t.match(type(state, "+").effects, [{ load: "orders" }]);
	t.match(type(state, "l", "+").effects, [{ load: "reads" }]);
	t.end();
});

t.test("where no load runs nothing is steered, and that is said", (t) => {
	for (const state of [dashboard(), dashboard(events.slice(0, 3)), dashboard(recorded("off"))]) {
		for (const key of ["+", "-", "p"]) {
			const pressed = press(state, key);
			t.same(pressed.effects, []);
			t.match(pressed.state.notice?.text, /no load is running/);
		}
	}
	t.end();
});

t.test("an owner who leaves while a run is active is asked first", (t) => {
	for (const key of ["q", "C-c"]) {
		const asked = type(dashboard(events), key);
		t.equal(asked.state.mode, "asking");
		t.same(asked.effects, []);
		t.same(press(asked.state, "y").effects, [{ do: "leave", exitCode: quitCode }]);
		t.same(press(asked.state, "C-c").effects, [{ do: "leave", exitCode: quitCode }]);
		for (const no of ["n", "escape", "q", "enter"]) {
			const stayed = press(asked.state, no);
			t.same(stayed.effects, [], `${no} stays`);
			t.equal(stayed.state.mode, "normal");
		}
	}
	t.end();
});

t.test("an owner of an idle daemon ends it at once, a guest leaves it alone at any time", (t) => {
	t.same(type(dashboard(), "q").effects, [{ do: "leave", exitCode: quitCode }]);
	t.same(type(dashboard(events, "guest"), "q").effects, [{ do: "leave", exitCode: 0 }]);
	t.end();
});

t.test("help closes with any key, and q leaves from it as from anywhere", (t) => {
	t.equal(type(dashboard(), "?").state.mode, "help");
	t.same(type(dashboard(), "?", "enter"), { state: dashboard(), effects: [] });
	t.equal(type(dashboard(), "?", "q").effects.length, 1);
	t.end();
});

t.test("the log scrolls between its ends", (t) => {
	const state = dashboard(events);
	const lines = state.followed?.log.length ?? 0;
	t.equal(type(state, "pagedown").state.logBack, 0);
	t.equal(type(state, ...Array<string>(99).fill("pageup")).state.logBack, lines - 1);
	t.equal(type(dashboard(), "pageup").state.logBack, 0, "where there is none");
	t.end();
});

t.test("a key that means nothing changes nothing", (t) => {
	const state = dashboard(events);
	t.same(press(state, "w"), { state, effects: [] });
	t.end();
});

t.test("where nothing is to be seen no key acts but those that leave", (t) => {
	for (const key of ["enter", "s", "x", "H", "f", "d", "+", "p", "y"]) {
		const { state, effects } = pressUnseen(dashboard(events), key);
		t.same(effects, [], key);
		t.equal(state.mode, "normal", key);
	}
	t.same(pressUnseen({ ...dashboard(events), role: "guest" }, "q").effects, [
		{ do: "leave", exitCode: 0 },
	]);
	const asked = pressUnseen(dashboard(events), "C-c");
	t.equal(asked.state.mode, "asking", "a run is active");
	for (const key of ["y", "S-y", "C-c"])
		t.same(pressUnseen(asked.state, key).effects, [{ do: "leave", exitCode: quitCode }], key);
	t.equal(pressUnseen(asked.state, "n").state.mode, "normal");
	t.end();
});

t.test("Ctrl-Z suspends a guest, and never the daemon with its owner", (t) => {
	const modes = ["normal", "asking", "choosing", "help", "red button"] as const;
	for (const mode of modes) {
		const guest = { ...dashboard(events), role: "guest" as const, mode };
		t.same(press(guest, "C-z").effects, [{ do: "suspend" }], mode);
		const { state, effects } = press({ ...dashboard(events), mode }, "C-z");
		t.same(effects, []);
		t.match(state.notice?.text, /the daemon would stand still/);
	}
	t.end();
});
