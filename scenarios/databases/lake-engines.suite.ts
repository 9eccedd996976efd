import { type RunRecord, suite } from "faultline";
import { engineNames } from "./cdc-lakehouse/engine-names.ts";

const stores = ["files", "s3"] as const;

export default suite({
	title: "Ways to capture a database into lake tables side by side",
	question:
		"What does each way to capture, and each store of the tables, lose, delay and cost when everything on it is killed?",
	steps: engineNames.flatMap((engine) =>
		stores.flatMap((store) =>
			["on", "off"].map((guard) => ({
				scenario: "cdc-lakehouse",
				params: { engine, store, guard },
			})),
		),
	),
	table: {
		row: ({ params }) => `${params.engine}, ${params.store}`,
		column: ({ params }) => (params.guard === "off" ? "naive" : "guarded"),
		values: {
			"consistency, %": "consistency_pct",
			"lost rows": "rows_lost_count",
			"lag p50, ms": "replication_lag_p50_ms",
			"lag p99, ms": "replication_lag_p99_ms",
			"restore, ms": "restore_ms",
			"catch-up, rows/s": "catch_up_rows_per_sec",
			"small files": "small_file_count",
			"rows written a change": "write_amplification",
			faults: faultsOf,
		},
	},
});

/** How many have struck: an engine suffers what there is of it. */
function faultsOf({ faults }: RunRecord): number {
	return faults.filter(({ provedMs }) => provedMs !== null).length;
}
