import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { medianOf, stream } from "faultline";
import { startCapture } from "./capture/capture.ts";
import type { Feed } from "./capture/feed.ts";
import type { Transaction } from "./capture/transaction.ts";
import type { Row, Shape } from "./lake/columns.ts";
import { filesStore } from "./lake/stores/files.ts";

// How fast a consumer comes through a backlog that has come already: `node measure-catch-up.ts`. Nothing is decoded here, and no
// server is asked; what is left is what a consumer does with transactions until they are in its tables.

const rounds = 5;
const buckets = 16;
const first = { customers: 2_000, orders: 6_000 };
const tables = ["customers", "orders"] as const;
const shape: Shape = {
	columns: [
		{ name: "id", type: "long" },
		{ name: "customer", type: "long" },
		{ name: "amount", type: "long" },
		{ name: "status", type: "string" },
		{ name: "note", type: "string" },
		{ name: "gift", type: "boolean" },
	],
	key: ["id"],
};

function rowOf(id: number, status: string): Row {
	const note = id % 10 === 0 ? "a note that is long ".repeat(40) : `it's order ${id}`;
	return {
		id: String(id),
		customer: String(id % 977),
		amount: String(100 + ((id * 37) % 9_900)),
		status,
		note,
		gift: id % 7 === 0 ? "t" : "f",
	};
}

const backlogs: Record<string, () => Transaction[]> = {
	"one transaction of 20,000 new rows": () => [transaction(0, 20_000, (n) => 1e6 + n)],
	"one transaction of 1,500 new rows": () => [transaction(0, 1_500, (n) => 1e6 + n)],
	"20,000 transactions of 5 changes, of old rows and new ones": () => {
		const draw = stream(1, "catch-up");
		const key = (n: number) => (draw() < 0.5 ? Math.floor(draw() * first.customers) : 1e6 + n);
		return Array.from({ length: 20_000 }, (_, nth) => transaction(nth, 5, (n) => key(5 * nth + n)));
	},
};

function transaction(nth: number, rows: number, idOf: (n: number) => number): Transaction {
	return {
		endLsn: 100 + nth,
		offset: null,
		committedMs: Date.now(),
		changes: Array.from({ length: rows }, (_, n) => ({
			table: rows > 5 ? "orders" : tables[n % 2]!,
			shape,
			change: { kind: "upsert", row: rowOf(idOf(n), `${nth}`), oldKey: null },
		})),
	};
}

/** Rows a second, from when the first has come until all are visible. */
async function caughtUp(folder: string, backlog: readonly Transaction[]): Promise<number> {
	const last = backlog.at(-1)!.endLsn;
	const done = Promise.withResolvers<number>();
	let sinceMs = 0;
	const feed: Feed = {
		tables: async () => tables.map((name) => ({ qualified: name, name, ...copied(shape) })),
		async snapshot() {
			const rows = tables.map((name) => {
				const all = Array.from({ length: first[name] }, (_, id) => rowOf(id, "placed"));
				return [name, { shape, rows: all }] as const;
			});
			return { at: { lsn: 1, offset: null }, tables: new Map(rows) };
		},
		open(_from, _tables, { onTransaction }) {
			const tell = async () => {
				sinceMs = performance.now();
				for (const transaction of backlog) await onTransaction(transaction);
			};
			const broken = tell().then(() => new Promise<never>(() => {}));
			return { broken, acknowledge: async () => {}, close: async () => {} };
		},
	};
	startCapture(
		{
			store: filesStore(folder, { sync: false }),
			buckets,
			cacheRowsMax: 500_000,
			batchChangesMax: 20_000,
			lingerMs: 100,
			checkpointEvery: 100,
			filesMax: 4,
			retentionMs: 4_000,
			vacuumEveryMs: 1_000,
			step: async () => {},
			diary: (line) => {
				if (line.kind === "batch" && line.toLsn === last) done.resolve(performance.now());
			},
		},
		feed,
	);
	const tookMs = (await done.promise) - sinceMs;
	const rows = backlog.reduce((sum, { changes }) => sum + changes.length, 0);
	return (1_000 * rows) / tookMs;
}

function copied({ columns, key }: Shape): { columns: Shape["columns"][number][]; key: string[] } {
	return { columns: [...columns], key: [...key] };
}

const root = mkdtempSync(join(tmpdir(), "lake-catch-up-"));
for (const [what, backlog] of Object.entries(backlogs)) {
	const rates: number[] = [];
	for (let round = 0; round < rounds; round++)
		rates.push(await caughtUp(mkdtempSync(join(root, "round-")), backlog()));
	const shown = rates.map((rate) => Math.round(rate).toLocaleString("en"));
	console.log(
		`${what}: ${Math.round(medianOf(rates)!).toLocaleString("en")} rows/s (${shown.join(" ")})`,
	);
}
rmSync(root, { recursive: true, force: true });
// Consumers live for as long as their process.
process.exit(0);
