import type { OutcomeKind } from "faultline";
import { connectPostgres } from "faultline/subject";
import { evidenceOf, expectedOf, type FoundOrder, type FoundRow } from "../evidence.ts";
import { makeTables } from "../tables.ts";
import { countAttempts } from "./attempts.ts";

// The pipeline without the testbed: makes tables and batches in an empty database, asks the worker for each batch until
// it is told how it ended, and holds sink and order service against the source. Break something meanwhile.
//
//   DATABASE=postgres://… WORKER=http://127.0.0.1:8080 node harness.ts [BATCHES] [PER_SEC]

const [batches, perSec] = [Number(process.argv[2] ?? 100), Number(process.argv[3] ?? 20)];
const { DATABASE, WORKER, GUARD, SEED } = process.env;
if (DATABASE === undefined || WORKER === undefined) {
	console.error("set DATABASE to an empty Postgres database, and WORKER to the worker's address");
	process.exit(2);
}
const [seed, rowsPerBatch] = [Number(SEED ?? 1), 20];
const client = await connectPostgres(DATABASE);
await makeTables(client, { seed, batches, rowsPerBatch, guard: GUARD === "off" ? "off" : "on" });

const told = new Map<number, OutcomeKind>();
await Promise.all(
	Array.from({ length: batches }, async (_, n) => {
		await after((1_000 / perSec) * n);
		told.set(n, await outcomeOf(n));
	}),
);
const { rows } = await client.query<FoundRow>("select * from loaded");
const { rows: orders } = await client.query<FoundOrder>("select * from orders");
await client.end();
const nothing = { times: new Map(), attempts: countAttempts(""), publishReceived: 0 };
const seen = await evidenceOf({ told, rows, orders, ...nothing }, rowsPerBatch);
const expected = await expectedOf(told, seed, rowsPerBatch);
const agree = seen.rowsDigest.checksum === expected.rowsDigest.checksum;
const { ok, fail, unknown } = seen.batches;
console.log(`${ok} batches published, ${fail} refused, ${unknown} without an answer`);
console.log(`${seen.rows.lostCount} rows lost, ${seen.rows.doubledCount} doubled`);
console.log(`${seen.partial.count} batches there in part`);
console.log(`checksums of source and sink ${agree ? "agree" : "DIFFER"}`);
process.exit(agree && seen.rows.doubledCount === 0 && seen.partial.count === 0 ? 0 : 10);

async function outcomeOf(batch: number): Promise<OutcomeKind> {
	for (;;) {
		try {
			const { status } = await fetch(`${WORKER}/batches/${batch}`, { method: "POST" });
			return status === 200 ? "ok" : status === 422 ? "fail" : "unknown";
		} catch {
			await after(100);
		}
	}
}

function after(ms: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, ms));
}
