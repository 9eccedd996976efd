import { atStep, type FaultSpec, fault, load, scenario, withPostgres } from "faultline";
import { mappingAsDetector, warehouse } from "./checks.ts";
import type { Round } from "./drift/rounds.ts";
import { arrangeSource, countOrders, observeDrift, roundsFor, truthOfRun } from "./hooks.ts";
import { type JobStep, jobSteps } from "./job/run-batch.ts";
import { endOf } from "./job-end.ts";
import { large, type P, properties, small, sourceSchema } from "./params.ts";
import { playRound, type RoundReceipt } from "./play-round.ts";

export default scenario({
	title: "ETL drift: the source changes between and during runs, and the job is killed",
	question:
		"Does the job follow every change that it can know, ask about every other one before it touches anything, and lose or double no row?",
	params: properties,
	sizes: { small, large },
	needs: ["postgres"],
	twin: { fails: ["violations-caught", "values-right", "log-replays"] },
	limits: { hookMs: 300_000 },

	plan: (p) => {
		// Made where it is first wanted: most who plan play no round.
		let made: Round[] | undefined;
		return {
			phases: {
				steadyMs: p.steadyMs,
				recoverLimitMs: p.recoverLimitMs,
				finishLimitMs: p.rounds * p.deadlineMs,
				intervalMs: p.intervalMs,
			},
			paths: {
				source: "postgres",
				target: "postgres",
				shop: "postgres",
				warehouse: "postgres",
				etl: { job: "etl" },
			},
			jobs: {
				etl: {
					file: p.guard === "on" ? "./job/etl.ts" : "./job/naive.ts",
					// biome-ignore-start lint/suspicious/noTemplateCurlyInString: the daemon puts the paths' addresses there
					env: { SOURCE_URL: "${path.source}", TARGET_URL: "${path.target}" },
					// biome-ignore-end lint/suspicious/noTemplateCurlyInString: as above
					limitMs: p.deadlineMs / 2,
				},
			},
			loads: {
				rounds: load({
					arrival: { kind: "trials", count: p.rounds },
					clients: {
						shop: { driver: "postgres", at: "shop", connections: 2 },
						etl: { driver: "job", at: "etl", connections: 1 },
					},
					deadlineMs: p.deadlineMs,
					// One after another: each batch stands on those before it.
					inFlightMax: 1,
					journal: true,
					work: async ({ shop, etl }, { n, signal }) => {
						made ??= roundsFor(p);
						const receipt = await playRound(
							made[n]!,
							sourceSchema,
							p.tries,
							{
								source: async (statements, limit) => {
									await shop.runAll(
										statements.map(({ text, values }) => ({ text, values })),
										limit,
									);
								},
								ask: async (text, limit) => {
									const { rows } = await shop.query(text, undefined, limit);
									const [value] = Object.values(rows[0] ?? {});
									return value === undefined || value === null ? null : String(value);
								},
								run: (args, limit) => endOf(() => etl.run({ args: [...args] }, limit), limit),
							},
							signal,
						);
						return JSON.stringify(receipt);
					},
				}),
				reads: load({
					arrival: { kind: "constant", ratePerSec: p.readsPerSec },
					clients: { warehouse: { driver: "postgres", at: "warehouse", connections: 2 } },
					deadlineMs: 10_000,
					inFlightMax: 8,
					journal: true,
					work: ({ warehouse }, { signal }) =>
						countOrders((text) => warehouse.query(text, undefined, signal)),
				}),
			},
			steady: [{ load: "reads", signal: "error_pct", is: "below", value: 1 }],
			faults: Array.from({ length: p.breaks }, (_, i) => faultsOf(p, i * p.breakMs)).flat(),
		};
	},

	atScale: {
		growth:
			"`faultline run etl-drift -p rounds=7 -p breaks=1 -p rows=400` (then 4000, 20000): a batch takes 0.65, 1.0 and 1.8 s, ~ rows^0.25; most of the first is the job's own start, and from there on a row costs 40 µs.",
		breaksFirst:
			"The one transaction of a batch: at a hundred million rows it is open for an hour, keeps the vacuum away from both databases, and a kill near its end costs all of it. Then the log, which keeps each row a second time. Deciding does not grow: it looks at the columns, and at 120 rows of each table.",
		replacement:
			"Land the rows first, in files or partitions that are named by the batch, in as many pieces as there are workers, and let one short transaction attach them together with the migration and the line in the log (a table format's commit does the same). The log then refers to those files. Changes come from the write-ahead log and not from a mark in the rows (see cdc-lakehouse), so that deletes come too.",
	},
})
	.arrange(({ direct }) =>
		withPostgres(direct, (client) => arrangeSource((text, values) => client.query(text, values))),
	)
	.observe(
		async ({ direct, journal }) => {
			const rounds: RoundReceipt[] = [];
			for await (const { receipt } of journal("rounds"))
				if (receipt !== null) rounds.push(JSON.parse(receipt));
			const reads = new Map<string, number>();
			for await (const { receipt } of journal("reads"))
				if (receipt !== null) reads.set(receipt, (reads.get(receipt) ?? 0) + 1);
			return withPostgres(direct, (client) =>
				observeDrift((text, values) => client.query(text, values), rounds, reads),
			);
		},
		async ({ params }) => truthOfRun(params),
	)
	.judge(mappingAsDetector, warehouse);

/**
 * One time of breaking: the job is killed between every two steps of its work, its sessions at the source are ended while
 * it reads, and its way to the target breaks before the commit. Each waits until the job stands there.
 */
function faultsOf({ breakMs }: P, fromMs: number) {
	const share = breakMs / (jobSteps.length + 2);
	const at = (n: number) => ({
		fromMs: fromMs + Math.round(n * share),
		toMs: fromMs + Math.round((n + 0.1) * share),
	});
	const strike = <On extends string>(spec: FaultSpec<On>, step: JobStep) =>
		atStep(spec, { subject: "etl", step });
	return [
		...jobSteps.map((step, n) => strike(fault("kill", "etl", {}, at(n)), step)),
		strike(fault("terminate-backends", "source", {}, at(jobSteps.length)), "snapshot-taken"),
		strike(fault("reset", "target", {}, at(jobSteps.length + 1)), "rows-loaded"),
	];
}
