import { fileURLToPath } from "node:url";
import { load, monotonicMs, pause, phasesOf, scenario, tool } from "faultline";
import { batchesOf, type Planned } from "./anomalies/batches.ts";
import { gate, quarantine } from "./checks.ts";
import type { Taken } from "./etl/take-batch.ts";
import { truthOfRun } from "./expected.ts";
import { faultsOf } from "./faults.ts";
import { large, properties, small } from "./params.ts";
import { rates } from "./rates.ts";
import { readSql } from "./read.ts";
import { bringBatch } from "./trial.ts";

// What needs a client is imported where it is used: the load's thread plans with this file as well.

/** Where subjects in Python find what they share. */
const shared = fileURLToPath(new URL("../../subjects/python/", import.meta.url));

export default scenario({
	title:
		"Data quality: which batches are loaded, which are put in quarantine, and what readers see",
	question:
		"Is every batch that breaks a rule rejected whole with all that is wrong named, does every other one pass as often as stated, and does nothing of a rejected one reach its readers?",
	params: properties,
	sizes: { small, large },
	needs: ["postgres", tool("great-expectations")],
	twin: { fails: ["violations-caught", "warehouse-right", "reads-whole"] },
	limits: { hookMs: 120_000 },
	plan: (p) => {
		// Made where it is first wanted: most who plan hand nothing over.
		let planned: Planned[] | undefined;
		let lastMs = Number.NEGATIVE_INFINITY;
		const limits = { askAgainMs: p.askAgainMs, shrinkTriesMax: p.shrinkTries };
		return {
			phases: { ...phasesOf(p), finishLimitMs: p.batches * p.deadlineMs },
			paths: {
				shop: "postgres",
				source: "postgres",
				target: "postgres",
				store: "postgres",
				warehouse: "postgres",
				validator: { subject: "validator" },
				loader: { subject: "loader" },
			},
			subjects: {
				validator: {
					file: "./validator/serve.py",
					env: {
						// biome-ignore lint/suspicious/noTemplateCurlyInString: the daemon puts the path's address there
						STORE_URL: "${path.store}",
						PATIENCE_MS: p.patienceMs,
						PYTHONPATH: shared,
						// Experiments may lie where nobody may write.
						PYTHONDONTWRITEBYTECODE: 1,
					},
					startLimitMs: 120_000,
				},
				loader: {
					file: "./etl/serve.ts",
					env: {
						// biome-ignore-start lint/suspicious/noTemplateCurlyInString: the daemon puts the paths' addresses there
						SOURCE_URL: "${path.source}",
						TARGET_URL: "${path.target}",
						VALIDATOR_URL: "${path.validator}",
						// biome-ignore-end lint/suspicious/noTemplateCurlyInString: as above
						PATIENCE_MS: p.patienceMs,
						GUARD: p.guard,
					},
				},
			},
			loads: {
				batches: load({
					arrival: { kind: "trials", count: p.batches },
					clients: {
						shop: { driver: "postgres", at: "shop", connections: 1 },
						loader: { driver: "http", at: "loader", connections: 2 },
					},
					deadlineMs: p.deadlineMs,
					// One at a time: the validator answers one at a time too.
					inFlightMax: 1,
					journal: true,
					work: async ({ shop, loader }, { n, signal }) => {
						// The faults have to find somebody who takes a batch, however quick the machine is.
						await pause(lastMs + p.everyMs - monotonicMs(), signal);
						lastMs = monotonicMs();
						planned ??= batchesOf(p);
						const tools = {
							transact: async (
								statements: { text: string; values?: unknown[] }[],
								limit: AbortSignal,
							) => {
								const all = statements.map(({ text, values }) => ({ text, values }));
								await shop.runAll(all, limit);
							},
							take: async (batch: number, limit: AbortSignal) => {
								const path = `/batches/${batch}`;
								const { body } = await loader.request({ method: "POST", path, signal: limit });
								return JSON.parse(body.toString()) as Taken;
							},
						};
						return JSON.stringify(await bringBatch(p, planned[n]!, tools, limits, signal));
					},
				}),
				reads: load({
					arrival: { kind: "constant", ratePerSec: p.readsPerSec },
					clients: { warehouse: { driver: "postgres", at: "warehouse", connections: 1 } },
					deadlineMs: 20_000,
					inFlightMax: 4,
					journal: true,
					work: async ({ warehouse }, { signal }) => {
						return String((await warehouse.query(readSql, undefined, signal)).rows[0]!.seen);
					},
				}),
			},
			faults: faultsOf(p),
			steady: [{ load: "reads", signal: "error_pct", is: "below", value: 1 }],
		};
	},
	explore: {
		kinds: {
			kill: { on: ["validator", "loader"] },
			freeze: { on: ["validator", "loader"] },
			reset: { on: ["store", "source", "target", "validator"] },
			timeout: { on: ["store", "target"] },
			down: { on: ["store", "validator"] },
			"terminate-backends": { on: ["store", "target"] },
		},
		faultsMax: 4,
		horizonMs: 6_000,
	},
	atScale: {
		growth:
			"`node measure-growth.ts`, batches of 100, 1,000, 10,000 and 50,000 rows, beside much else on two cores: a validation takes 515, 423, 825 and 1,993 ms, ~ rows^0.22: up to some thousands of rows it is the number of expectations that costs. Staging takes 48, 80, 550 and 3,533 ms, a row 70 µs.",
		breaksFirst:
			"Staging: the rows go through the loader as JSON, and past ten thousand of them that is most of a batch's time. Then the validator, which answers one batch at a time: every expectation is a query of its own over the staged table, and uniqueness and keys are the first that need more than a scan.",
		replacement:
			"Rows that never pass through the loader: COPY from database to database, or files that are attached as a partition once they have passed. Several validators, each for some of the batches (they keep nothing but pages); expectations on a sample where the rule allows it, and statistical ones on sums that are kept by partition.",
	},
})
	.arrange(async (ctx) => (await import("./observe.ts")).arrange(ctx))
	.observe(
		async (ctx) => (await import("./observe.ts")).observe(ctx),
		async ({ params }) => truthOfRun(params),
	)
	.judge(gate, quarantine, rates);
