import { isFinal, type RunDocument } from "../record/document.ts";
import type { IntervalView } from "../record/interval.ts";
import { type ByHand, hearFaults, newByHand } from "./by-hand.ts";
import { inOrder } from "./chooser.ts";
import { type Pace, type PaceChange, paceOf } from "./pace.ts";
import { newRunView, type RunView, seeDocument, seeEvent } from "./run-view.ts";
import type { Tone } from "./text.ts";
import type {
	AcceptedLoad,
	Component,
	FaultsNow,
	KindRow,
	RunEvent,
	RunSummary,
	ScenarioRow,
} from "./wire.ts";

export type Role = "owner" | "guest";
export const sizes = ["default", "small", "large"] as const;

/** With what the selected scenario would be started. */
export interface Choice {
	guard: "on" | "off";
	size: (typeof sizes)[number];
}

/** Everything that is on the screen, as plain data. */
export interface Dashboard {
	role: Role;
	url: string;
	/** By the wall clock, of the last thing heard. */
	nowMs: number;
	daemon:
		| { state: "connecting" | "up" }
		| { state: "away"; sinceMs: number; message: string; refused: boolean };
	scenarios: ScenarioRow[];
	components: Component[];
	/** Newest first. */
	runs: RunSummary[];
	followed: RunView | null;
	/** Name of the scenario that keys act on. */
	selected: string | null;
	choices: Record<string, Choice>;
	/** `asking`: is the daemon to end? `red button`: is everything to be healed? `choosing`: a fault by hand. */
	mode: "normal" | "asking" | "red button" | "choosing" | "help";
	/** A request under way; another of its kind waits for its answer. */
	busy: "starting" | "stopping" | "steering" | "injecting" | "healing" | null;
	notice: { text: string; tone: Tone; untilMs: number } | null;
	/** Lines between the end of the log and the last one shown. */
	logBack: number;
	/** The load in the charts; null is the first. */
	load: string | null;
	/** Load → what it was steered to from here, in the case that runs. */
	steered: Record<string, Pace>;
	byHand: ByHand;
}

/** What reaches the dashboard from the daemon and the clock. */
export type Input = { nowMs: number } & (
	| { kind: "runs"; runs: RunSummary[] }
	| { kind: "scenarios"; scenarios: ScenarioRow[] }
	| { kind: "components"; components: Component[] }
	| { kind: "faults"; now: FaultsNow }
	| { kind: "kinds"; kinds: KindRow[] }
	| { kind: "event"; runId: string; event: RunEvent }
	| { kind: "document"; document: RunDocument }
	| { kind: "accepted"; runId: string; loads: AcceptedLoad[] }
	/** `refused`: nobody listens any more, as opposed to an answer that does not come. */
	| { kind: "away"; message: string; refused: boolean }
	| { kind: "answered"; text: string; tone: Tone }
	/** The daemon did as it was asked to. */
	| { kind: "steered"; runId: string; load: string; change: PaceChange }
	| { kind: "tick" }
);

const noticeMs = 6_000;

export function newDashboard(role: Role, url: string, nowMs: number): Dashboard {
	return {
		role,
		url,
		nowMs,
		daemon: { state: "connecting" },
		scenarios: [],
		components: [],
		runs: [],
		followed: null,
		selected: null,
		choices: {},
		mode: "normal",
		busy: null,
		notice: null,
		logBack: 0,
		load: null,
		steered: {},
		byHand: newByHand(),
	};
}

