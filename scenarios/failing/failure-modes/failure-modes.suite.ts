import { type RunRecord, suite } from "faultline";

const modes = ["downstream-outage", "network-timeout", "partial-data", "task-crash", "retry-storm"];

export default suite({
	title: "Modes of failure of a pipeline, guarded and naive",
	question: "Does every mode mend itself or stop safely, and what comes of it without guards?",
	steps: modes.flatMap((scenario) =>
		["on", "off"].map((guard) => ({ scenario, params: { guard } })),
	),
	table: {
		row: ({ scenario }) => scenario,
		column: ({ params }) => (params.guard === "off" ? "naive" : "guarded"),
		values: {
			"detected in ms": (run) => whole(metricOf(run, "mttd_ms")),
			ended: endedAs,
			"rows lost": "rows_lost_count",
			"rows doubled": "rows_duplicated_count",
			amplification: (run) => {
				const ratio = metricOf(run, "retry_amplification");
				return ratio === null ? null : Number(ratio.toFixed(2));
			},
		},
	},
});

/** How the pipeline came out of it: what was damaged comes first, whatever recovered beside it. */
function endedAs(run: RunRecord): string {
	const count = (name: string) => metricOf(run, name) ?? 0;
	if (count("rows_lost_count") + count("batches_partial_count") > 0) return "lost data";
	if (count("rows_duplicated_count") > 0) return "doubled data";
	if (count("batches_refused_pct") > 0) return "failed safe";
	const recovery = run.metrics.find(({ name }) => name === "mttr_ms");
	if (recovery === undefined || recovery.censored) return "did not recover";
	return "recovered";
}

function metricOf(run: RunRecord, name: string): number | null {
	return run.metrics.find((metric) => metric.name === name)?.value ?? null;
}

function whole(value: number | null): number | null {
	return value === null ? null : Math.round(value);
}
