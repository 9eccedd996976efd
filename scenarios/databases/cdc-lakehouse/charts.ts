import type { Chart } from "faultline";
import type { LakeFacts } from "./checks.ts";
import { stretchMs } from "./timeline.ts";

export const charts: Record<string, Chart<LakeFacts>> = {
	lag: {
		title: "From commit in the source to visible in all tables",
		x: { label: "time in the run, s" },
		y: { label: "longest lag, ms", scale: "log" },
		series: ({ observed: { timeline } }) => [
			{
				label: "lag",
				points: timeline.map(({ toMs, lagMaxMs }) => [toMs / 1_000, lagMaxMs] as const),
			},
		],
	},
	changes: {
		title: "Changes that became visible",
		x: { label: "time in the run, s" },
		y: { label: "changes per second" },
		series: ({ observed: { timeline } }) => [
			{
				label: "changes",
				points: timeline.map(
					({ toMs, changeCount }) => [toMs / 1_000, (1_000 * changeCount) / stretchMs] as const,
				),
			},
		],
	},
	latency: {
		title: "From commit in the source to visible, of all transactions",
		x: { label: "percentile" },
		y: { label: "lag, ms", scale: "log" },
		series: ({ observed: { lag, steadyLag } }) => [
			{ label: "whole run", points: lag.curve },
			{ label: "before the first fault", points: steadyLag.curve },
		],
	},
};
