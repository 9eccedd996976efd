import t, { type Test } from "tap";
import { batchesOf } from "../../../../scenarios/databases/cdc-lakehouse/capture/transaction.ts";
import { Lake } from "../../../../scenarios/databases/cdc-lakehouse/lake/lake.ts";
import type { Store } from "../../../../scenarios/databases/cdc-lakehouse/lake/store.ts";
import { filesStore } from "../../../../scenarios/databases/cdc-lakehouse/lake/stores/files.ts";
import { s3Store } from "../../../../scenarios/databases/cdc-lakehouse/lake/stores/s3.ts";
import { LogReplay } from "../../../../scenarios/databases/cdc-lakehouse/reader/log-replay.ts";
import { pin } from "../../../../scenarios/databases/cdc-lakehouse/reader/pin.ts";
import {
	folderPlace,
	type Place,
} from "../../../../scenarios/databases/cdc-lakehouse/reader/place.ts";
import { placeAt } from "../../../../scenarios/databases/cdc-lakehouse/reader/place-at.ts";
import { readRows } from "../../../../scenarios/databases/cdc-lakehouse/reader/read-rows.ts";
import { s3Place } from "../../../../scenarios/databases/cdc-lakehouse/reader/s3-place.ts";
import { rowText } from "../../../../scenarios/databases/cdc-lakehouse/row-sum.ts";
import { MemoryS3 } from "./memory-s3.ts";
import { type RandomSource, randomSource, tables } from "./random-source.ts";

const stores: Record<string, (t: Test) => { store: Store; place: Place }> = {
	files(t) {
		const folder = t.testdir({});
		return { store: filesStore(folder, { sync: true }), place: folderPlace(folder) };
	},
	s3() {
		const server = new MemoryS3();
		return { store: s3Store(server, "lake"), place: s3Place(server, "lake") };
	},
};

const options = { buckets: 2, cacheRowsMax: 0 };

/** A writer's life, from wherever the tables are to the source's end. */
async function written(store: Store, { first, shape, transactions }: RandomSource): Promise<Lake> {
	const lake = await Lake.open(store, tables, options, async () => {});
	if (lake.lsn === null) {
		const rows = tables.map((name) => [name, { shape, rows: [...first[name]!.values()] }] as const);
		await lake.snapshot(new Map(rows), { lsn: 1, offset: null });
	}
	for (const transaction of transactions) {
		const { lsn } = lake;
		if (transaction.endLsn <= lsn!) continue;
		await lake.apply(batchesOf([transaction]), lsn!, { lsn: transaction.endLsn, offset: null });
	}
	return lake;
}

async function readAt(place: Place): Promise<{ lsn: number; rows: Record<string, string[]> }> {
	const logs = tables.map(
		async (name) => [name, await new LogReplay(place, name, "cdc").versions()] as const,
	);
	const pinned = pin(new Map(await Promise.all(logs)))!;
	const rows: Record<string, string[]> = {};
	for (const [name, version] of pinned.versions) {
		rows[name] = [];
		for await (const row of readRows(place, name, version)) rows[name].push(rowText(row));
		rows[name].sort();
	}
	return { lsn: pinned.lsn, rows };
}

function wanted({ contents }: RandomSource, lsn: number): Record<string, string[]> {
	const content = contents.get(lsn)!;
	return Object.fromEntries(
		tables.map((name) => [name, [...content[name]!.values()].map(rowText).sort()]),
	);
}

for (const [kind, open] of Object.entries(stores)) {
	t.test(`${kind}: a name is given once, and lists are of one folder`, async (t) => {
		const { store, place } = open(t);
		const files = await store.table("orders");
		const commit = (n: number) => `_delta_log/${n}.json`;
		t.equal(await files.writeIfAbsent(commit(0), Buffer.from("one")), true);
		t.equal(await files.writeIfAbsent(commit(0), Buffer.from("other")), false);
		const tries = await Promise.all(
			["a", "b", "c"].map((text) => files.writeIfAbsent(commit(1), Buffer.from(text))),
		);
		t.equal(tries.filter(Boolean).length, 1, "also of several at once");
		t.equal(String(await files.read(commit(0))), "one");
		for (let n = 2; n < 9; n++) await files.writeIfAbsent(commit(n), Buffer.from("x"));
		for (const n of [1, 2, 3, 4, 5]) await files.write(`part-${n}.parquet`, Buffer.from("x"));
		const logged = Array.from({ length: 9 }, (_, n) => `${n}.json`);
		t.same((await files.list("_delta_log")).sort(), logged, "however many pages that are");
		const parts = (await files.list("")).filter((name) => name.endsWith(".parquet"));
		t.equal(parts.length, 5);
		await files.remove("part-1.parquet");
		await files.remove("part-1.parquet");
		t.equal((await files.list("")).filter((name) => name.endsWith(".parquet")).length, 4);
		t.same(await place.names("orders/_delta_log", "6.json"), ["7.json", "8.json"]);
		t.same(
			(await place.names("orders", "")).filter((name) => name.startsWith("part")),
			["part-2.parquet", "part-3.parquet", "part-4.parquet", "part-5.parquet"],
		);
		t.same(await place.names("nowhere", ""), []);
		await t.rejects(place.read("orders/part-1.parquet"));
	});

	t.test(`${kind}: a reader has every row that was written`, async (t) => {
		const { store, place } = open(t);
		const source = randomSource(21, 12);
		const lake = await written(store, source);
		const { lsn, rows } = await readAt(place);
		t.equal(lsn, source.transactions.at(-1)!.endLsn);
		t.strictSame(rows, wanted(source, lsn));
		await lake.compact(1);
		t.equal((await lake.vacuum(0, 0)) > 0, true, "what is in no version goes");
		t.strictSame((await readAt(place)).rows, rows);
	});
}

t.test(
	"s3: where no answer comes the version may be there, and who opens the table anew knows",
	async (t) => {
		const server = new MemoryS3();
		const store = s3Store(server, "lake");
		const place = s3Place(server, "lake");
		const source = randomSource(22, 10);
		server.mute = /orders\/_delta_log\/0*4\.json$/;
		await t.rejects(written(store, source), /socket hang up/);
		const half = await readAt(place);
		t.strictSame(half.rows, wanted(source, half.lsn), "nobody sees half of it");
		server.mute = null;
		await written(store, source);
		const { lsn, rows } = await readAt(place);
		t.strictSame(rows, wanted(source, lsn));
		t.equal(lsn, source.transactions.at(-1)!.endLsn);
	},
);

t.test("s3: what the server refuses is told with what it said", async (t) => {
	const refusing = {
		request: async () => ({ status: 503, body: Buffer.from("<Code>SlowDown</Code>") }),
	};
	const files = await s3Store(refusing, "lake").table("orders");
	await t.rejects(
		files.write("part", Buffer.from("x")),
		/PUT lake\/orders\/part was answered 503: <Code>SlowDown/,
	);
	await t.rejects(files.writeIfAbsent("part", Buffer.from("x")), /503/);
});

t.test("where tables lie is a folder or a bucket, by what it is called", async (t) => {
	const urls: string[] = [];
	const server = new MemoryS3();
	const clientOf = (url: string) => {
		urls.push(url);
		return server;
	};
	server.objects.set("orders/a", Buffer.from("x"));
	const place = placeAt("http://me:pw@127.0.0.1:7/lake", clientOf);
	t.same(await place.names("orders", ""), ["a"]);
	t.same(urls, ["http://me:pw@127.0.0.1:7/"]);
	const folder = t.testdir({ orders: { b: "x" } });
	t.same(await placeAt(folder, clientOf).names("orders", ""), ["b"]);
});
