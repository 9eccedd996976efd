import { cpSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parquetReadObjects } from "hyparquet";
import t from "tap";
import { batchesOf } from "../../../../scenarios/databases/cdc-lakehouse/capture/transaction.ts";
import {
	actionsIn,
	checkpointOf,
	type KeptAction,
} from "../../../../scenarios/databases/cdc-lakehouse/lake/checkpoint.ts";
import { DeltaTable } from "../../../../scenarios/databases/cdc-lakehouse/lake/delta-table.ts";
import { Lake } from "../../../../scenarios/databases/cdc-lakehouse/lake/lake.ts";
import type { Store } from "../../../../scenarios/databases/cdc-lakehouse/lake/store.ts";
import { filesStore } from "../../../../scenarios/databases/cdc-lakehouse/lake/stores/files.ts";
import { s3Store } from "../../../../scenarios/databases/cdc-lakehouse/lake/stores/s3.ts";
import { unlistedFiles } from "../../../../scenarios/databases/cdc-lakehouse/lake/vacuum.ts";
import { LogReplay } from "../../../../scenarios/databases/cdc-lakehouse/reader/log-replay.ts";
import { pin } from "../../../../scenarios/databases/cdc-lakehouse/reader/pin.ts";
import {
	folderPlace,
	type Place,
} from "../../../../scenarios/databases/cdc-lakehouse/reader/place.ts";
import { s3Place } from "../../../../scenarios/databases/cdc-lakehouse/reader/s3-place.ts";
import { MemoryS3 } from "./memory-s3.ts";
import { type RandomSource, randomSource, tables } from "./random-source.ts";

const options = { buckets: 2, cacheRowsMax: 100 };

/** Writes all of a source, with a checkpoint every so many versions. */
async function written(store: Store, source: RandomSource, every: number): Promise<Lake> {
	const { first, shape, transactions } = source;
	const lake = await Lake.open(store, tables, options, async () => {});
	if (lake.lsn === null) {
		const rows = tables.map((name) => [name, { shape, rows: [...first[name]!.values()] }] as const);
		await lake.snapshot(new Map(rows), { lsn: 1, offset: 7 });
	}
	for (const transaction of transactions) {
		const { lsn } = lake;
		if (transaction.endLsn <= lsn!) continue;
		const { endLsn, offset } = transaction;
		await lake.apply(batchesOf([transaction]), lsn!, { lsn: endLsn, offset });
		await lake.checkpoint(every);
	}
	return lake;
}

/** What is read of a store, by path. */
function noted(store: Store, read: string[]): Store {
	return {
		async table(name) {
			const files = await store.table(name);
			return {
				...files,
				read(path) {
					read.push(`${name}/${path}`);
					return files.read(path);
				},
			};
		},
	};
}

const versionIn = (path: string) => Number(/(\d{20})\.json$/.exec(path)?.[1] ?? Number.NaN);

const stores: Record<string, (folder: string) => { store: Store; place: Place }> = {
	files: (folder) => ({
		store: filesStore(folder, { sync: false }),
		place: folderPlace(folder),
	}),
	s3() {
		const server = new MemoryS3();
		return { store: s3Store(server, "lake"), place: s3Place(server, "lake") };
	},
};

for (const [kind, open] of Object.entries(stores)) {
	t.test(
		`${kind}: who opens a table reads its last checkpoint and what is behind it`,
		async (t) => {
			const { store, place } = open(t.testdir({}));
			const lake = await written(store, randomSource(41, 30), 7);
			const read: string[] = [];
			const again = await Lake.open(noted(store, read), tables, options, async () => {});
			for (const [name, { state }] of lake.tables) {
				const found = again.tables.get(name)!;
				t.strictSame(sorted(found), sorted(lake.tables.get(name)!), `${name} at ${state.version}`);
				t.ok(found.versionsSinceCheckpoint < 7);
			}
			t.same(again.position, lake.position);
			t.equal(read.filter((path) => path.endsWith(".checkpoint.parquet")).length, tables.length);
			t.ok(read.length < 2 * 9, `${read.length} of ${2 * 31} versions and checkpoints are read`);
			for (const path of read) t.notOk(versionIn(path) < 20, path);

			const whole = await pinnedBy(place, "first");
			const behind = await pinnedBy(place, "checkpoint");
			t.equal(behind.lsn, whole.lsn);
			for (const [name, { files, version, columns }] of whole.versions) {
				const found = behind.versions.get(name)!;
				t.strictSame([...found.files].sort(), [...files].sort());
				t.strictSame({ version: found.version, columns: found.columns }, { version, columns });
			}
		},
	);
}

async function pinnedBy(place: Place, from: "first" | "checkpoint") {
	const all = tables.map(
		async (name) => [name, await new LogReplay(place, name, "cdc", from).versions()] as const,
	);
	return pin(new Map(await Promise.all(all)))!;
}

