import { join } from "node:path";
import { load, OperationError, phasesOf, scenario } from "faultline";
import { charts } from "./charts.ts";
import { lake, slotAlert } from "./checks.ts";
import { consumerOf, engines, pathsOf, type RunPaths } from "./engines.ts";
import { faultsOf } from "./faults.ts";
import { mebibyte, toldAt } from "./held-log.ts";
import { large, properties, small } from "./params.ts";
import { transactionOf } from "./workload.ts";

// What reads tables or the source is imported where it is used: the load's thread plans with this file as well.

const heldGauge = "retained_bytes";

export default scenario({
	title: "Change capture into a lakehouse: Postgres to Delta tables, killed between any two steps",
	question:
		"Do the tables have every row of the source at every LSN, and never half a transaction, whatever happens to who captures it?",
	params: properties,
	sizes: { small, large },
	needs: ["postgres"],
	needsFor: { engine: { debezium: ["kafka", "connect"] }, store: { s3: ["s3"] } },
	twin: {
		fails: ["tables-equal-source", "rows-equal-source", "no-half-transactions", "each-change-once"],
	},
	limits: { hookMs: 300_000 },

	atScale: {
		growth:
			"`node measure-growth.ts` with 10,000, 100,000 and 1,000,000 rows in buckets of 4,000: a batch of 2,000 changes takes 0.24, 1.2 and 9.2 s of a processor, ~ rows^0.79, for it writes 6.5, 52 and 476 rows for each change, ~ rows^0.93. To open the table takes 2.3, 2.8 and 6.5 ms.",
		breaksFirst:
			"Rewriting. Keys that are spread by their hash lie in every file, so that from a few hundred buckets on each batch writes the table anew: at a hundred million rows one of 2,000 changes would be a quarter of an hour. Then the log: each batch is a file in each table, and none of them is ever deleted, though nobody who opens a table reads more than those behind its last checkpoint.",
		replacement:
			"Deletion vectors (Delta) or delete files (Iceberg): a batch then writes what it changes and marks what it replaces, and compaction pays for the rest at a time of its own. Larger batches, for each is rewritten once whatever it holds; buckets by what is changed together, such as the month of an order, instead of a hash; a log from which versions go that nobody can ask for any more; and one consumer for each group of tables that must be level, with a slot of its own.",
	},

	plan: (p) => ({
		phases: phasesOf({ ...p, warmMs: p.warmMs + engines[p.engine].startMs }),
		paths: {
			shop: "postgres",
			replication: "postgres",
			// All or none of them, as the engine has it; a fault on one that is not there is refused before the run.
			...(pathsOf(p) as RunPaths),
			consumer: { subject: "consumer" },
			reader: { subject: "reader" },
		},
		subjects: {
			consumer: consumerOf(p),
			reader: { file: "./reader/reader.ts", env: { READ_PAUSE_MS: p.readPauseMs, STORE: p.store } },
		},
		loads: {
			transactions: load({
				arrival: { kind: "poisson", ratePerSec: p.ratePerSec },
				clients: { shop: { driver: "postgres", at: "shop", connections: 8 } },
				deadlineMs: 15_000,
				inFlightMax: Math.max(200, 10 * p.ratePerSec),
				work: async ({ shop }, { n, signal }) =>
					void (await shop.runAll(transactionOf(p, n), signal)),
			}),
			reads: load({
				arrival: { kind: "constant", ratePerSec: p.readsPerSec },
				clients: { reader: { driver: "http", at: "reader", connections: 16 } },
				deadlineMs: 30_000,
				inFlightMax: 200,
				journal: true,
				work: async ({ reader }, { signal }) => {
					const { status, body } = await reader.request({ path: "/read", signal });
					if (status !== 200) throw new OperationError("fail", String(status));
					return String(body);
				},
			}),
		},
		faults: faultsOf(p),
		steady: [{ load: "transactions", signal: "error_pct", is: "below", value: 5 }],
		alerts: [
			{
				id: slotAlert,
				when: { gauge: heldGauge, is: "above", value: toldAt * p.logRoomMiB * mebibyte },
				forIntervals: 2,
			},
		],
	}),
})
	.arrange(async (ctx) => {
		const { openWatch } = await import("./watch.ts");
		return openWatch(ctx);
	})
	.gauges({ [heldGauge]: ({ state: watch, zeroMs }) => watch.readHeldLog(zeroMs) })
	.settle({
		limitMs: 180_000,
		// Longer than a consumer that was killed takes to come back on a machine that is busy.
		stuckMs: 30_000,
		look: async ({ state: watch, params, subjectFolder }) => {
			await watch.readOn();
			const { commits } = watch.replay;
			const histories = await watch.histories(join(subjectFolder("consumer")));
			const newest = [...histories.values()].map((versions) => versions.at(-1)?.lsn ?? 0);
			const behind = commits.filter(({ lsn }) => lsn > Math.min(...newest)).length;
			const still = { commit_count: commits.length, newest_lsn: Math.max(...newest) };
			// The twin does not say of each table how far it has come.
			return params.guard === "on" ? { zero: { behind_count: behind }, still } : { still };
		},
	})
	.observe(
		async (ctx) => {
			const { observe } = await import("./observe.ts");
			return observe(ctx);
		},
		async (ctx) => {
			const { expected } = await import("./observe.ts");
			return expected(ctx);
		},
	)
	.judge(lake, { charts });
