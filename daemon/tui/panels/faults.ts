import { instantText } from "../numbers.ts";
import { faultText, faultTone } from "../run-log.ts";
import { clean, type Line, span } from "../text.ts";
import type { MakePanel } from "./panel.ts";

/** The run's faults and how far they are, then its alert rules that fired. */
export const faultsPanel: MakePanel = (state, { height }) => {
	const { faults = [], alerts = [] } = state.followed ?? {};
	const marks = { planned: "○", injected: "●", healed: "✓", heal_failed: "✗", no_effect: "!" };
	const lines: Line[] = [
		...faults.map((fault): Line => {
			const tone = faultTone(fault);
			return [span(`${marks[fault.state] ?? "?"} `, tone), span(clean(faultText(fault)), tone)];
		}),
		...alerts.map(({ rule, firing, changedMs }): Line => {
			const tone = firing ? "warn" : "good";
			const change = firing ? "fired" : "resolved";
			return [
				span(firing ? "▲ " : "✓ ", tone),
				span(`${clean(rule)} ${change}`, tone),
				span(` at ${instantText(changedMs)}`, "dim"),
			];
		}),
	];
	if (lines.length === 0) lines.push([span("none", "dim")]);
	// What came last matters most where not everything fits.
	return { title: [span("faults and alerts", "strong")], lines: lines.slice(-Math.max(1, height)) };
};