t.test("what all versions say is what a checkpoint says", async (t) => {
	const folder = t.testdir({ with: {}, without: {} });
	const [withOne, without] = [join(folder, "with"), join(folder, "without")];
	const source = randomSource(42, 40);
	const half = { ...source, transactions: source.transactions.slice(0, 25) };
	const lake = await written(filesStore(withOne, { sync: false }), half, 4);
	await lake.vacuum(0, 0);
	await written(filesStore(withOne, { sync: false }), source, 4);
	cpSync(withOne, without, { recursive: true });
	for (const name of tables) {
		const log = join(without, name, "_delta_log");
		const checkpoints = readdirSync(log).filter((file) => !file.endsWith(".json"));
		t.ok(checkpoints.length > 3, checkpoints.join());
		for (const file of checkpoints) rmSync(join(log, file));
		const open = async (root: string) => {
			const files = await filesStore(root, { sync: false }).table(name);
			return DeltaTable.open(files, options);
		};
		const [one, other] = [await open(withOne), await open(without)];
		t.strictSame(sorted(one), sorted(other));
		const byPath = (a: { path: string }, b: { path: string }) => (a.path < b.path ? -1 : 1);
		const unlisted = (await unlistedFiles(one)).sort(byPath);
		t.strictSame(unlisted, (await unlistedFiles(other)).sort(byPath));
		t.ok(
			unlisted.every(({ kind }) => kind === "removed"),
			"what was taken out is not taken for a dead writer's",
		);
	}
});

function sorted({ state, shape }: DeltaTable) {
	const { files, ...rest } = state;
	return { ...rest, shape, files: [...files.keys()].sort() };
}

t.test("files that were vacuumed are in no checkpoint any more", async (t) => {
	const folder = t.testdir({});
	const store = filesStore(folder, { sync: false });
	const lake = await written(store, randomSource(43, 20), 1_000);
	const table = lake.tables.get("orders")!;
	const removed = (await unlistedFiles(table)).length;
	t.ok(removed > 0);
	await table.checkpoint();
	t.equal(await tombstones(folder, table), removed);
	await lake.vacuum(0, 0);
	await lake.apply(new Map(), lake.lsn!, { lsn: lake.lsn! + 1, offset: null });
	await table.checkpoint();
	t.equal(await tombstones(folder, table), 0);
});

async function tombstones(folder: string, { state: { version } }: DeltaTable): Promise<number> {
	const name = `orders/_delta_log/${String(version).padStart(20, "0")}.checkpoint.parquet`;
	const actions = await actionsIn(await folderPlace(folder).read(name));
	return actions.filter((action) => "remove" in action).length;
}

t.test("a writer that dies with a checkpoint that nothing names leaves all as it is", async (t) => {
	const folder = t.testdir({});
	const store = filesStore(folder, { sync: false });
	const dying: Store = {
		async table(name) {
			const files = await store.table(name);
			const replace = async () => {
				throw new Error("killed");
			};
			return { ...files, replace };
		},
	};
	const source = randomSource(44, 20);
	await t.rejects(written(dying, source, 5), /killed/);
	const lake = await written(store, source, 5);
	t.equal(lake.lsn, source.transactions.at(-1)!.endLsn);
	t.ok([...lake.tables.values()].every((table) => table.versionsSinceCheckpoint < 5));
	await t.resolves(Lake.open(store, tables, options, async () => {}));
});

t.test(
	"a table that is ahead gets no checkpoint: who begins there would find no version to pin",
	async (t) => {
		const folder = t.testdir({});
		const store = filesStore(folder, { sync: false });
		const source = randomSource(45, 6);
		await written(store, source, 1_000);
		let isDead = false;
		const dying = await Lake.open(store, tables, options, async (step) => {
			if (step === "first-table-committed") isDead = true;
			if (isDead) throw new Error("killed");
		});
		const to = { lsn: dying.lsn! + 10, offset: null };
		await t.rejects(dying.apply(new Map(), dying.lsn!, to), /killed/);
		const uneven = await Lake.open(store, tables, options, async () => {});
		await uneven.checkpoint(1);
		t.same(
			[...uneven.tables.values()].map((table) => table.versionsSinceCheckpoint > 1),
			[true, true],
		);
		await uneven.apply(new Map(), uneven.lsn!, to);
		await uneven.checkpoint(1);
		t.same(
			[...uneven.tables.values()].map((table) => table.versionsSinceCheckpoint),
			[0, 0],
		);
	},
);

t.test("actions come back as they were", async (t) => {
	const actions: KeptAction[] = [
		{ protocol: { minReaderVersion: 1, minWriterVersion: 2 } },
		{
			metaData: {
				id: "1",
				format: { provider: "parquet", options: {} },
				schemaString: '{"type":"struct","fields":[]}',
				partitionColumns: [],
				configuration: { "cdc.key": '["id"]' },
			},
		},
		{ txn: { appId: "cdc", version: 2 ** 52 } },
		{
			add: {
				path: "part-1.parquet",
				partitionValues: {},
				size: 12,
				modificationTime: 1_800_000_000_000,
				dataChange: false,
				stats: '{"numRecords":3}',
				tags: { bucket: "1" },
			},
		},
		{ remove: { path: "part-0.parquet", deletionTimestamp: 1_800_000_000_001, dataChange: false } },
	];
	const bytes = Buffer.from(checkpointOf(actions));
	t.strictSame(await actionsIn(bytes), actions);
	const rows = await parquetReadObjects({ file: Uint8Array.from(bytes).buffer });
	t.same(
		rows.map((row) => Object.values(row).filter((cell) => cell != null).length),
		[1, 1, 1, 1, 1],
		"each row is one action",
	);
});
