import { isActive } from "../dashboard.ts";
import { ends, type Line, span } from "../text.ts";
import type { MakePanel } from "./panel.ts";
import { verdictSpan } from "./verdict.ts";

/** The latest runs: when, what, and how they ended; `!` where that was not what was expected. */
export const runsPanel: MakePanel = (state, { width, height }) => {
	const lines = state.runs.slice(0, height).map((run): Line => {
		const followed = run.runId === state.followed?.runId;
		const at = timeOf(run.runId);
		const what = [run.size, ...(run.guard === undefined ? [] : [`guard ${run.guard}`])].join(" ");
		const end = isActive(run)
			? [span(run.state, "accent")]
			: [
					verdictSpan(run.verdict ?? run.state),
					span(run.asExpected === false ? " !" : "  ", "warn"),
				];
		return ends(
			[
				span(followed ? "▶ " : "  ", "accent"),
				span(`${at} `, "dim"),
				span(run.scenario, followed ? "strong" : "plain"),
				span(` ${what}`, "dim"),
			],
			end,
			width,
		);
	});
	if (lines.length === 0) lines.push([span("none yet", "dim")]);
	return {
		title: [span("runs", "strong"), span(" UTC", "dim")],
		readouts: [[span("! not as expected", "dim")]],
		lines,
	};
};

/** `20261123T190501Z-…` → `19:05`. */
function timeOf(runId: string): string {
	const found = /T(\d\d)(\d\d)\d\dZ/.exec(runId);
	return found === null ? "" : `${found[1]}:${found[2]}`;
}
