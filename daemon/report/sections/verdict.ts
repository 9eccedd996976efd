import type { LoadSummary } from "../../../load/summary.ts";
import type { RunDocument } from "../../record/document.ts";
import { isFinal } from "../../record/document.ts";
import { timingsText } from "../../record/timings.ts";
import { triesText } from "../../record/tries.ts";
import { durationText } from "../../text/numbers.ts";
import { type Html, html } from "../html.ts";
import { badge, counted, toneOf } from "../parts.ts";
import type { Section } from "../report.ts";
import { microsText, spanText, timeText } from "../units.ts";

/** What came out and why, in words; the first thing that is read. */
export default {
	order: 10,
	per: "run",
	title: null,
	render({ document }) {
		const { scenario, about, size, params, seed, verdict } = document;
		const guard = params.guard === "off" ? ", guard off: the naive twin" : "";
		return html`<p class="eyebrow">${scenario}, size ${size}${guard}, seed ${seed}. ${timeOf(document)}</p>
<div class="verdict ${toneOf(verdict)}"><h1>${badge(toneOf(verdict), headline(document))}</h1>${why(document)}</div>
<p><b>${about.title}.</b> <span class="question">${about.question}</span></p>
${numbers(document)}`;
	},
} satisfies Section;

function headline({ verdict, asExpected, state }: RunDocument): string {
	switch (verdict) {
		case "passed":
			return asExpected === false ? "Passed, and should have failed" : "Passed";
		case "failed":
			return asExpected ? "Failed, as expected" : "Failed";
		case "invalid":
			return "Invalid";
		case null:
			return isFinal(state) ? "Without a verdict" : `Not over: ${state}`;
		default:
			return verdict satisfies never;
	}
}

function why(document: RunDocument): Html {
	const { verdict, reasons, checks, asExpected, state, counts } = document;
	const lead =
		verdict === "invalid"
			? "This run says nothing about the system under test:"
			: verdict === "failed" && asExpected
				? "The naive twin must fail, and this is how it did:"
				: null;
	const notes = [triesText(document.tries), timingsText(document)].flatMap((note) => note ?? []);
	const held = checks.filter(({ outcome }) => outcome === "held").length;
	const checked =
		checks.length === 0
			? "No check was reached."
			: held === checks.length
				? checks.length === 1
					? "Its one check holds."
					: `All ${checks.length} checks hold.`
				: `${held} of ${counted(checks.length, "check")} hold${held === 1 ? "s" : ""}.`;
	return html`${lead !== null && html`<p>${lead}</p>`}${
		reasons.length > 0 && html`<ul>${reasons.map(({ message }) => html`<li>${message}</li>`)}</ul>`
	}<p>${checked}${state === "aborted" || state === "crashed" ? ` The run was ${endWords[state]} before its end.` : ""}${
		counts === "bounded"
			? " What was in flight when a process died is not known: counts are bounds."
			: ""
	}</p>${notes.map((note) => html`<p>${note[0]!.toUpperCase()}${note.slice(1)}.</p>`)}`;
}

const endWords = { aborted: "stopped", crashed: "cut off" };

function timeOf({ startedAt, endedAt }: RunDocument): string {
	if (startedAt === null) return "It was never started.";
	const took =
		endedAt === null ? "" : `, took ${durationText(Date.parse(endedAt) - Date.parse(startedAt))}`;
	return `${timeText(startedAt)}${took}.`;
}

/** The few numbers that are asked for first; the first load's, where there are several. */
function numbers({ loads, metrics, phases }: RunDocument): Html | null {
	if (phases.some((phase) => phase.case !== null)) return null;
	const name = loads[0]?.name;
	const p99 = (phase: string) => {
		const load = loads.find((known) => known.name === name && known.phase === phase);
		return load === undefined ? null : p99Text(load);
	};
	const metric = (name: string) => {
		const found = metrics.find((known) => known.name === name);
		if (found === undefined) return null;
		return `${found.censored ? "> " : ""}${spanText(found.value)}`;
	};
	const shown = [
		[p99("steady"), `p99 of ${name}, steady`],
		[p99("faulting"), `p99 of ${name}, under faults`],
		[metric("mttd_ms"), "injection to first alert"],
		[metric("mttr_ms"), "injection to steady state"],
	].filter(([value]) => value !== null);
	if (shown.length === 0) return null;
	return html`<div class="numbers">${shown.map(
		([value, what]) => html`<div><b>${value ?? null}</b><span>${what ?? null}</span></div>`,
	)}</div>`;
}

function p99Text({ response_us, censored }: LoadSummary): string {
	return microsText(response_us.p99, censored.includes("response_us.p99"));
}
