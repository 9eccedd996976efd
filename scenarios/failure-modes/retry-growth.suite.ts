import { fitGrowth } from "../growth.ts";
import { type RunRecord, suite } from "../suite.ts";

/** Orders per second; the downstream can take 400. */
const ratesPerSec = [60, 120, 240, 320];

export default suite({
	title: "Retries against the number of clients",
	question: "How do tries per order grow with the clients that wait, with guards and without?",
	steps: ratesPerSec.flatMap((ratePerSec) =>
		["on", "off"].map((guard) => ({ scenario: "retry-storm", params: { ratePerSec, guard } })),
	),
	table: {
		row: ({ params }) => `${params.ratePerSec}/s`,
		column: ({ params }) => (params.guard === "off" ? "naive" : "guarded"),
		values: {
			"waiting clients": (run) => Math.round(waitingClients(run)),
			amplification: "retry_amplification",
			"rows doubled": "rows_duplicated_count",
		},
		conclusions: (runs) =>
			["on", "off"].flatMap((guard) => {
				const points = runs
					.filter(({ params }) => params.guard === guard)
					.map((run) => ({ size: waitingClients(run), value: amplificationOf(run) }));
				const growth = fitGrowth(points);
				if (growth === null) return [];
				const { exponent, low, high } = growth;
				const interval = low === null ? "" : ` (95 %: ${low.toFixed(2)} to ${high!.toFixed(2)})`;
				return `${guard === "off" ? "naive" : "guarded"}: tries per order ~ clients^${exponent.toFixed(2)}${interval}`;
			}),
	},
});

/** Clients that have an order under way when the outage ends. */
function waitingClients({ params, faults }: RunRecord): number {
	const outageMs = Math.max(...faults.map((fault) => fault.plannedToMs - fault.plannedFromMs));
	return (Number(params.ratePerSec) * outageMs) / 1_000;
}

function amplificationOf({ metrics }: RunRecord): number {
	return metrics.find(({ name }) => name === "retry_amplification")?.value ?? Number.NaN;
}
