import t from "tap";
import { startCapture } from "../../../../scenarios/databases/cdc-lakehouse/capture/capture.ts";
import type { DiaryLine } from "../../../../scenarios/databases/cdc-lakehouse/capture/diary.ts";
import type { Feed } from "../../../../scenarios/databases/cdc-lakehouse/capture/feed.ts";
import type { Transaction } from "../../../../scenarios/databases/cdc-lakehouse/capture/transaction.ts";
import type { Position } from "../../../../scenarios/databases/cdc-lakehouse/lake/position.ts";
import { filesStore } from "../../../../scenarios/databases/cdc-lakehouse/lake/stores/files.ts";
import { LogReplay } from "../../../../scenarios/databases/cdc-lakehouse/reader/log-replay.ts";
import { pin } from "../../../../scenarios/databases/cdc-lakehouse/reader/pin.ts";
import { folderPlace } from "../../../../scenarios/databases/cdc-lakehouse/reader/place.ts";
import { readRows } from "../../../../scenarios/databases/cdc-lakehouse/reader/read-rows.ts";
import { rowText } from "../../../../scenarios/databases/cdc-lakehouse/row-sum.ts";
import { type RandomSource, randomSource, tables } from "./random-source.ts";

/** A source whose stream breaks after so many transactions, and goes on where it is asked to. */
function feedOf({ first, shape, transactions }: RandomSource, breaksAfter: number): Feed {
	let left = breaksAfter;
	return {
		tables: async () =>
			tables.map((name) => ({
				qualified: name,
				name,
				columns: [...shape.columns],
				key: [...shape.key],
			})),
		async snapshot(has) {
			if (has !== null) return null;
			const rows = tables.map(
				(name) => [name, { shape, rows: [...first[name]!.values()] }] as const,
			);
			return { at: { lsn: 1, offset: null }, tables: new Map(rows) };
		},
		open(from: Position, _tables, { onTransaction }) {
			const tell = async () => {
				for (const transaction of transactions) {
					if (transaction.endLsn <= from.lsn) continue;
					if (left-- === 0) throw new Error("the stream has broken");
					await onTransaction(transaction);
				}
				return new Promise<never>(() => {});
			};
			const broken = tell();
			broken.catch(() => {}); // heard by whoever waits for it
			return { broken, acknowledge: async () => {}, close: async () => {} };
		},
	};
}

t.test(
	"a backlog is written in few batches, and waits for nothing, also behind a break",
	async (t) => {
		const folder = t.testdir({});
		const source = randomSource(31, 400);
		// Enough in the end for none to be waited for.
		const nothing = { kind: "delete", key: "nobody's" } as const;
		const last: Transaction = {
			...source.transactions.at(-1)!,
			endLsn: 1e9,
			changes: Array.from({ length: 20 }, () => ({
				table: "orders",
				shape: source.transactions.at(-1)!.changes[0]!.shape,
				change: nothing,
			})),
		};
		source.contents.set(last.endLsn, source.contents.get(source.transactions.at(-1)!.endLsn)!);
		source.transactions.push(last);
		const lines: DiaryLine[] = [];
		const { promise, resolve } = Promise.withResolvers<void>();
		startCapture(
			{
				store: filesStore(folder, { sync: false }),
				buckets: 2,
				cacheRowsMax: 10_000,
				batchChangesMax: 300,
				// Who waited for more would wait longer than the test has time.
				lingerMs: 3_600_000,
				checkpointEvery: 5,
				filesMax: 2,
				retentionMs: 3_600_000,
				vacuumEveryMs: 3_600_000,
				step: async () => {},
				diary(line) {
					lines.push(line);
					if (line.kind === "batch" && line.toLsn === last.endLsn) resolve();
				},
			},
			feedOf(source, 250),
		);
		await promise;
		const batches = lines.filter(({ kind }) => kind === "batch");
		const changeCount = source.transactions.reduce((sum, { changes }) => sum + changes.length, 0);
		t.ok(changeCount > 1_000, `${changeCount} changes`);
		t.ok(batches.length < 20, `in ${batches.length} batches`);
		t.equal(lines.filter(({ kind }) => kind === "started").length, 2, "the stream broke");
		const logs = tables.map(
			async (name) =>
				[name, await new LogReplay(folderPlace(folder), name, "cdc").versions()] as const,
		);
		const pinned = pin(new Map(await Promise.all(logs)))!;
		t.equal(pinned.lsn, last.endLsn);
		for (const [name, version] of pinned.versions) {
			const seen: string[] = [];
			for await (const row of readRows(folderPlace(folder), name, version)) seen.push(rowText(row));
			const wanted = [...source.contents.get(last.endLsn)![name]!.values()].map(rowText);
			t.strictSame(seen.sort(), wanted.sort(), name);
		}
	},
);
