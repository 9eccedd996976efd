import { type BaselineDocument, entryFor, metricId } from "../compare/baseline.ts";
import type { ComparedMetric } from "../compare/document.ts";
import { historyOf, judgeMachine } from "../compare/machine.ts";
import type { NightRecord } from "../compare/nights.ts";
import { compareWithBaseline } from "../compare/with-baseline.ts";
import type { RunDocument } from "../record/document.ts";
import { outcomeOfRun, resultOfRun } from "../summary/run-result.ts";
import type { NightlyResult } from "./document.ts";

/** One scenario's runs of this night: the first, and those that repeat it. */
export interface Judged {
	scenario: string;
	run: RunDocument;
	repeats: RunDocument[];
	baseline: NightlyResult["baseline"];
	notes: string[];
	metrics: ComparedMetric[];
	/** One-sided p of each metric that has a history. */
	history: Map<string, number>;
}

const historyAlpha = 0.01;

/** A run against its baseline and the nights before; without a baseline, what the nights alone can tell. */
export function judgeRun(
	run: RunDocument,
	repeats: readonly RunDocument[],
	baseline: BaselineDocument | null,
	nights: readonly NightRecord[],
): Judged {
	const usable = repeats.filter(
		({ metrics, scenarioHash }) => metrics.length > 0 && scenarioHash === run.scenarioHash,
	);
	const entry = baseline === null ? null : entryFor(baseline, run);
	const timed = timingCounts(run) ? nights : [];
	const head = { scenario: run.scenario, run, repeats: [...repeats] };
	const history = historyPs(run, timed);
	if (baseline === null || entry === null || run.metrics.length === 0)
		return {
			...head,
			history,
			baseline: null,
			// A twin's numbers are nobody's goal: it needs no baseline.
			notes:
				entry === null && run.params.guard === "on"
					? [`no baseline for it: faultline baseline accept ${run.runId}`]
					: [],
			metrics: run.metrics.map((metric) => withoutBaseline(run, metric, timed)),
		};
	const { against, notes, metrics } = compareWithBaseline(run, baseline, {
		repeats: usable,
		nights: timed,
	});
	const { key, seeds } = against as Extract<typeof against, { kind: "baseline" }>;
	return {
		...head,
		history,
		baseline: { key, seeds },
		notes,
		metrics: timingCounts(run) ? metrics : metrics.map((metric) => untimed(metric, run)),
	};
}

/** Has any metric to be seen again before it can be told? */
export function isSuspected({ metrics }: Pick<Judged, "metrics">): boolean {
	return metrics.some(({ suspected }) => suspected);
}

/** Do this run's timings say anything of the scenario: not where the host was late, nor of a twin that exists to fail. */
export function timingCounts({ verdict, params, asExpected, timings }: RunDocument): boolean {
	const clean = verdict !== "invalid" && timings.state === "clean";
	return clean && asExpected === true && params.guard === "on";
}

/**
 * What the whole night says. Its metrics are held against earlier nights together, by Holm's method at .01. Each at .01
 * by itself, 44 to 47 of a hundred simulated nights of 60 metrics had a regression that was none; so it is one in a
 * hundred (noise 8 %, 10 to 30 nights). One that stands out only by itself is told, and fails nothing.
 */
export function judgeNight(all: readonly Judged[]): { results: NightlyResult[]; held: number } {
	const tests = all
		.flatMap(({ history }, of) => [...history].map(([metric, p]) => ({ of, metric, p })))
		.sort((x, y) => x.p - y.p);
	const firstKept = tests.findIndex(({ p }, i) => p > historyAlpha / (tests.length - i));
	const beyond = new Set(
		tests
			.slice(0, firstKept < 0 ? tests.length : firstKept)
			.map(({ of, metric }) => `${of} ${metric}`),
	);
	const results = all.map((judged, of) => {
		const metrics = judged.metrics.map((metric) => {
			const byHistory = metric.portability === "machine" && metric.outcome === "regressed";
			if (!byHistory || beyond.has(`${of} ${metricId(metric)}`)) return metric;
			const why = `${metric.why}; of ${tests.length} metrics held against the nights, chance has one like it`;
			return { ...metric, outcome: "cannot_tell" as const, suspected: true, why };
		});
		return resultOf({ ...judged, metrics });
	});
	return { results, held: tests.length };
}

function resultOf({ scenario, run, repeats, baseline, notes, metrics }: Judged): NightlyResult {
	const head = {
		scenario,
		guard: run.params.guard,
		run: resultOfRun(run),
		error: null,
		repeats: repeats.map(({ runId }) => runId),
		baseline,
		notes,
		metrics,
	};
	const regressed = metrics.filter(({ outcome }) => outcome === "regressed");
	const gone = metrics.filter(
		({ outcome, portability }) => outcome === "missing" && portability !== "machine",
	);
	const byItself = outcomeOfRun(run);
	if (byItself.outcome === "not_as_expected") return { ...head, ...byItself };
	if (regressed.length > 0) {
		const names = regressed.map((metric) => `${metricId(metric)}: ${metric.why}`);
		return { ...head, outcome: "regressed", why: names.join("; ") };
	}
	if (byItself.outcome === "invalid") return { ...head, ...byItself };
	if (gone.length > 0) {
		const names = gone.map(metricId).join(", ");
		return { ...head, outcome: "invalid", why: `the baseline has ${names}, the run has not` };
	}
	return { ...head, ...byItself };
}

function historyPs(run: RunDocument, nights: readonly NightRecord[]): Map<string, number> {
	const known = new Map<string, number>();
	for (const metric of run.metrics) {
		const { value, portability, censored } = metric;
		if (portability !== "machine" || value === null || censored) continue;
		const { effect } = historyOf(run, { ...metric, value }, nights);
		if (effect !== null) known.set(metricId(metric), effect.pWorse);
	}
	return known;
}

function withoutBaseline(
	run: RunDocument,
	metric: RunDocument["metrics"][number],
	nights: readonly NightRecord[],
): ComparedMetric {
	const { name, case: case_, unit, direction, portability, value } = metric;
	const spec = { name, case: case_, unit, direction, portability, value };
	const told =
		portability === "machine"
			? judgeMachine(run, metric, nights)
			: { outcome: "cannot_tell" as const, suspected: false, why: "there is no baseline for it" };
	const compared = { ...spec, against: null, range: null, effect: null, ...told };
	return timingCounts(run) ? compared : untimed(compared, run);
}

/** A timing that is not judged, and why. */
function untimed(metric: ComparedMetric, { params, timings }: RunDocument): ComparedMetric {
	if (metric.portability !== "machine") return metric;
	const why =
		params.guard === "off"
			? "the naive twin is there to fail: nobody promises its timing"
			: timings.state === "late"
				? "not judged: the generator was late, or the host stood still"
				: "not judged: the run did not end as expected";
	return { ...metric, outcome: "cannot_tell", suspected: false, why };
}
