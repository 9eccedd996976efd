import type { ChartOutcome } from "../host/protocol.ts";
import type { RunDocument } from "../record/document.ts";
import type { MeteredInterval } from "../record/interval.ts";
import type { Html } from "./html.ts";

/** All that a run's report is made of. */
export interface RunReport {
	document: RunDocument;
	intervals: readonly MeteredInterval[];
	/** What the scenario itself has to show. */
	charts: readonly ChartOutcome[];
	/** Pages that the scenario has kept, by the name that they were kept by. */
	keptPages: readonly KeptPages[];
	/** Percentiles of another run or a baseline, to be drawn beside the run's own. */
	others: readonly OtherCurve[];
}

/** What hooks have kept by one name. */
export interface KeptPages {
	name: string;
	/** The page to begin with. */
	file: string;
	count: number;
}

/** The percentiles of one load, from elsewhere. */
export interface OtherCurve {
	/** Whose they are: `baseline`, `run B`. */
	label: string;
	load: string;
	case: string | null;
	/** In rising order. `lowUs` and `highUs` bound the value where it is known how sure it is. */
	points: readonly {
		percentile: number;
		us: number;
		lowUs: number | null;
		highUs: number | null;
	}[];
}

/** One part of a report: the default export of a file in `sections/`, whose name is its id. */
export interface Section {
	/** They come in this order. Those of a case come together, case by case, where the first of them stands. */
	order: number;
	/** What it is about: the run as a whole, or one case of it. A run without cases is its own only case. */
	per: "run" | "case";
	/** A heading; null for the one that needs none. */
	title: string | null;
	/** Pure. Null where the record has nothing for it; a `case` section is given what belongs to its case. */
	render(report: RunReport): Html | null;
}

/**
 * The cases of a run in their order, and before them null where something is told of all together. `[null]` where it has
 * no cases.
 */
export function casesOf({ document, intervals, charts }: RunReport): (string | null)[] {
	const { phases, checks, faults, metrics } = document;
	const seen = [
		...[...phases, ...checks, ...faults, ...metrics, ...charts].map((part) => part.case),
		...intervals.map(({ view }) => view.case),
	];
	const ids = [...new Set(seen)].filter((id) => id !== null);
	return ids.length === 0 || seen.includes(null) ? [null, ...ids] : ids;
}

/** The report with what belongs to this case alone. */
export function caseOf(report: RunReport, id: string | null): RunReport {
	const { document } = report;
	const mine = (part: { case: string | null }) => part.case === id;
	return {
		document: {
			...document,
			phases: document.phases.filter(mine),
			faults: document.faults.filter(mine),
			loads: document.loads.filter(mine),
			metrics: document.metrics.filter(mine),
			checks: document.checks.filter(mine),
			alerts: document.alerts.filter(mine),
		},
		intervals: report.intervals.filter(({ view }) => mine(view)),
		charts: report.charts.filter(mine),
		keptPages: report.keptPages,
		others: report.others.filter(mine),
	};
}

/** The loads of a run, in the order of their first interval. */
export function loadsOf({ document, intervals }: RunReport): string[] {
	return [
		...new Set([
			...document.loads.map(({ name }) => name),
			...intervals.map(({ view }) => view.load),
		]),
	];
}

/** When a case began and ended, from the run's zero; null where no phase of it was reached. */
export function spanOf({
	document,
	intervals,
}: RunReport): { fromMs: number; toMs: number } | null {
	const spans = document.phases.length > 0 ? document.phases : intervals.map(({ view }) => view);
	if (spans.length === 0) return null;
	return {
		fromMs: Math.min(...spans.map(({ fromMs }) => fromMs)),
		toMs: Math.max(...spans.map(({ toMs }) => toMs)),
	};
}
