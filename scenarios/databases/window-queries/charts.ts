import { type Chart, medianOf } from "faultline";
import { workOfAll } from "./checks.ts";
import type { WindowFacts } from "./record.ts";

/** How long each query took under load. */
export const serviceTimeChart: Chart<WindowFacts> = {
	title: "Service time of each query, undisturbed",
	x: { label: "share of the answers, %" },
	y: { label: "service time, ms", scale: "log" },
	series: ({ observed }) =>
		observed.serviceTimes.map(({ query, decilesMs }) => ({
			label: query,
			points: decilesMs.map((ms, tenth) => [10 * tenth, ms] as const),
		})),
};

/** How each query's work grows: straight lines, whose slope is the exponent. */
export const growthChart: Chart<readonly WindowFacts[]> = {
	title: "Work of each query against the size of the table",
	x: { label: "rows", scale: "log" },
	y: { label: "execution time in the server, ms", scale: "log" },
	series: (cases) => {
		const byQuery = Map.groupBy(workOfAll(cases), ({ query }) => query);
		return [...byQuery].map(([label, work]) => ({
			label,
			points: work
				.map(({ rows, timesMs }) => [rows, medianOf(timesMs)!] as const)
				.sort(([a], [b]) => a - b),
		}));
	},
};