/** The dashboard after one more input. */
export function hear(before: Dashboard, input: Input): Dashboard {
	const { nowMs } = input;
	const notice = before.notice !== null && before.notice.untilMs <= nowMs ? null : before.notice;
	const state: Dashboard = { ...before, nowMs, notice };
	const up = { state: "up" } as const;
	switch (input.kind) {
		case "runs":
			return follow({ ...state, daemon: up, runs: input.runs });
		case "scenarios":
			return select({ ...state, daemon: up, scenarios: input.scenarios });
		case "components":
			return { ...state, daemon: up, components: input.components };
		case "faults":
			return { ...state, byHand: hearFaults(state.byHand, input.now, nowMs) };
		case "kinds":
			return { ...state, byHand: { ...state.byHand, kinds: inOrder(input.kinds) } };
		case "event":
			return state.followed?.runId === input.runId
				? seeRun(state, seeEvent(state.followed, input.event), input.event)
				: state;
		case "document":
			return state.followed?.runId === input.document.runId
				? { ...state, followed: seeDocument(state.followed, input.document) }
				: state;
		case "accepted":
			return state.followed?.runId === input.runId
				? { ...state, followed: { ...state.followed, accepted: input.loads } }
				: state;
		case "away": {
			const sinceMs = before.daemon.state === "away" ? before.daemon.sinceMs : nowMs;
			return {
				...state,
				daemon: { state: "away", sinceMs, message: input.message, refused: input.refused },
			};
		}
		case "answered":
			return { ...tell(state, input.text, input.tone), busy: null };
		case "steered":
			return state.followed?.runId === input.runId
				? { ...steer(state, input.load, input.change), busy: null }
				: { ...state, busy: null };
		case "tick":
			return state;
		default:
			return input satisfies never;
	}
}

/** The dashboard with a notice, for a few seconds. */
export function tell(state: Dashboard, text: string, tone: Tone): Dashboard {
	return { ...state, notice: { text, tone, untilMs: state.nowMs + noticeMs } };
}

export function isActive(run: RunSummary): boolean {
	return !isFinal(run.state);
}

/** The run that is on, or the one that waits the longest; null where the daemon is idle. */
export function activeRun(runs: readonly RunSummary[]): RunSummary | null {
	return (
		runs.find((run) => isActive(run) && run.state !== "queued") ??
		runs.findLast((run) => run.state === "queued") ??
		null
	);
}

export function summaryOf(state: Dashboard): RunSummary | null {
	return state.runs.find(({ runId }) => runId === state.followed?.runId) ?? null;
}

/** Length of the followed run so far, or in all. */
export function elapsedMs(state: Dashboard): number {
	const run = summaryOf(state);
	if (run === null || run.startedAt === null) return 0;
	const toMs = run.endedAt === null ? state.nowMs : Date.parse(run.endedAt);
	return Math.max(0, toMs - Date.parse(run.startedAt));
}

/** The load in the charts and its intervals. */
export function shownLoad(state: Dashboard): {
	name: string | null;
	of: number;
	intervals: IntervalView[];
} {
	const loads = state.followed?.intervals ?? {};
	const names = Object.keys(loads);
	const name = state.load !== null && names.includes(state.load) ? state.load : (names[0] ?? null);
	return { name, of: names.length, intervals: name === null ? [] : (loads[name] ?? []) };
}

/** The pace of a load of the followed run; null where it does not run. */
export function paceNow({ followed, steered }: Dashboard, load: string): Pace | null {
	return followed === null ? null : paceOf(followed, load, steered[load]);
}

export function choiceOf(state: Dashboard, scenario: string): Choice {
	return state.choices[scenario] ?? { guard: "on", size: "default" };
}

/** What is active comes first, then the newest run that did anything. */
function follow(state: Dashboard): Dashboard {
	const { runs } = state;
	const next = activeRun(runs) ?? runs.find(({ startedAt }) => startedAt !== null) ?? runs[0];
	if (next === undefined) return { ...state, followed: null };
	if (state.followed?.runId === next.runId) return state;
	return { ...state, followed: newRunView(next.runId), logBack: 0, load: null, steered: {} };
}

/** A case begins with the loads that it planned, whatever those of the case before were steered to. */
function seeRun(state: Dashboard, followed: RunView, event: RunEvent): Dashboard {
	const begins = event.type === "state" && event.state === "warming";
	return { ...state, followed, ...(begins ? { steered: {} } : {}) };
}

function steer(state: Dashboard, load: string, change: PaceChange): Dashboard {
	const pace = paceNow(state, load);
	if (pace === null) return state;
	return { ...state, steered: { ...state.steered, [load]: { ...pace, ...change } } };
}

/** Keeps the selection where it is as long as that scenario is there. */
function select(state: Dashboard): Dashboard {
	const names = state.scenarios.map(({ name }) => name);
	if (state.selected !== null && names.includes(state.selected)) return state;
	return { ...state, selected: names[0] ?? null };
}
