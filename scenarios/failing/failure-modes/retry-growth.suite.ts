import { fitGrowth, type RunRecord, suite } from "faultline";

/** Orders or batches per second. The order service can take 400 orders. */
const ratesPerSec = { "retry-storm": [60, 120, 240, 320], "downstream-outage": [10, 20, 40] };
const guards = ["on", "off"] as const;

export default suite({
	title: "Retries against the number of clients",
	question: "How do tries per operation grow with the clients that wait, with guards and without?",
	steps: Object.entries(ratesPerSec).flatMap(([scenario, rates]) =>
		rates.flatMap((ratePerSec) =>
			guards.map((guard) => ({ scenario, params: { ratePerSec, guard } })),
		),
	),
	table: {
		row: ({ scenario, params }) => `${scenario} ${params.ratePerSec}/s`,
		column: ({ params }) => (params.guard === "off" ? "naive" : "guarded"),
		values: {
			"waiting clients": waitingClients,
			amplification: "retry_amplification",
			"rows doubled": "rows_duplicated_count",
		},
		conclusions: (runs) =>
			Object.keys(ratesPerSec).flatMap((scenario) =>
				guards.flatMap((guard) =>
					growthOf(
						`${scenario}, ${guard === "off" ? "naive" : "guarded"}`,
						runs.filter((run) => run.scenario === scenario && run.params.guard === guard),
					),
				),
			),
	},
});

function growthOf(title: string, runs: readonly RunRecord[]): string[] {
	const growth = fitGrowth(
		runs.map((run) => ({ size: waitingClients(run), value: amplificationOf(run) })),
	);
	if (growth === null) return [];
	const { exponent, low, high } = growth;
	const interval = low === null ? "" : ` (95 %: ${low.toFixed(2)} to ${high!.toFixed(2)})`;
	return [`${title}: tries per operation ~ clients^${exponent.toFixed(2)}${interval}`];
}

/** Clients that have an operation under way when the outage ends. */
function waitingClients({ params, faults }: RunRecord): number {
	const outageMs = Math.max(...faults.map((fault) => fault.plannedToMs - fault.plannedFromMs));
	return Math.round((Number(params.ratePerSec) * outageMs) / 1_000);
}

function amplificationOf({ metrics }: RunRecord): number {
	return metrics.find(({ name }) => name === "retry_amplification")?.value ?? Number.NaN;
}
