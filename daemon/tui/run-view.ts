import type { CheckOutcome } from "../host/protocol.ts";
import {
	isFinal,
	type Reason,
	type RunDocument,
	type RunState,
	type Verdict,
} from "../record/document.ts";
import type { IntervalView } from "../record/interval.ts";
import { type LogLine, logLinesOf } from "./run-log.ts";
import type { AcceptedLoad, FaultRecord, RunEvent } from "./wire.ts";

/** So many intervals of a load are kept; more than a chart shows. */
export const intervalsKept = 240;
export const logLinesKept = 300;
const leastShare = 0.25;

export interface Visit {
	state: RunState;
	case: string | null;
	fromMs: number;
}

export interface AlertView {
	rule: string;
	case: string | null;
	firing: boolean;
	/** When it last changed. */
	changedMs: number;
	firedCount: number;
}

/** A run as its events tell it, with a bounded past. */
export interface RunView {
	runId: string;
	/** The last event seen: a stream that begins anew repeats the earlier ones. */
	lastEventId: number;
	/** The states so far, in order; times count from the run's zero. */
	visits: Visit[];
	intervals: Record<string, IntervalView[]>;
	faults: FaultRecord[];
	alerts: AlertView[];
	checks: CheckOutcome[];
	log: LogLine[];
	end: RunEnd | null;
	/** What was accepted for such runs, load by load; empty where nothing was, or before it is known. */
	accepted: AcceptedLoad[];
}

export interface RunEnd {
	state: RunState;
	verdict: Verdict | null;
	reasons: Reason[];
	/** Known only from the record. */
	expect: "passed" | "failed" | null;
}

export function newRunView(runId: string): RunView {
	return {
		runId,
		lastEventId: 0,
		visits: [],
		intervals: {},
		faults: [],
		alerts: [],
		checks: [],
		log: [],
		end: null,
		accepted: [],
	};
}

/** The run with one more event taken in; an event that was seen before changes nothing. */
export function seeEvent(view: RunView, event: RunEvent): RunView {
	if (event.id <= view.lastEventId) return view;
	const seen = { ...view, lastEventId: event.id, log: logged(view, event) };
	switch (event.type) {
		case "state": {
			const visit = { state: event.state, case: event.case, fromMs: event.ms };
			// A run's zero is its start, and it was queued before: that time has no place on this axis.
			if (event.state === "queued") visit.fromMs = 0;
			return { ...seen, visits: [...view.visits, visit] };
		}
		case "phase":
			return seen; // each comes with its state
		case "interval": {
			const interval = upTo(event.interval, event.ms);
			if (interval === null) return seen;
			const { load } = interval;
			const kept = [...(view.intervals[load] ?? []), interval].slice(-intervalsKept);
			return { ...seen, intervals: { ...view.intervals, [load]: kept } };
		}
		case "fault":
			return { ...seen, faults: replaced(view.faults, event.fault, ({ id }) => id) };
		case "alert": {
			const key = ({ rule, case: id }: Pick<AlertView, "rule" | "case">) => `${id}/${rule}`;
			const before = view.alerts.find((alert) => key(alert) === key(event));
			if (event.change === "acknowledged") return seen; // it goes on firing
			const firing = event.change === "fired";
			const alert: AlertView = {
				rule: event.rule,
				case: event.case,
				firing,
				changedMs: event.ms,
				firedCount: (before?.firedCount ?? 0) + (firing ? 1 : 0),
			};
			return { ...seen, alerts: replaced(view.alerts, alert, key) };
		}
		case "check":
			return {
				...seen,
				checks: replaced(view.checks, event.check, (check) => `${check.case}/${check.id}`),
			};
		case "log":
		case "gauge":
			return seen;
		case "end":
			return {
				...seen,
				end: {
					state: event.state,
					verdict: event.verdict,
					reasons: event.reasons,
					expect: view.end?.expect ?? null,
				},
			};
		default:
			event satisfies never;
			return seen; // a newer daemon's event
	}
}

/** The run with its finished record taken in: what the events may have lost with a crashed daemon, it has. */
export function seeDocument(view: RunView, document: RunDocument): RunView {
	if (!isFinal(document.state)) return view;
	const { state, verdict, reasons, expect } = document;
	return {
		...view,
		end: { state, verdict, reasons, expect },
		checks: view.checks.length > 0 ? view.checks : document.checks,
		faults: view.faults.length > 0 ? view.faults : document.faults,
	};
}

/**
 * An interval as long as its load was in it. One reported before its time is the load's last: a rate over the whole
 * of it would show a dip that was none, and one over a sliver says nothing.
 */
function upTo(interval: IntervalView, ms: number): IntervalView | null {
	if (ms >= interval.toMs) return interval;
	const share = (ms - interval.fromMs) / (interval.toMs - interval.fromMs);
	return share < leastShare ? null : { ...interval, toMs: ms };
}

function replaced<T>(all: T[], one: T, key: (item: T) => string): T[] {
	const at = all.findIndex((item) => key(item) === key(one));
	return at < 0 ? [...all, one] : all.with(at, one);
}

function logged(view: RunView, event: RunEvent): LogLine[] {
	const lines = logLinesOf(event);
	return lines.length === 0 ? view.log : [...view.log, ...lines].slice(-logLinesKept);
}
