import { pressChooser } from "./chooser-keys.ts";
import {
	activeRun,
	choiceOf,
	type Dashboard,
	paceNow,
	shownLoad,
	sizes,
	tell,
} from "./dashboard.ts";
import type { Pressed } from "./effects.ts";
import { quitCode } from "./exit-codes.ts";
import { answerRedButton, pressFaultKey } from "./fault-keys.ts";
import { type Pace, type PaceChange, timesAsFast } from "./pace.ts";

const logPage = 5;

/** The keys, as the help shows them. */
export const keyHelp: readonly [key: string, what: string][] = [
	["up, down", "select a scenario"],
	["Enter, s", "start it"],
	["g", "its guard on or off: off is the naive twin"],
	["z", "its size: default, small, large"],
	["x", "stop the run; its faults are healed first"],
	["f", "break something by hand, for a while"],
	["d, Tab", "heal the marked fault by hand; mark the next one"],
	["H", "red button: heal all, stop every run, block new ones"],
	["u", "let new runs and faults in again after H"],
	["+, -", "the load in the charts a tenth faster, or slower"],
	["p", "pause it, and go on"],
	["l", "the next load in the charts"],
	["PgUp, PgDn", "scroll the log"],
	["r", "refresh everything"],
	["?", "this help"],
	["Ctrl-Z", "suspend a dashboard that is not the daemon's own"],
	["q, Ctrl-C", "leave"],
];

/** The state after a key, and what is to be done. Keys are named as blessed names them. */
export function press(state: Dashboard, key: string): Pressed {
	const only = (next: Dashboard): Pressed => ({ state: next, effects: [] });
	if (key === "C-z") return suspend(state);
	if (state.mode === "asking") return answer(state, key);
	if (key === "C-c") return quit({ ...state, mode: "normal" });
	if (state.mode === "red button") return answerRedButton(state, key);
	if (state.mode === "choosing") return pressChooser(state, key);
	if (state.mode === "help" && key !== "q") return only({ ...state, mode: "normal" });
	const ofFaults = pressFaultKey(state, key);
	if (ofFaults !== null) return ofFaults;
	switch (key) {
		case "up":
		case "k":
			return only(move(state, -1));
		case "down":
		case "j":
			return only(move(state, 1));
		case "enter":
		case "s":
			return start(state);
		case "g":
			return only(toggleGuard(state));
		case "z":
			return only(nextSize(state));
		case "x":
			return stop(state);
		case "+":
		case "=": // the same key, without Shift
			return steer(state, (pace) => timesAsFast(pace, 1.1));
		case "-":
			return steer(state, (pace) => timesAsFast(pace, 0.9));
		case "p":
			return steer(state, ({ paused }) => ({ paused: !paused }));
		case "l":
			return only(nextLoad(state));
		case "pageup":
			return only({ ...state, logBack: Math.min(logEnd(state), state.logBack + logPage) });
		case "pagedown":
			return only({ ...state, logBack: Math.max(0, state.logBack - logPage) });
		case "r":
			return { state: tell(state, "refreshed", "dim"), effects: [{ do: "refresh" }] };
		case "?":
		case "h":
			return only({ ...state, mode: "help" });
		case "q":
			return quit(state);
		default:
			return only(state);
	}
}

/** What a key does where the screen is too small to show it: none but those that leave do anything. */
export function pressUnseen(state: Dashboard, key: string): Pressed {
	const leaves = state.mode === "asking" || key === "C-c" || key === "C-z";
	if (leaves) return press(state, key);
	return key === "q" ? quit({ ...state, mode: "normal" }) : { state, effects: [] };
}

/** The daemon is in the same process group as its owner's dashboard: with that it would stand still. */
function suspend(state: Dashboard): Pressed {
	if (state.role === "guest") return { state, effects: [{ do: "suspend" }] };
	const why = "not suspended: the daemon would stand still with it; faultline top can be suspended";
	return { state: tell(state, why, "warn"), effects: [] };
}

