import { faultName } from "../../../chaos/fault.ts";
import type { FaultRecord } from "../../../chaos/injection.ts";
import { html } from "../html.ts";
import { badge, table } from "../parts.ts";
import { type RunReport, type Section, spanOf } from "../report.ts";
import { jsonText, spanText } from "../units.ts";

/** How each fault went, and how long it took to be noticed, to be got over, and to be worked off. */
export default {
	order: 140,
	per: "case",
	title: "Faults and recovery",
	render(report) {
		const { faults } = report.document;
		if (faults.length === 0) return null;
		const spans = ["at", "lasted", "took effect", "detected", "healed", "recovered", "drained"];
		return html`${table(
			[{ label: "fault" }, ...spans.map((label) => ({ label, numeric: true }))],
			faults.map((fault) => row(fault, report)),
		)}<p class="note">Took effect: injection until a probe saw it. Detected: injection until the first alert. Healed: end of the fault until probes are clean. Recovered: injection of this fault until steady state. Drained: its healing until no operation waited for a slot, to the interval; – where none had to.</p>
<details><summary>What the probes saw</summary>${faults.map(
			(fault) =>
				html`<p><b>${faultName(fault)}</b>${
					Object.keys(fault.params ?? {}).length > 0 &&
					html` <code>${jsonText(fault.params)}</code>`
				}: ${fault.seen.length > 0 ? fault.seen.join("; ") : "nothing"}</p>`,
		)}</details>`;
	},
} satisfies Section;

function row(fault: FaultRecord, report: RunReport) {
	const { injectedMs, provedMs, healedMs, cleanMs } = fault;
	return [
		html`${faultName(fault)}${fault.state !== "healed" && html` ${badge("warn", stateWords[fault.state])}`}`,
		spanText(injectedMs),
		between(injectedMs, healedMs),
		between(injectedMs, provedMs),
		between(injectedMs, detectedMs(fault, report)),
		between(healedMs, cleanMs),
		recoveryText(fault, report),
		between(healedMs, drainedMs(fault, report)),
	];
}

const stateWords: Record<FaultRecord["state"], string> = {
	planned: "never injected",
	injected: "never healed",
	healed: "healed",
	heal_failed: "healing failed",
	no_effect: "no effect seen",
};

function between(fromMs: number | null, toMs: number | null): string {
	return spanText(fromMs === null || toMs === null ? null : toMs - fromMs);
}

/** The first alert that fired after the injection and before the next fault's, which may be the next one's. */
export function detectedMs({ injectedMs }: FaultRecord, { document }: RunReport): number | null {
	if (injectedMs === null) return null;
	const later = document.faults.flatMap((other) =>
		other.injectedMs !== null && other.injectedMs > injectedMs ? [other.injectedMs] : [],
	);
	const nextMs = Math.min(...later);
	const fired = document.alerts
		.flatMap(({ firedMs }) => firedMs)
		.filter((ms) => ms >= injectedMs && ms < nextMs);
	return fired.length === 0 ? null : Math.min(...fired);
}

/** Steady state came back once, after all faults: the metric counts from the first injection. */
function recoveryText({ injectedMs }: FaultRecord, { document }: RunReport): string {
	const mttr = document.metrics.find(({ name }) => name === "mttr_ms");
	const firstMs = Math.min(...document.faults.flatMap((fault) => fault.injectedMs ?? []));
	if (injectedMs === null || mttr === undefined || mttr.value === null) return spanText(null);
	return `${mttr.censored ? "> " : ""}${spanText(firstMs + mttr.value - injectedMs)}`;
}

/** The end of the first interval after the healing in which nothing waited; null where nothing had waited, or still did. */
export function drainedMs(fault: FaultRecord, report: RunReport): number | null {
	const { injectedMs, healedMs } = fault;
	const span = spanOf(report);
	if (injectedMs === null || healedMs === null || span === null) return null;
	const after = report.intervals.map(({ view }) => view).filter(({ toMs }) => toMs > injectedMs);
	const waited = after.filter(({ waiting }) => waiting > 0);
	if (waited.length === 0) return null;
	const loads = new Set(waited.map(({ load }) => load));
	const free = [...loads].map((load) =>
		Math.min(
			...after
				.filter((view) => view.load === load && view.toMs > healedMs && view.waiting === 0)
				.map(({ toMs }) => Math.min(toMs, span.toMs)),
		),
	);
	const lastMs = Math.max(...free);
	return Number.isFinite(lastMs) ? lastMs : null;
}
