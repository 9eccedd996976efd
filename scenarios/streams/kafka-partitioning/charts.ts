import type { Chart } from "faultline";
import { type CaseFacts, lagCounts, leftPct, throughputPerSec } from "./findings.ts";
import type { StrategyName } from "./strategies.ts";

/** Lines that can be told apart. */
const partitionsShown = 16;

export const charts: Record<string, Chart<CaseFacts>> = {
	lag: {
		title: "Lag by partition",
		x: { label: "time in the run, s" },
		y: { label: "lag, messages" },
		series: ({ observed: { lags, partitions } }) =>
			partitions.slice(0, partitionsShown).map((_, partition) => ({
				label: `partition ${partition}`,
				points: lags.map(({ atMs, lag }) => [atMs / 1_000, lag[partition]!] as const),
			})),
	},
};

export const overallCharts: Record<string, Chart<readonly CaseFacts[]>> = {
	"throughput-lag": {
		title: "Throughput against lag in steady state",
		x: { label: "throughput, messages/s", scale: "log" },
		y: { label: "greatest lag, messages", scale: "log" },
		series: (cases) =>
			byStrategy(cases, (facts) => {
				const throughput = throughputPerSec(facts);
				const lag = lagCounts(facts);
				return throughput === null
					? []
					: [[throughput, lag === null ? null : Math.max(1, lag.max)]];
			}),
	},
	left: {
		title: "What is left of the slowest partition at the end of the drain",
		x: { label: "offered, messages/s", scale: "log" },
		y: { label: "left, % of what arrived" },
		series: (cases) => byStrategy(cases, (facts) => [[facts.params.ratePerSec, leftPct(facts)]]),
	},
	latency: {
		title: "Latency end to end of what was processed, steady state",
		x: { label: "1 ÷ (1 − quantile): 100 is p99", scale: "log" },
		y: { label: "latency, ms", scale: "log" },
		series: (cases) =>
			cases.slice(0, partitionsShown).map((facts) => ({
				label: facts.case ?? facts.params.strategy,
				points: facts.observed.latency.curve.map(
					([percentile, ms]) => [1 / (1 - percentile / 100), ms] as const,
				),
			})),
	},
};

type Point = readonly [x: number, y: number | null];

function byStrategy(
	cases: readonly CaseFacts[],
	pointsOf: (facts: CaseFacts) => readonly Point[],
): { label: string; points: Point[] }[] {
	const strategies = new Map<StrategyName, Point[]>();
	for (const facts of cases) {
		const { strategy } = facts.params;
		strategies.set(strategy, [...(strategies.get(strategy) ?? []), ...pointsOf(facts)]);
	}
	return [...strategies].map(([label, points]) => ({
		label,
		points: points.sort(([a], [b]) => a - b),
	}));
}
