import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fitGrowth, stream } from "faultline";
import type { Change } from "./lake/changes.ts";
import type { Row, Shape } from "./lake/columns.ts";
import { Lake } from "./lake/lake.ts";
import { filesStore } from "./lake/stores/files.ts";
import { LogReplay } from "./reader/log-replay.ts";
import { folderPlace } from "./reader/place.ts";

// How a batch, a restart and what is written grow with the rows that are there: `node measure-growth.ts`. Times are the
// processor's, which others that use the machine change little.

const sizes = [10_000, 100_000, 1_000_000];
const batches = 5;
const changesEach = 2_000;
const rowsAFile = 4_000;
const shape: Shape = {
	columns: [
		{ name: "id", type: "long" },
		{ name: "customer", type: "long" },
		{ name: "status", type: "string" },
		{ name: "note", type: "string" },
	],
	key: ["id"],
};

function rowOf(id: number, status: string): Row {
	return { id: String(id), customer: String(id % 977), status, note: `the note of order ${id}` };
}

async function measured(rows: number): Promise<Record<string, number>> {
	const folder = mkdtempSync(join(tmpdir(), "lake-growth-"));
	const options = {
		buckets: Math.max(1, Math.round(rows / rowsAFile)),
		cacheRowsMax: 0,
	};
	const open = () =>
		Lake.open(filesStore(folder, { sync: false }), ["orders"], options, async () => {});
	try {
		const lake = await open();
		const first = Array.from({ length: rows }, (_, id) => rowOf(id, "placed"));
		await lake.snapshot(new Map([["orders", { shape, rows: first }]]), { lsn: 1, offset: null });
		const draw = stream(1, "growth");
		const begunMs = processorMs();
		for (let n = 0; n < batches; n++) {
			// Those of late are changed again most of all, as orders are.
			const changes = Array.from({ length: changesEach }, (): { lsn: number; change: Change } => {
				const isNew = draw() < 0.5;
				const id = isNew ? rows + Math.floor(draw() * 1e9) : Math.floor(rows * (1 - draw() ** 8));
				return { lsn: n + 2, change: { kind: "upsert", row: rowOf(id, `${n}`), oldKey: null } };
			});
			await lake.apply(new Map([["orders", { shape, changes }]]), n + 1, {
				lsn: n + 2,
				offset: null,
			});
		}
		const batchMs = (processorMs() - begunMs) / batches;
		const { rowsAdded, files } = await written(lake, folder);
		const openedMs = processorMs();
		await open();
		return {
			"a batch of 2,000 changes, ms": batchMs,
			"rows written for a change": (rowsAdded - rows) / (batches * changesEach),
			"files in the newest version": files,
			"to open the table, ms": processorMs() - openedMs,
		};
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

async function written(lake: Lake, folder: string): Promise<{ rowsAdded: number; files: number }> {
	const versions = await new LogReplay(folderPlace(folder), "orders", "cdc").versions();
	return {
		rowsAdded: versions.reduce((sum, version) => sum + version.rowsAdded, 0),
		files: lake.tables.get("orders")!.state.files.size,
	};
}

/** Of all threads of this process, since its start. */
function processorMs(): number {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1_000;
}

const results: { size: number; values: Record<string, number> }[] = [];
for (const size of sizes) results.push({ size, values: await measured(size) });
console.log(`| | ${sizes.map((size) => `${size} rows`).join(" | ")} | exponent |`);
console.log(`|---|${sizes.map(() => "---|").join("")}---|`);
for (const name of Object.keys(results[0]!.values)) {
	const points = results.map(({ size, values }) => ({ size, value: values[name]! }));
	const shown = points.map(({ value }) => Number(value.toPrecision(3)));
	console.log(`| ${name} | ${shown.join(" | ")} | ${fitGrowth(points)!.exponent.toFixed(2)} |`);
}
