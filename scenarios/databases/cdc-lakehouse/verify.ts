import { parseArgs } from "node:util";
import { pause, withPostgres } from "faultline";
import { S3Client } from "faultline/subject";
import { type Diff, diffRows, wrongCount } from "./diff.ts";
import { lsnText } from "./lsn.ts";
import { appId } from "./names.ts";
import { LogReplay, type Version } from "./reader/log-replay.ts";
import { pin } from "./reader/pin.ts";
import { placeAt } from "./reader/place-at.ts";
import { readRows } from "./reader/read-rows.ts";
import { rowText } from "./row-sum.ts";
import { type SourceRow, sourceRows } from "./source-rows.ts";

// Holds Delta tables against the tables of a Postgres publication, row by row, by none of the writer's code:
//
//   node verify.ts --source postgres://… --publication lake --tables DIR [--key orders=order_id] [--wait-ms 10000]
//
// The tables are folders with the names of those of the source, in DIR or in a bucket, `http://KEY:SECRET@HOST:PORT/BUCKET`. While the source is written to they are behind it: the
// comparison is made again until it holds, or the time is over. Exit code 0 where it holds, 1 where it does not.

const { values } = parseArgs({
	options: {
		source: { type: "string" },
		publication: { type: "string" },
		tables: { type: "string" },
		key: { type: "string", multiple: true, default: [] },
		"app-id": { type: "string", default: appId },
		"wait-ms": { type: "string", default: "10000" },
	},
});
const { source, publication, tables } = values;
if (source === undefined || publication === undefined || tables === undefined) {
	console.error(
		"usage: verify.ts --source URL --publication NAME --tables DIR [--key TABLE=COLUMN,…]",
	);
	process.exit(2);
}

const place = placeAt(tables, (url) => new S3Client(url));

/** The columns that tell rows of a table apart: all of them, unless that was said. */
const keys = new Map(
	values.key.map((text) => {
		const [table, columns = ""] = text.split("=");
		return [table!, columns.split(",")];
	}),
);

async function compared(): Promise<{ lsn: number; diffs: [table: string, diff: Diff][] }> {
	const wanted = await withPostgres({ postgres: { kind: "postgres", url: source! } }, (client) =>
		sourceRows(client, publication!),
	);
	const versions = new Map<string, readonly Version[]>();
	for (const table of wanted.keys())
		versions.set(
			table,
			await new LogReplay(place, table, values["app-id"], "checkpoint").versions(),
		);
	const pinned = pin(versions);
	const diffs: [string, Diff][] = [];
	for (const [table, rows] of wanted) {
		const version = pinned?.versions.get(table);
		const found: SourceRow[] = [];
		if (version !== undefined)
			for await (const row of readRows(place, table, version)) found.push(row);
		const key = (row: SourceRow) =>
			keys
				.get(table)
				?.map((name) => row[name])
				.join(" ") ?? rowText(row);
		diffs.push([table, diffRows(found, rows, { key, text: rowText })]);
	}
	return { lsn: pinned?.lsn ?? 0, diffs };
}

const againAfterMs = 200;
const giveUpMs = performance.now() + Number(values["wait-ms"]);
for (;;) {
	const { lsn, diffs } = await compared();
	const isEqual = diffs.length > 0 && diffs.every(([, diff]) => wrongCount(diff) === 0);
	if (!isEqual && performance.now() < giveUpMs) {
		await pause(againAfterMs);
		continue;
	}
	for (const [table, diff] of diffs) {
		const { rowCount, lostCount, foreignCount, doubledCount, staleCount, first } = diff;
		console.log(
			`${table} at ${lsnText(lsn)}: ${rowCount} rows, ${lostCount} lost, ${foreignCount} that should not be, ${doubledCount} doubled, ${staleCount} stale${first === null ? "" : `; the first: ${first}`}`,
		);
	}
	console.log(isEqual ? "equal" : "differing");
	process.exit(isEqual ? 0 : 1);
}
