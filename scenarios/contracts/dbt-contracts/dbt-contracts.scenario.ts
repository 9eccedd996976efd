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
		growth:
			"`faultline run dbt-contracts --size small -p trials=6 -p rounds=1 -p roundMs=10000 -p orders=1000` (then 10000, 50000): a warm trial takes 3.1, 3.5 and 4.9 s beside 1.6 to 2.4 s of dbt's own start, ~ orders^0.11: up to there it is the number of models and tests that costs, and not the rows.",
		breaksFirst:
			"The gate's time: each change builds every mart anew, and the changes wait for each other. With n models a trial costs n statements and as many tests, on a warehouse n scans; next the tests of uniqueness and relationships, which read whole tables.",
		replacement:
			"A build of what a change reaches alone (`state:modified+` against the last published manifest, deferred to production for the rest); incremental models whose tests look at the new partitions; contracts that are checked on the structure first, which costs no scan, and on rows in samples where the rule allows it.",
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
