import { activeRun, choiceOf, type Dashboard, paceNow, shownLoad } from "../dashboard.ts";
import { clean, ends, fit, type Line, span } from "../text.ts";

/** Two lines under everything: the components, and the keys, a notice or a question. */
export function footer(state: Dashboard, width: number): Line[] {
	return [stackLine(state, width), keyLine(state, width)];
}

function stackLine(state: Dashboard, width: number): Line {
	const line: Line = [];
	for (const { name, state: is, version, how } of state.components) {
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
	if (state.mode === "asking") {
		const run = activeRun(state.runs);
		const text = ` A run is active${run === null ? "" : ` (${run.scenario}, ${run.state})`}. End the daemon? Its faults are healed first.  y/n `;
		return fit([span(text, "inverse")], width);
	}
	if (state.notice !== null) return fit([span(clean(state.notice.text), state.notice.tone)], width);
	const steering = steerKeys(state);
	const crowded = steering.length > 0 && width < 120;
	const keys: Key[] = [
		// What steers a load that runs comes before what chooses the next.
		...(crowded ? [startKey] : startKeys(state)),
		["x", "stop"],
		...steering,
		...(width >= 100 && !crowded ? [["r", "refresh"] satisfies Key] : []),
		["?", "help"],
		["q", state.role === "owner" ? "end" : "leave"],
	];
	const line = keys.flatMap(
		([key, what]): Line => [span(key, "accent"), span(` ${what}`), span("  ")],
	);
	return fit(line, width);
}

type Key = [key: string, what: string];

const startKey: Key = ["Enter", "start"];

function startKeys(state: Dashboard): Key[] {
	const row = state.scenarios.find(({ name }) => name === state.selected);
	const { guard, size } = choiceOf(state, row?.name ?? "");
	const guarded = row !== undefined && "guarded" in row && row.guarded;
	return [
		["↑↓", "select"],
		startKey,
		["g", guarded ? `guard ${guard}` : "guard –"],
		["z", `size ${size}`],
	];
}

function steerKeys(state: Dashboard): Key[] {
	const { name } = shownLoad(state);
	const pace = name === null ? null : paceNow(state, name);
	if (pace === null) return [];
	return [
		["+-", `rate ${pace.ratePerSec}/s`],
		["p", pace.paused ? "go on" : "pause"],
	];
}
