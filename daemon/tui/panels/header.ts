import { type RunState, runStates } from "../../record/document.ts";
import { durationText } from "../../text/numbers.ts";
import { activeRun, type Dashboard, elapsedMs, summaryOf } from "../dashboard.ts";
import { faultText } from "../run-log.ts";
import { clean, ends, fit, type Line, type Span, span, widthOf } from "../text.ts";
import { verdictSpan } from "./verdict.ts";

/** Three lines over everything: which run, how far it is, what that means. */
export function header(state: Dashboard, width: number): Line[] {
	return [runLine(state, width), phaseLine(state, width), meaningLine(state, width)];
}

function runLine(state: Dashboard, width: number): Line {
	const run = summaryOf(state);
	if (run === null) return ends([span("Faultline", "strong")], [span(state.url, "dim")], width);
	const facts = [
		run.size,
		...(run.guard === undefined ? [] : [`guard ${run.guard}`]),
		`seed ${run.seed}`,
	];
	const verdict = state.followed?.end?.verdict ?? run.verdict;
	const right: Line = [
		span(durationText(elapsedMs(state)), "strong"),
		span("  "),
		verdict === null
			? span(state.followed?.visits.at(-1)?.state ?? run.state, "accent")
			: { ...verdictSpan(verdict), text: verdict.toUpperCase() },
	];
	const scenario: Span[] =
		width >= 120
			? [span(run.scenario, "strong"), span("  "), span(run.runId)]
			: [span(run.runId, "strong")];
	return ends([...scenario, span(`  ${facts.join("  ")}`)], right, width);
}

/** All states of a run's life with the current one in brackets; those that were skipped stay dim. */
export function phaseLine(state: Dashboard, width: number): Line {
	const visits = state.followed?.visits ?? [];
	const current = visits.at(-1)?.state ?? null;
	const seen = new Set(visits.map((visit) => visit.state));
	const last = current === "aborted" || current === "crashed" ? current : "done";
	const names: RunState[] = [...runStates.slice(0, runStates.indexOf("done")), last];
	const separator = width >= 100 ? " › " : " ";
	const line = names.flatMap((name, i): Line => {
		const text: Span =
			name === current
				? span(`[${name}]`, "inverse")
				: span(name, seen.has(name) ? "plain" : "dim");
		return i === 0 ? [text] : [span(separator, "dim"), text];
	});
	const ofCase = visits.at(-1)?.case ?? null;
	if (ofCase !== null) line.push(span(`  case ${clean(ofCase)}`, "accent"));
	return fit(line, width);
}

function meaningLine(state: Dashboard, width: number): Line {
	if (state.daemon.state === "away") {
		const since = durationText(state.nowMs - state.daemon.sinceMs);
		const text = `the daemon has not answered for ${since}, trying again: ${clean(state.daemon.message)}`;
		return fit([span(text, "bad")], width);
	}
	if (state.daemon.state === "connecting")
		return fit([span("waiting for the daemon …", "dim")], width);
	const blocked = "BLOCKED: u lets runs and faults in again";
	if (state.byHand.blocked)
		return fit([span(` ${blocked} `, "inverse"), span("  "), ...runMeaning(state)], width);
	return fit(runMeaning(state), width);
}

function runMeaning(state: Dashboard): Line {
	const { followed } = state;
	// Those of the run are in its events too, with more detail.
	const others = state.byHand.inForce.filter(
		({ id }) => followed === null || !followed.faults.some((fault) => fault.id === id),
	);
	const byHand = others.map((fault) => span(`${clean(faultText(fault))}   `, "bad"));
	if (followed === null)
		return byHand.length > 0
			? byHand
			: [span("no run yet: Enter starts the selected scenario", "dim")];
	if (followed.end !== null || activeRun(state.runs)?.runId !== followed.runId)
		return [...byHand, ...verdictLine(state)];
	const inForce = followed.faults.filter(
		(fault) => fault.state !== "healed" && fault.injectedMs !== null,
	);
	const firing = followed.alerts.filter((alert) => alert.firing);
	const parts: Line = [
		...byHand,
		...inForce.map((fault) => span(`${clean(faultText(fault))}   `, "bad")),
		...firing.map(({ rule }) => span(`alert ${clean(rule)}   `, "warn")),
	];
	return widthOf(parts) > 0 ? parts : [span(quietText(state), "dim")];
}

function quietText(state: Dashboard): string {
	const queued = state.runs.filter((run) => run.state === "queued").length;
	return queued > 1 ? `${queued} runs are queued` : "no fault in force";
}

/** `failed, as expected: check_failed exactly-once: …; and 2 more reasons`. */
export function verdictLine(state: Dashboard): Line {
	const run = summaryOf(state);
	const end = state.followed?.end ?? null;
	const verdict = end?.verdict ?? run?.verdict ?? null;
	if (verdict === null) return [span("ended without a verdict", "warn")];
	const asExpected =
		end !== null && end.expect !== null ? end.expect === verdict : (run?.asExpected ?? null);
	const expected: Span[] =
		asExpected === null
			? []
			: asExpected
				? [span(", as expected")]
				: [span(`, NOT as expected`, "warn"), span(end?.expect ? ` (${end.expect})` : "")];
	const [reason, ...more] = end?.reasons ?? [];
	if (reason === undefined) return [verdictSpan(verdict), ...expected];
	return [
		verdictSpan(verdict),
		...expected,
		span(`: ${more.length === 0 ? "" : `(1 of ${more.length + 1}) `}`),
		span(`${reason.code} `, "dim"),
		span(clean(reason.message)),
	];
}
