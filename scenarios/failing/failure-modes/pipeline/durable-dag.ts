import { setTimeout as pause } from "node:timers/promises";
import { DBOS } from "@dbos-inc/dbos-sdk";
import { AttemptLog, type RemoteStep } from "./attempts.ts";
import { poolAt, reach, withConnection } from "./connections.ts";
import { ContractBroken, keepContract, type SourceRow } from "./contract.ts";
import type { BatchOutcome, Dag, DagOptions } from "./dag.ts";
import { type Guarded, guardsOf } from "./guards.ts";
import { extract, publicationOf, publish, readManifest, transform, upsertBatch } from "./steps.ts";

/**
 * The DAG with its guards. A durable workflow on Postgres (DBOS) keeps each finished step, so that a batch whose worker
 * was killed goes on where it was; every step that is done twice all the same changes nothing the second time.
 */
export async function durableDag(options: DagOptions): Promise<Dag> {
	const { ordersUrl, rowMs, patienceMs, tryTimeoutMs, random } = options;
	const attempts = new AttemptLog(options.attemptsFile);
	const connections = { max: 10, connectionTimeoutMillis: tryTimeoutMs };
	const source = poolAt(options.sourceUrl, connections);
	const sink = poolAt(options.sinkUrl, connections);
	const guards = () =>
		guardsOf({
			tryTimeoutMs,
			patienceMs,
			random,
			backoffMs: 50,
			backoffMaxMs: 500,
			budgetShare: 0.2,
			budgetMost: 20,
			minRetriesPerSec: 10,
			breakAfterFailures: 5,
			halfOpenAfterMs: 200,
		});
	// A budget and a breaker for each server: one that is away says nothing of the others.
	const guarded: Record<RemoteStep, Guarded> = {
		extract: guards(),
		load: guards(),
		publish: guards(),
	};
	const step = <T>(batch: number, name: RemoteStep, action: (signal: AbortSignal) => Promise<T>) =>
		DBOS.runStep(
			() =>
				guarded[name]((signal) => {
					attempts.note(batch, name);
					return action(signal);
				}),
			{ name },
		);

	async function batchWorkflow(batch: number): Promise<BatchOutcome> {
		let rows: SourceRow[];
		try {
			// Extract and validate are one step: a delivery that breaks the contract is asked for again.
			rows = await step(batch, "extract", (signal) =>
				withConnection(source, signal, async (client) => {
					const manifest = await readManifest(client, batch);
					const delivered = await extract(client, batch);
					keepContract(manifest, delivered);
					return delivered;
				}),
			);
		} catch (error) {
			// Nothing was written so far: to refuse the batch as a whole is safe.
			const why = error instanceof Error ? error.message : String(error);
			return {
				state: "refused",
				why: error instanceof ContractBroken ? why : `no delivery: ${why}`,
			};
		}
		await pause(rowMs * rows.length);
		const loaded = rows.map(transform);
		await step(batch, "load", (signal) =>
			withConnection(sink, signal, (client) => upsertBatch(client, batch, loaded)),
		);
		const publication = publicationOf(batch, loaded);
		await step(batch, "publish", async (signal) => {
			await publish(ordersUrl, publication, publication.orderId, signal);
			attempts.noteTaken(batch);
		});
		return { state: "published" };
	}

	const workflow = DBOS.registerWorkflow(batchWorkflow, { name: "batch" });
	const nothing = DBOS.registerWorkflow(() => DBOS.runStep(async () => {}, { name: "nothing" }), {
		name: "nothing",
	});
	DBOS.setConfig({
		name: "failure-modes",
		systemDatabaseUrl: options.stateUrl,
		// The same for every start, so that a restarted worker finds what it left.
		executorID: "worker",
		applicationVersion: "1",
		logLevel: "error",
	});
	await DBOS.launch();
	return {
		/** The batch is the workflow's id: a second call joins the first, or finds its result. */
		async run(batch) {
			const handle = await DBOS.startWorkflow(workflow, { workflowID: `batch-${batch}` })(batch);
			return handle.getResult({ pollingIntervalMs: 100 });
		},
		async ready() {
			await Promise.all([reach([source, sink], ordersUrl), nothing()]);
		},
		async close() {
			await DBOS.shutdown();
			await Promise.all([source.end(), sink.end()]);
			attempts.close();
		},
	};
}
