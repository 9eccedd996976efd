import type { Chart } from "faultline";
import { workersOf } from "./engines.ts";
import type { RunFacts } from "./judgement.ts";
import { stretchMs } from "./timeline.ts";

export const charts: Record<string, Chart<RunFacts>> = {
	done: {
		title: "Payments whose work was committed, by processor",
		x: { label: "time in the run, s" },
		y: { label: "payments per second" },
		series: ({ params, observed: { timeline } }) =>
			workersOf(params).map((label, processor) => ({
				label,
				points: timeline.map(
					({ toMs, done }) => [toMs / 1_000, (1_000 * done[processor]!) / stretchMs] as const,
				),
			})),
	},
	commits: {
		title: "From asking for a commit to its answer",
		x: { label: "time in the run, s" },
		y: { label: "commit latency, ms", scale: "log" },
		series: ({ observed: { timeline } }) => [
			{ label: "p50", points: timeline.map((one) => [one.toMs / 1_000, one.commitP50Ms] as const) },
			{
				label: "slowest",
				points: timeline.map((one) => [one.toMs / 1_000, one.commitMaxMs] as const),
			},
		],
	},
	cost: {
		title: "What exactly once costs: the same payments in turns",
		x: { label: "pair of turns, number" },
		y: { label: "payments per second" },
		series: ({ observed: { cost } }) => [
			{
				label: "exactly once",
				points: (cost?.pairs ?? []).map(({ on }, n) => [n + 1, on] as const),
			},
			{
				label: "at least once",
				points: (cost?.pairs ?? []).map(({ off }, n) => [n + 1, off] as const),
			},
		],
	},
};