/** A guest only leaves. Its owner's leaving ends the daemon, and with it a run: that is asked first. */
function quit(state: Dashboard): Pressed {
	if (state.role === "guest") return leave(state, 0);
	const running = state.daemon.state !== "away" && activeRun(state.runs) !== null;
	return running ? { state: { ...state, mode: "asking" }, effects: [] } : leave(state, quitCode);
}

function answer(state: Dashboard, key: string): Pressed {
	// Who presses Ctrl-C again means it.
	if (key === "y" || key === "S-y" || key === "C-c") return leave(state, quitCode);
	return { state: { ...state, mode: "normal" }, effects: [] };
}

function leave(state: Dashboard, exitCode: number): Pressed {
	return { state: { ...state, mode: "normal" }, effects: [{ do: "leave", exitCode }] };
}

function move(state: Dashboard, by: number): Dashboard {
	const names = state.scenarios.map(({ name }) => name);
	const at = names.indexOf(state.selected ?? "") + by;
	return { ...state, selected: names[Math.max(0, Math.min(names.length - 1, at))] ?? null };
}

/** The selected scenario, where it can be run at all. */
function selectedOf(state: Dashboard) {
	const row = state.scenarios.find(({ name }) => name === state.selected);
	return row === undefined || "error" in row ? null : row;
}

function start(state: Dashboard): Pressed {
	const row = selectedOf(state);
	if (row === null || state.busy !== null) {
		const why = state.busy ?? (state.selected === null ? "no scenario" : "it does not load");
		return { state: tell(state, `cannot start: ${why}`, "warn"), effects: [] };
	}
	const { guard, size } = choiceOf(state, row.name);
	const params: Record<string, string> = { size, ...(row.guarded ? { guard } : {}) };
	return {
		state: { ...tell(state, `starting ${row.name} …`, "plain"), busy: "starting" },
		effects: [{ do: "start", scenario: row.name, params }],
	};
}

function stop(state: Dashboard): Pressed {
	const run = activeRun(state.runs);
	if (run === null) return { state: tell(state, "no run is active", "dim"), effects: [] };
	if (state.busy === "stopping") return { state, effects: [] };
	return {
		state: { ...tell(state, "stopping: healing its faults …", "plain"), busy: "stopping" },
		effects: [{ do: "stop", runId: run.runId }],
	};
}

/** Asks for another pace of the load in the charts; one change waits for the answer to the one before. */
function steer(state: Dashboard, change: (pace: Pace) => PaceChange): Pressed {
	const { name: load } = shownLoad(state);
	const pace = load === null ? null : paceNow(state, load);
	if (state.followed === null || load === null || pace === null)
		return { state: tell(state, "no load is running", "dim"), effects: [] };
	if (state.busy !== null) return { state, effects: [] };
	const { runId } = state.followed;
	return {
		state: { ...state, busy: "steering" },
		effects: [{ do: "steer", runId, load, change: change(pace) }],
	};
}

function toggleGuard(state: Dashboard): Dashboard {
	const row = selectedOf(state);
	if (row === null) return state;
	if (!row.guarded) return tell(state, `${row.name} has no naive twin`, "warn");
	const choice = choiceOf(state, row.name);
	const guard = choice.guard === "on" ? "off" : "on";
	return { ...state, choices: { ...state.choices, [row.name]: { ...choice, guard } } };
}

function nextSize(state: Dashboard): Dashboard {
	const row = selectedOf(state);
	if (row === null) return state;
	const choice = choiceOf(state, row.name);
	const size = sizes[(sizes.indexOf(choice.size) + 1) % sizes.length] ?? choice.size;
	return { ...state, choices: { ...state.choices, [row.name]: { ...choice, size } } };
}

function nextLoad(state: Dashboard): Dashboard {
	const names = Object.keys(state.followed?.intervals ?? {});
	if (names.length < 2) return state;
	const at = Math.max(0, names.indexOf(state.load ?? ""));
	return { ...state, load: names[(at + 1) % names.length] ?? null };
}

function logEnd(state: Dashboard): number {
	return Math.max(0, (state.followed?.log.length ?? 0) - 1);
}
