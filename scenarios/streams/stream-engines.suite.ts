import { type RunRecord, suite } from "faultline";
import { engineNames as onceEngines } from "./exactly-once/engine-names.ts";
import { engineNames as featureEngines } from "./late-features/engine-names.ts";
import { engineNames as windowEngines } from "./sliding-windows/engine-names.ts";

export default suite({
	title: "Engines of stream experiments side by side",
	question: "What does each engine lose, double, delay and cost when it is killed and frozen?",
	steps: [
		...stepsOf("late-features", featureEngines, {}),
		// Of its cases the one that has faults.
		...stepsOf("sliding-windows", windowEngines, { sweep: "off" }),
		...stepsOf("exactly-once", onceEngines, {}),
	],
	table: {
		row: ({ scenario, params }) => `${scenario} ${params.engine}`,
		column: ({ params }) => (params.guard === "off" ? "naive" : "guarded"),
		values: {
			accuracy: "accuracy_pct",
			lost: (run) => metricOf(run, "results_lost_count", "lost_count"),
			doubled: (run) => metricOf(run, "results_doubled_count", "duplicate_count"),
			"latency p95": "latency_p95_ms",
			"restore, slowest": "restore_ms",
			"CPU an event": "cpu_per_event_us",
			faults: faultsOf,
		},
	},
});

/** A scenario on each of its engines, guarded and naive. */
function stepsOf(scenario: string, engines: readonly string[], params: Record<string, string>) {
	return engines.flatMap((engine) =>
		["on", "off"].map((guard) => ({ scenario, params: { ...params, engine, guard } })),
	);
}

/** A scenario has it by one of these names. */
function metricOf({ metrics }: RunRecord, ...names: string[]): number | null {
	return metrics.find(({ name }) => names.includes(name))?.value ?? null;
}

/** How many have struck: an engine suffers what there is of it. */
function faultsOf({ faults }: RunRecord): number {
	return faults.filter(({ provedMs }) => provedMs !== null).length;
}
