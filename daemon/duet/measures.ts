import {
	errorsMatter,
	logRatio,
	pairStatistic,
	type SliceMetric,
	type SlicePair,
} from "../compare/pair.ts";
import { bodyMarginLog, tailMarginLog } from "../compare/verdict.ts";
import type { MetricOutcome } from "../host/protocol.ts";
import type { Measure, Side } from "../record/duet.ts";

/** By what two sides of a load are compared: few, because each further one costs power. */
const ofLoad: Record<string, { metric: SliceMetric; marginLog: number }> = {
	p50: { metric: { kind: "quantile", quantile: 0.5 }, marginLog: bodyMarginLog },
	p99: { metric: { kind: "quantile", quantile: 0.99 }, marginLog: tailMarginLog },
	throughput: { metric: { kind: "throughput" }, marginLog: bodyMarginLog },
	errors: { metric: { kind: "errors" }, marginLog: bodyMarginLog },
};

/** The measures of one load in turns. The first load of a plan is the one that decides. */
export function measuresOfLoad(
	load: string,
	slices: readonly SlicePair[],
	role: Measure["role"],
): Measure[] {
	return Object.entries(ofLoad).map(([name, { metric, marginLog }]) => ({
		name: `${load}.${name}`,
		role,
		marginLog,
		censored: [],
		worseLog: pairStatistic(slices, metric),
		matters: metric.kind !== "errors" || errorsMatter(...slices.flatMap(({ a, b }) => [a, b])),
	}));
}

/** What decides between whole runs. */
const wholeGates = ["mttr_ms"];

/** The measures of two whole runs: each metric of the host's speed that both have. Recovery decides. */
export function measuresOfRuns(
	a: readonly MetricOutcome[],
	b: readonly MetricOutcome[],
): Measure[] {
	return a.flatMap((left): Measure[] => {
		// Each side is a case of its own, so that their cases say nothing.
		const right = b.find(({ name }) => name === left.name);
		if (left.portability !== "machine" || right === undefined) return [];
		const { direction, unit } = left;
		const told = left.value !== null && right.value !== null;
		const resolution = resolutions[unit];
		const sides: [Side, MetricOutcome][] = [
			["a", left],
			["b", right],
		];
		return [
			{
				name: left.name,
				role: wholeGates.includes(left.name) ? "gate" : "advisory",
				marginLog: tailMarginLog,
				worseLog: told ? logRatio(left.value!, right.value!, { direction, resolution }) : null,
				matters: true,
				censored: sides.flatMap(([side, { censored }]) => (censored ? [side] : [])),
			},
		];
	});
}

/** Values below it are told no better: a clock's tick, one of what is counted, a thousandth of a share. */
const resolutions: Record<MetricOutcome["unit"], number> = {
	s: 0.001,
	ms: 1,
	us: 1,
	count: 1,
	bytes: 1,
	per_sec: 0.001,
	pct: 0.1,
	ratio: 0.001,
	usd: 0.0001,
};
