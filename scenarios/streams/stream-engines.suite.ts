import { type RunRecord, suite } from "faultline";
import { engineNames } from "./late-features/engine-names.ts";

export default suite({
	title: "Engines of stream experiments side by side",
	question: "What does each engine lose, double, delay and cost when it is killed and frozen?",
	steps: engineNames.flatMap((engine) =>
		(["on", "off"] as const).map((guard) => ({
			scenario: "late-features",
			params: { engine, guard },
		})),
	),
	table: {
		row: ({ scenario, params }) => `${scenario} ${params.engine}`,
		column: ({ params }) => (params.guard === "off" ? "naive" : "guarded"),
		values: {
			accuracy: "accuracy_pct",
			lost: "results_lost_count",
			doubled: "results_doubled_count",
			"latency p95": "latency_p95_ms",
			"restore, slowest": "restore_ms",
			"CPU an event": "cpu_per_event_us",
			faults: faultsOf,
		},
	},
});

/** How many have struck: an engine suffers what there is of it. */
function faultsOf({ faults }: RunRecord): number {
	return faults.filter(({ provedMs }) => provedMs !== null).length;
}
