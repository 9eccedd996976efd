import t, { type Test } from "tap";
import { stream } from "../../../../base/random.ts";
import { startCapture } from "../../../../scenarios/databases/cdc-lakehouse/capture/capture.ts";
import type { DiaryLine } from "../../../../scenarios/databases/cdc-lakehouse/capture/diary.ts";
import type { Feed } from "../../../../scenarios/databases/cdc-lakehouse/capture/feed.ts";
import type { Transaction } from "../../../../scenarios/databases/cdc-lakehouse/capture/transaction.ts";
import type { Position } from "../../../../scenarios/databases/cdc-lakehouse/lake/position.ts";
import type { Store } from "../../../../scenarios/databases/cdc-lakehouse/lake/store.ts";
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

/** Enough in the end for none to be waited for. */
function withLarge(source: RandomSource): Transaction {
	const before = source.transactions.at(-1)!;
	const { shape } = before.changes[0]!;
	const change = { kind: "delete", key: "nobody's" } as const;
	const last: Transaction = {
		...before,
		endLsn: 1e9,
		changes: Array.from({ length: 20 }, () => ({ table: "orders", shape, change })),
	};
	source.contents.set(last.endLsn, source.contents.get(before.endLsn)!);
	source.transactions.push(last);
	return last;
}

const options = {
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
};

/** Captures all of a source up to that transaction; what the consumer writes down. */
async function captured(
	store: Store,
	feed: Feed,
	last: Transaction,
	diary: (line: DiaryLine) => void = () => {},
): Promise<DiaryLine[]> {
	const lines: DiaryLine[] = [];
	const { promise, resolve } = Promise.withResolvers<void>();
	const capture = startCapture(
		{
			...options,
			store,
			diary(line) {
				lines.push(line);
				if (capture.lsn === last.endLsn || ("toLsn" in line && line.toLsn === last.endLsn))
					resolve();
				diary(line);
			},
		},
		feed,
	);
	await promise;
	return lines;
}

async function compare(t: Test, folder: string, { contents, transactions }: RandomSource) {
	const { endLsn } = transactions.at(-1)!;
	const logs = tables.map(
		async (name) =>
			[name, await new LogReplay(folderPlace(folder), name, "cdc").versions()] as const,
	);
	const pinned = pin(new Map(await Promise.all(logs)))!;
	t.equal(pinned.lsn, endLsn);
	for (const [name, version] of pinned.versions) {
		const seen: string[] = [];
		for await (const row of readRows(folderPlace(folder), name, version)) seen.push(rowText(row));
		const wanted = [...contents.get(endLsn)![name]!.values()].map(rowText);
		t.strictSame(seen.sort(), wanted.sort(), name);
	}
}

t.test(
	"a backlog is written in few batches, and waits for nothing, also behind a break",
	async (t) => {
		const folder = t.testdir({});
		const told = t.capture(console, "error", () => {});
		const source = randomSource(31, 400);
		const last = withLarge(source);
		const store = filesStore(folder, { sync: false });
		const lines = await captured(store, feedOf(source, 250), last);
		const batches = lines.filter(({ kind }) => kind === "batch");
		const changeCount = source.transactions.reduce((sum, { changes }) => sum + changes.length, 0);
		t.ok(changeCount > 1_000, `${changeCount} changes`);
		t.ok(batches.length < 20, `in ${batches.length} batches`);
		t.equal(lines.filter(({ kind }) => kind === "started").length, 2, "the stream broke");
		t.same(
			told().map(({ args }) => args[0]),
			["Error: the stream has broken"],
			"and that is told",
		);
		await compare(t, folder, source);
	},
);

t.test(
	"a disk that is full is waited for, and what was half written is in no version",
	async (t) => {
		const folder = t.testdir({});
		const said = t.capture(console, "error", () => {});
		const source = randomSource(32, 400);
		const last = withLarge(source);
		const draw = stream(32, "disk");
		let fullCount = 0;
		/** Some of it may be there by then. */
		const full = async (write?: (part: Uint8Array) => Promise<unknown>, bytes?: Uint8Array) => {
			if (fullCount >= 12 || draw() < 0.5) return;
			fullCount += 1;
			await write?.(bytes!.subarray(0, bytes!.length / 2));
			throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
		};
		const files = filesStore(folder, { sync: false });
		const store: Store = {
			async table(name) {
				const table = await files.table(name);
				return {
					...table,
					async write(path, bytes) {
						await full((part) => table.write(path, part), bytes);
						return table.write(path, bytes);
					},
					async writeIfAbsent(path, bytes) {
						await full();
						return table.writeIfAbsent(path, bytes);
					},
					async replace(path, bytes) {
						await full();
						return table.replace(path, bytes);
					},
				};
			},
		};
		let told = 0;
		const lines = await captured(store, feedOf(source, Number.POSITIVE_INFINITY), last, () => {
			// Nor can be written down what has become of a batch.
			if (++told === 5) throw Object.assign(new Error("no space left"), { code: "ENOSPC" });
		});
		t.equal(fullCount, 12);
		const reasons = new Set(said().map(({ args }) => `${args[0]}`));
		t.same([...reasons].sort(), ["Error: no space left", "Error: no space left on device"]);
		const starts = lines.filter((line) => line.kind === "started");
		t.ok(starts.length > 5, `${starts.length} starts`);
		t.ok(starts.at(-1)!.garbage.length > 0, "something was left behind");
		await compare(t, folder, source);
	},
);
