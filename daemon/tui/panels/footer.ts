import { faultsByHand } from "../by-hand.ts";
import { activeRun, choiceOf, type Dashboard, paceNow, shownLoad } from "../dashboard.ts";
import { clean, ends, fit, type Line, span, widthOf } from "../text.ts";

/** Two lines under everything: the components, and the keys, a notice or a question. */
export function footer(state: Dashboard, width: number): Line[] {
	return [stackLine(state, width), keyLine(state, width)];
}

function stackLine(state: Dashboard, width: number): Line {
	const line: Line = [];
	// What comes on demand is shown while it is there.
	const shown = state.components.filter((component) => component.state !== "off");
	for (const { name, state: is, version, how } of shown) {
		const about = [
			name,
			...(width >= 100 ? [version ?? ""] : []),
			...(width >= 140 ? [how ?? ""] : []),
		]
			.filter(Boolean)
			.join(" ");
		line.push(
			is === "up" ? span("● ", "good") : span("✗ ", "bad"),
			span(clean(is === "up" ? about : `${name} ${is}`), is === "up" ? "plain" : "bad"),
			span("   "),
		);
	}
	if (line.length === 0) line.push(span("components: not known yet", "dim"));
	return ends(line, [span(state.url, "dim")], width);
}

function keyLine(state: Dashboard, width: number): Line {
	if (state.mode === "asking") return fit([span(` ${questionOf(state)} `, "inverse")], width);
	if (state.mode === "red button") {
		const text = " Heal everything, stop every run, block new ones?  y/n ";
		return fit([span(text, "inverse")], width);
	}
	if (state.notice !== null) return fit([span(clean(state.notice.text), state.notice.tone)], width);
	const keys = state.mode === "choosing" ? choosingKeys : keysOf(state);
	let shown = keys;
	const widthAll = (all: readonly Key[]) =>
		all.reduce((sum, key) => sum + widthOf(spansOf(key)), -2);
	while (widthAll(shown) > width && shown.some(({ spare }) => spare > 0)) {
		const most = Math.max(...shown.map(({ spare }) => spare));
		shown = shown.filter(({ spare }) => spare !== most);
	}
	return fit(shown.flatMap(spansOf).slice(0, -1), width);
}

/** What is asked before the daemon ends with a run. */
export function questionOf(state: Dashboard): string {
	const run = activeRun(state.runs);
	return `A run is active${run === null ? "" : ` (${run.scenario}, ${run.state})`}. End the daemon? Its faults are healed first.  y/n`;
}

interface Key {
	key: string;
	what: string;
	/** Where not all fit, the highest goes first; 0 never does. */
	spare: number;
}

function spansOf({ key, what }: Key): Line {
	return [span(key, "accent"), span(` ${what}`), span("  ")];
}

const choosingKeys: readonly Key[] = [
	{ key: "Enter", what: "inject", spare: 0 },
	{ key: "↑↓", what: "choose", spare: 0 },
	{ key: "←→", what: "column", spare: 0 },
	{ key: "a–z", what: "jump", spare: 1 },
	{ key: "+-", what: "amount", spare: 2 },
	{ key: "Esc", what: "leave", spare: 0 },
];

/** What can be undone or steered now comes before what begins something. */
function keysOf(state: Dashboard): Key[] {
	const row = state.scenarios.find(({ name }) => name === state.selected);
	const { guard, size } = choiceOf(state, row?.name ?? "");
	const guarded = row !== undefined && "guarded" in row && row.guarded;
	const active = activeRun(state.runs) !== null;
	const { blocked, inForce } = state.byHand;
	return [
		{ key: "↑↓", what: "select", spare: 7 },
		{ key: "Enter", what: "start", spare: active ? 5 : 1 },
		{ key: "g", what: guarded ? `guard ${guard}` : "guard –", spare: 8 },
		{ key: "z", what: `size ${size}`, spare: 9 },
		{ key: "x", what: "stop", spare: active ? 0 : 10 },
		...steerKeys(state),
		...(blocked
			? [{ key: "u", what: "unblock", spare: 0 }]
			: [{ key: "f", what: "fault", spare: 3 }]),
		...(faultsByHand(state.byHand).length > 0 ? [{ key: "d", what: "heal", spare: 2 }] : []),
		...(active || inForce.length > 0 ? [{ key: "H", what: "heal all", spare: 4 }] : []),
		{ key: "r", what: "refresh", spare: 11 },
		{ key: "?", what: "help", spare: 0 },
		{ key: "q", what: state.role === "owner" ? "end" : "leave", spare: 0 },
	];
}

function steerKeys(state: Dashboard): Key[] {
	const { name } = shownLoad(state);
	const pace = name === null ? null : paceNow(state, name);
	if (pace === null) return [];
	return [
		{ key: "+-", what: `rate ${pace.ratePerSec}/s`, spare: 0 },
		{ key: "p", what: pace.paused ? "go on" : "pause", spare: 0 },
	];
}
