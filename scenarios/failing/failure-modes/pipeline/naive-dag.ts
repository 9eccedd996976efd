import { setTimeout as pause } from "node:timers/promises";
import { AttemptLog } from "./attempts.ts";
import { poolAt, reach, withConnection } from "./connections.ts";
import type { SinkRow } from "./contract.ts";
import type { Dag, DagOptions } from "./dag.ts";
import { extract, insertRow, publicationOf, publish, transform } from "./steps.ts";

/**
 * The DAG as it is written first: it takes what the source delivers, writes row by row, and when anything fails begins
 * the batch again, at once and for ever. What it had done by then it does not know.
 */
export function naiveDag(options: DagOptions): Dag {
	const { sourceUrl, sinkUrl, ordersUrl, rowMs, naiveRetryAfterMs } = options;
	const attempts = new AttemptLog(options.attemptsFile);
	const source = poolAt(sourceUrl, { max: 10 });
	const sink = poolAt(sinkUrl, { max: 10 });

	async function once(batch: number): Promise<void> {
		attempts.note(batch, "extract");
		const rows = await withConnection(source, null, (client) => extract(client, batch));
		attempts.note(batch, "load");
		const loaded = await withConnection(sink, null, async (client) => {
			const done: SinkRow[] = [];
			for (const row of rows) {
				await pause(rowMs);
				done.push(transform(row));
				await insertRow(client, batch, done.at(-1)!);
			}
			return done;
		});
		attempts.note(batch, "publish");
		await publish(ordersUrl, publicationOf(batch, loaded), null, null);
		attempts.noteTaken(batch);
	}

	return {
		async run(batch) {
			for (;;) {
				try {
					await once(batch);
					return { state: "published" };
				} catch {
					await pause(naiveRetryAfterMs);
				}
			}
		},
		ready: () => reach([source, sink], ordersUrl),
		async close() {
			await Promise.all([source.end(), sink.end()]);
			attempts.close();
		},
	};
}
