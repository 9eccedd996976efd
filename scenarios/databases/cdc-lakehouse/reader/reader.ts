import { monotonicMs, numberVariable, pause, S3Client, serve, variable } from "faultline/subject";
import { appId, lakeBucket, type Read, tableNames } from "../names.ts";
import { RowSum, rowText } from "../row-sum.ts";
import { LogReplay } from "./log-replay.ts";
import { pin } from "./pin.ts";
import { placeAt } from "./place-at.ts";
import { readRows } from "./read-rows.ts";

// Reads all tables at one LSN, as somebody does who asks them a question that takes a while: GET /read.

const pauseMs = numberVariable("READ_PAUSE_MS", 0);
const place = placeAt(await where(), (url) => new S3Client(url));
const logs = new Map(
	tableNames.map((name) => [name, new LogReplay(place, name, appId, "checkpoint")]),
);

/** In a bucket, in the consumer's folder, or where it was said. */
async function where(): Promise<string> {
	if (variable("STORE", "files") === "s3")
		return `${variable("FLT_PATH_STORE")}/${lakeBucket(variable("FLT_BUCKET_PREFIX"))}`;
	const consumer = variable("FLT_PATH_CONSUMER", "");
	if (consumer === "") return variable("TABLES", ".");
	return ((await (await fetch(consumer)).json()) as { folder: string }).folder;
}

async function read(): Promise<Read> {
	const sinceMs = monotonicMs();
	const versions = new Map(
		await Promise.all([...logs].map(async ([name, log]) => [name, await log.versions()] as const)),
	);
	const pinned = pin(versions);
	if (pinned === null) return { kind: "none" };
	try {
		if (pauseMs > 0) await pause(pauseMs);
		const sums: Record<string, string> = {};
		const totals = { count: 0n, cents: 0n };
		for (const [name, version] of pinned.versions) {
			const sum = new RowSum();
			for await (const row of readRows(place, name, version)) {
				sum.add(rowText(row));
				// What the customers say that they have, less what the orders are: 0 at the end of every transaction.
				if (name === "orders") {
					totals.count -= 1n;
					totals.cents -= BigInt(row.amount_cents ?? 0);
				} else {
					totals.count += BigInt(row.order_count ?? 0);
					totals.cents += BigInt(row.spent_cents ?? 0);
				}
			}
			sums[name] = sum.text;
		}
		const balanced = totals.count === 0n && totals.cents === 0n;
		return { kind: "read", lsn: pinned.lsn, sums, balanced };
	} catch (error) {
		return {
			kind: "broken",
			lsn: pinned.lsn,
			error: String(error),
			tookMs: monotonicMs() - sinceMs,
		};
	}
}

await serve({ "GET /read": read });
