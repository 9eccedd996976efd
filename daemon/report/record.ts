import { basename, dirname } from "node:path";
import type { AlertFacts } from "../../scenarios/contract/facts.ts";
import { type PhaseName, phaseNames } from "../../scenarios/contract/phase.ts";
import { acknowledgeFiring } from "../alerts/acknowledge.ts";
import type { PhaseRecord, RunDocument } from "../record/document.ts";
import type { RunEvent } from "../record/events.ts";
import { RunStore } from "../record/store.ts";
import type { RunReport } from "./report.ts";

/** Reads what a report is made of from the folder of a run. */
export function readRecord(folder: string): RunReport {
	const store = new RunStore(dirname(folder));
	const runId = basename(folder);
	const document = store.read(runId);
	return {
		document: withEvents(
			{ ...document, about: document.about ?? unknown },
			store.readEvents(runId),
		),
		intervals: store
			.readIntervals(runId)
			.map((interval) => ({ ...interval, phases: interval.phases ?? [] })),
		charts: store.readOutcome(runId)?.charts ?? [],
		keptPages: store.keptPages(runId),
		others: [],
	};
}

/** Of records that were written before they said it; these have no percentiles by phase either. */
const unknown: RunDocument["about"] = {
	title: "A run of an earlier version",
	question: "",
	atScale: null,
};

/**
 * The record with what its events tell, where the run ended before its parts came into the document: phases, faults,
 * alerts and checks of a crashed run are in its events alone.
 */
export function withEvents(document: RunDocument, events: readonly RunEvent[]): RunDocument {
	if (document.phases.length > 0) return document;
	const told = structuredClone(document);
	const endMs = events.reduce((last, { ms }) => Math.max(last, ms), 0);
	for (const event of events) {
		switch (event.type) {
			case "phase":
				if (isPhase(event.phase)) beginPhase(told.phases, event.phase, event.case, event.ms, endMs);
				break;
			case "state":
				if (!isPhase(event.state)) endPhase(told.phases, event.ms);
				break;
			case "fault": {
				const at = told.faults.findIndex(({ id }) => id === event.fault.id);
				if (at < 0) told.faults.push(event.fault);
				else told.faults[at] = event.fault;
				break;
			}
			case "alert":
				seeAlert(told.alerts, event);
				break;
			case "check":
				if (document.checks.length === 0) told.checks.push(event.check);
				break;
			case "interval":
			case "gauge":
			case "log":
			case "end":
				break;
			default:
				event satisfies never;
		}
	}
	return told;
}

function isPhase(name: string): name is PhaseName {
	return (phaseNames as readonly string[]).includes(name);
}

function beginPhase(
	phases: PhaseRecord[],
	name: PhaseName,
	caseId: string | null,
	fromMs: number,
	endMs: number,
): void {
	endPhase(phases, fromMs);
	phases.push({ name, case: caseId, fromMs, toMs: endMs });
}

/** The phase under way ends here; one that is over stays as it is. */
function endPhase(phases: PhaseRecord[], atMs: number): void {
	const last = phases.at(-1);
	if (last !== undefined && last.toMs > atMs) last.toMs = atMs;
}

function seeAlert(alerts: AlertFacts[], event: Extract<RunEvent, { type: "alert" }>): void {
	const { rule, origin, case: caseId, change, ms } = event;
	const same = (known: AlertFacts) =>
		known.rule === rule && known.origin === origin && known.case === caseId;
	let alert = alerts.find(same);
	if (alert === undefined) {
		alert = {
			rule,
			origin,
			case: caseId,
			firedMs: [],
			resolvedMs: [],
			acknowledgedMs: [],
			score: null,
		};
		alerts.push(alert);
	}
	switch (change) {
		case "fired":
			alert.firedMs.push(ms);
			alert.acknowledgedMs.push(null);
			return;
		case "resolved":
			alert.resolvedMs.push(ms);
			return;
		case "acknowledged":
			acknowledgeFiring(alert, ms, ms);
			return;
		default:
			change satisfies never;
	}
}
