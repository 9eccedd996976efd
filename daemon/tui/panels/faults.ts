import { durationText, instantText } from "../../text/numbers.ts";
import { faultsByHand, leftMs, markedFault } from "../by-hand.ts";
import type { Dashboard } from "../dashboard.ts";
import { faultText, faultTone } from "../run-log.ts";
import { clean, type Line, span } from "../text.ts";
import type { FaultInForce } from "../wire.ts";
import type { MakePanel } from "./panel.ts";

/** The run's faults and how far they are, its alert rules that fired, and the faults by hand that are in force. */
export const faultsPanel: MakePanel = (state, { height }) => {
	const { faults = [], alerts = [] } = state.followed ?? {};
	const marks = { planned: "○", injected: "●", healed: "✓", heal_failed: "✗", no_effect: "!" };
	const byHand = faultsByHand(state.byHand);
	const ids = new Set(byHand.map(({ id }) => id));
	const lines: Line[] = [
		...faults
			.filter(({ id }) => !ids.has(id))
			.map((fault): Line => {
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
		...byHand.map((fault) => byHandLine(fault, state)),
	];
	if (lines.length === 0) lines.push([span("none", "dim")]);
	// What came last matters most where not everything fits, and the marked one more than that.
	const marked = byHand.indexOf(markedFault(state.byHand) ?? byHand[0]!);
	const at = marked < 0 ? lines.length : lines.length - byHand.length + marked;
	const from = Math.min(Math.max(0, lines.length - Math.max(1, height)), at);
	return {
		title: [span("faults and alerts", "strong")],
		readouts: byHand.length === 0 ? [] : [[span("d", "accent"), span(" heals ▶", "dim")]],
		lines: lines.slice(from, from + Math.max(1, height)),
	};
};

/** `▶ 12 s left: latency on db, by hand`: what matters first, where not everything fits. */
function byHandLine(fault: FaultInForce, { byHand, nowMs }: Dashboard): Line {
	const marked = fault.id === markedFault(byHand)?.id;
	const tone = faultTone({ ...fault, state: fault.state === "planned" ? "injected" : fault.state });
	return [
		span(marked ? "▶ " : "▷ ", "accent"),
		span(`${durationText(leftMs(fault, byHand, nowMs))} left: `, "strong"),
		span(clean(`${fault.kind} on ${fault.on}`), tone),
		span(clean(`, by hand${howFar(fault)}`), tone),
	];
}

function howFar({ state, provedMs, healedMs }: FaultInForce): string {
	if (healedMs !== null) return ", healed";
	switch (state) {
		case "planned":
			return ", being injected";
		case "injected":
			return provedMs === null ? ", effect not proved yet" : "";
		case "heal_failed":
			return ", NOT HEALED";
		case "no_effect":
			return ", without effect";
		case "healed":
			return "";
		default:
			return state satisfies never;
	}
}
