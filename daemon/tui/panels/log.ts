import { type Line, span } from "../text.ts";
import type { MakePanel } from "./panel.ts";

/** What happened in the run, the latest last. */
export const logPanel: MakePanel = (state, { height }) => {
	const log = state.followed?.log ?? [];
	const to = Math.max(Math.min(height, log.length), log.length - state.logBack);
	const lines = log.slice(Math.max(0, to - height), to).map(({ ms, what, text, tone }): Line => {
		const at = `${(ms / 1_000).toFixed(3)} s`.padStart(10);
		return [span(`${at} `, "dim"), span(what.padEnd(6), "dim"), span(text, tone)];
	});
	return {
		title: [span("log", "strong")],
		readouts: to < log.length ? [[span(`${log.length - to} newer below (PgDn)`, "warn")]] : [],
		lines,
	};
};
