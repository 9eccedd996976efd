import { fault, load, scenario, tool, withPostgres } from "faultline";
import { toolsOf } from "./ask.ts";
import { costs, gateAsDetector, publication } from "./checks.ts";
import { gateCommand, gateEnv } from "./gate-run.ts";
import { arrangeShop, observeGate, readMarts, truthOfTrials, workloadOf } from "./hooks.ts";
import { large, type P, properties, small } from "./params.ts";
import { type TrialReceipt, tryChange } from "./trial.ts";

export default scenario({
	title: "dbt contracts: what upstream changes, what the gate says, and what readers see",
	question:
		"Is every change that breaks the contract caught with its place named, does every harmless one pass, and do readers only ever see whole marts?",
	params: properties,
	sizes: { small, large },
	needs: ["postgres", tool("dbt")],
	twin: { fails: ["violations-caught"] },
	limits: { hookMs: 120_000 },

	plan: (p) => {
		// Made where it is first wanted: most who plan want no shop.
		let made: ReturnType<typeof workloadOf> | undefined;
		const limits = { triesMax: p.gateTries, shrinkTriesMax: p.shrinkTries };
		return {
			phases: {
				steadyMs: p.steadyMs,
				recoverLimitMs: p.recoverLimitMs,
				finishLimitMs: p.trials * p.deadlineMs,
				intervalMs: p.intervalMs,
			},
			paths: { db: "postgres", warehouse: "postgres", marts: "postgres", gate: { job: "dbt" } },
			jobs: {
				dbt: {
					command: gateCommand(p.guard),
					// biome-ignore lint/suspicious/noTemplateCurlyInString: the daemon puts the path's address there
					env: gateEnv("${path.db}"),
					limitMs: p.gateLimitMs,
				},
			},
			loads: {
				trials: load({
					arrival: { kind: "trials", count: p.trials },
					clients: {
						warehouse: { driver: "postgres", at: "warehouse", connections: 1 },
						gate: { driver: "job", at: "gate", connections: 1 },
					},
					deadlineMs: p.deadlineMs,
					// One at a time: there is one source, and one schema to build in.
					inFlightMax: 1,
					journal: true,
					work: async ({ warehouse, gate }, { n, signal }) => {
						made ??= workloadOf(p);
						const { shop, changes } = made;
						const tools = toolsOf(warehouse, gate);
						const receipt = await tryChange(n, changes[n]!, shop, tools, limits, signal);
						return JSON.stringify(receipt);
					},
				}),
				reads: load({
					arrival: { kind: "constant", ratePerSec: p.readsPerSec },
					clients: { marts: { driver: "postgres", at: "marts", connections: 1 } },
					deadlineMs: 30_000,
					inFlightMax: 1,
					journal: true,
					work: ({ marts }, { signal }) =>
						readMarts(async (query) => (await marts.query(query, undefined, signal)).rows),
				}),
			},
			faults: Array.from({ length: p.rounds }, (_, round) => faultsOf(p, round * p.roundMs)).flat(),
			steady: [{ load: "reads", signal: "error_pct", is: "below", value: 1 }],
		};
	},

	atScale: {
		growth: "",
		breaksFirst: "",
		replacement: "",
	},
})
	.arrange(({ direct, params }) =>
		withPostgres(direct, (client) => arrangeShop((text) => client.query(text), params)),
	)
	.observe(
		async ({ direct, journal }) => {
			const trials: TrialReceipt[] = [];
			for await (const { receipt } of journal("trials"))
				if (receipt !== null) trials.push(JSON.parse(receipt));
			const reads: string[] = [];
			for await (const { receipt } of journal("reads")) if (receipt !== null) reads.push(receipt);
			return withPostgres(direct, (client) =>
				observeGate(async (query) => (await client.query(query)).rows, trials, reads),
			);
		},
		async ({ params }) => truthOfTrials(params),
	)
	.judge(gateAsDetector, publication, costs);

/** What a round breaks: dbt is killed, its way to the database swallows everything, its sessions end, and dbt again. */
function faultsOf({ roundMs }: P, fromMs: number) {
	const at = (share: number) => fromMs + Math.round(share * roundMs);
	const between = (from: number, to: number) => ({ fromMs: at(from), toMs: at(to) });
	return [
		fault("kill", "dbt", {}, between(0.05, 0.08)),
		fault("timeout", "db", {}, between(0.3, 0.6)),
		...[0.7, 0.76, 0.82].map((from) =>
			fault("terminate-backends", "db", {}, between(from, from + 0.03)),
		),
		fault("kill", "dbt", {}, between(0.95, 0.98)),
	];
}
