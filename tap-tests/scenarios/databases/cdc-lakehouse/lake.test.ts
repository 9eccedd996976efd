import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { stream } from "../../../../base/random.ts";
import {
	batchesOf,
	batchLength,
	type Transaction,
} from "../../../../scenarios/databases/cdc-lakehouse/capture/transaction.ts";
import { Lake, lakeSteps } from "../../../../scenarios/databases/cdc-lakehouse/lake/lake.ts";
import { filesStore } from "../../../../scenarios/databases/cdc-lakehouse/lake/stores/files.ts";
import { unlistedFiles } from "../../../../scenarios/databases/cdc-lakehouse/lake/vacuum.ts";
import { LogReplay } from "../../../../scenarios/databases/cdc-lakehouse/reader/log-replay.ts";
import { type Pinned, pin } from "../../../../scenarios/databases/cdc-lakehouse/reader/pin.ts";
import { folderPlace } from "../../../../scenarios/databases/cdc-lakehouse/reader/place.ts";
import { readRows } from "../../../../scenarios/databases/cdc-lakehouse/reader/read-rows.ts";
import { rowText } from "../../../../scenarios/databases/cdc-lakehouse/row-sum.ts";
import { type Content, type RandomSource, randomSource, tables } from "./random-source.ts";

const options = { buckets: 3, cacheRowsMax: 50 };
const begin = 1;

class Killed extends Error {}

/** Opens the tables as a writer does that is killed at the `nth` step it comes to. */
function opened(folder: string, nth = Number.POSITIVE_INFINITY): Promise<Lake> {
	let reached = 0;
	return Lake.open(filesStore(folder, { sync: false }), tables, options, async (step) => {
		if (++reached === nth) throw new Killed(step);
	});
}

/** One life of a writer: it takes the snapshot if there is none, and goes on where the tables are. */
async function live(
	folder: string,
	source: RandomSource,
	nth: number,
	draw: () => number,
): Promise<"killed" | "done"> {
	try {
		const lake = await opened(folder, nth);
		// A snapshot that is not whole is taken again.
		if (lake.lsn === null || lake.lsn < begin) await snapshot(lake, source);
		for (;;) {
			const from = lake.lsn!;
			const queue = source.transactions.filter(({ endLsn }) => endLsn > from);
			if (queue.length === 0) return "done";
			// As many as have come by then.
			const come = queue.slice(0, 1 + Math.floor(draw() * 5));
			let length = batchLength(come, lake.levelLsn, 12);
			if (length === 0) length = batchLength(queue, lake.levelLsn, 1);
			const batch = queue.slice(0, length);
			await lake.apply(batchesOf(batch), from, endOf(batch.at(-1)!));
			if (draw() < 0.2) await lake.compact(2);
			await lake.checkpoint(4);
		}
	} catch (error) {
		if (error instanceof Killed) return "killed";
		throw error;
	}
}

const endOf = ({ endLsn, offset }: Transaction) => ({ lsn: endLsn, offset });

async function snapshot(lake: Lake, { first, shape }: RandomSource): Promise<void> {
	const batches = new Map(
		tables.map((name) => [name, { shape, rows: [...first[name]!.values()] }]),
	);
	await lake.snapshot(batches, { lsn: begin, offset: 0 });
}

async function pinned(folder: string): Promise<Pinned | null> {
	const all = await Promise.all(
		tables.map(
			async (name) =>
				[name, await new LogReplay(folderPlace(folder), name, "cdc").versions()] as const,
		),
	);
	return pin(new Map(all));
}

/** What a reader sees, by its own code, against what was there. */
async function compare(t: Test, folder: string, contents: Map<number, Content>, when: string) {
	const at = await pinned(folder);
	if (at === null) return;
	const content = contents.get(at.lsn)!;
	t.ok(content, `${when}: LSN ${at.lsn} is the end of a transaction`);
	for (const name of tables) {
		const seen: string[] = [];
		for await (const row of readRows(folderPlace(folder), name, at.versions.get(name)!))
			seen.push(rowText(row));
		const wanted = [...content[name]!.values()].map(rowText);
		t.strictSame(seen.sort(), wanted.sort(), `${when}: ${name} at ${at.lsn}`);
	}
}

t.test("killed at each step, the tables come to every row, and are never seen half", async (t) => {
	let kills = 0;
	for (let seed = 1; seed <= 3; seed++) {
		const folder = t.testdir({});
		const source = randomSource(seed, 40);
		const draw = stream(seed, "kills");
		for (let life = 0; ; life++) {
			const end = await live(folder, source, life < 12 ? 1 + Math.floor(draw() * 12) : 1e9, draw);
			await compare(t, folder, source.contents, `seed ${seed}, life ${life}, ${end}`);
			if (end === "done") break;
			kills += 1;
		}
		const last = await pinned(folder);
		t.equal(last?.lsn, source.transactions.at(-1)!.endLsn, "it comes to the end");
	}
	t.ok(kills > 20, `${kills} kills`);
});

t.test(
	"killed at the very first steps, the snapshot is taken again and joins the stream",
	async (t) => {
		const source = randomSource(7, 5);
		for (const [i, step] of lakeSteps.entries()) {
			const folder = t.testdir({});
			t.equal(await live(folder, source, i + 1, () => 0.9), "killed", step);
			if (step !== "tables-committed")
				t.equal(await pinned(folder), null, `${step}: nobody sees part of it`);
			t.equal(await live(folder, source, 1e9, () => 0.9), "done");
			await compare(t, folder, source.contents, step);
		}
	},
);

t.test("tables that a dead writer has left uneven are brought level in one batch", async (t) => {
	const change = { kind: "truncate" } as const;
	const changes = [{ table: "orders", shape: randomSource(1, 1).shape, change }];
	const transaction = (endLsn: number): Transaction => ({
		endLsn,
		offset: null,
		committedMs: 0,
		changes,
	});
	const queue = [10, 20, 30, 40].map(transaction);
	t.equal(batchLength(queue, 30, 0), 3, "however many changes that are, and no further");
	t.equal(batchLength(queue, 10, 100), 1);
	t.equal(batchLength(queue.slice(0, 2), 30, 100), 0, "and not before all of them have come");
	t.equal(batchLength(queue, 0, 100), 4);
	t.equal(batchLength(queue, 0, 2), 2, "else so many changes");
	t.equal(batchLength(queue, 0, 0), 1, "and one transaction at least");
	t.equal(batchLength([], 0, 100), 0);
	const folder = t.testdir({});
	const lake = await opened(folder);
	await snapshot(lake, randomSource(1, 1));
	await t.rejects(
		lake.apply(new Map(), 0, { lsn: 0, offset: null }),
		/ends at 0, before 1/,
		"a batch that goes back is refused",
	);
});

t.test(
	"of two writers one is told that the other was first, and nothing of it is seen",
	async (t) => {
		const folder = t.testdir({});
		const source = randomSource(3, 6);
		await snapshot(await opened(folder), source);
		const [one, other] = await Promise.all([opened(folder), opened(folder)]);
		const [first, second] = source.transactions;
		await one.apply(batchesOf([first!]), begin, endOf(first!));
		await t.rejects(
			other.apply(batchesOf([first!, second!]), begin, endOf(second!)),
			/another writer/,
		);
		await compare(t, folder, source.contents, "after both");
	},
);

t.test("what a dead writer has left is in no version, and vacuumed once it is old", async (t) => {
	const folder = t.testdir({});
	const source = randomSource(5, 20);
	t.equal(await live(folder, source, 7, () => 0.1), "killed");
	const lake = await opened(folder);
	const kinds = async () => {
		const all = await Promise.all([...lake.tables.values()].map(unlistedFiles));
		return all.flat().map(({ kind }) => kind);
	};
	t.ok((await kinds()).includes("never committed"), "it was killed before its commit");
	t.ok((await kinds()).includes("removed"));
	const before = await pinned(folder);
	t.equal(await lake.vacuum(60_000, 1_000), 0, "what it has not seen before is young");
	t.equal(await lake.vacuum(60_000, 60_999), 0);
	t.ok((await lake.vacuum(60_000, 61_000)) > 0);
	t.same(await kinds(), []);
	await compare(t, folder, source.contents, "and the tables are as they were");
	t.equal((await pinned(folder))?.lsn, before?.lsn);
});

t.test("nothing is deleted while one table is ahead: readers pin what it was before", async (t) => {
	const folder = t.testdir({});
	const source = randomSource(5, 20);
	// The snapshot's three steps, and a batch that has come to its first table.
	t.equal(await live(folder, source, 5, () => 0.9), "killed");
	const lake = await opened(folder);
	t.ok(lake.levelLsn > lake.lsn!);
	await lake.vacuum(0, 1_000);
	t.equal(await lake.vacuum(0, 1e9), 0);
	await compare(t, folder, source.contents, "still there");
	t.equal(await live(folder, source, 1e9, () => 0.9), "done");
	t.ok((await (await opened(folder)).vacuum(0, 0)) > 0, "and then it is");
});

t.test("where a topic goes on is in the same version as the LSN that it is of", async (t) => {
	const folder = t.testdir({});
	const source = randomSource(17, 12);
	const offsetAt = new Map(source.transactions.map(({ endLsn, offset }) => [endLsn, offset]));
	for (let nth = 3; nth < 40; nth += 2) {
		await live(folder, source, nth, () => 0.3);
		const { position } = await opened(folder);
		if (position === null || position.lsn === begin) continue;
		t.equal(position.offset, offsetAt.get(position.lsn), `killed at step ${nth}`);
	}
	t.same((await opened(folder)).position?.offset, source.transactions.at(-1)!.offset);
});

t.test("compaction leaves one file a bucket, and the rows as they are", async (t) => {
	const folder = t.testdir({});
	const source = randomSource(11, 60);
	t.equal(await live(folder, source, 1e9, () => 0.5), "done");
	const lake = await opened(folder);
	t.equal(await lake.compact(1), true);
	t.equal(await lake.compact(1), false, "there is nothing left to bring together");
	await compare(t, folder, source.contents, "compacted");
	for (const { state } of lake.tables.values()) t.ok(state.files.size <= options.buckets);
	const [name] = readdirSync(join(folder, "orders")).filter((file) => file.endsWith(".parquet"));
	t.ok(statSync(join(folder, "orders", name!)).size > 0);
});

t.test("readers that ask for the versions at once all get them in their order", async (t) => {
	const folder = t.testdir({});
	t.equal(await live(folder, randomSource(13, 10), 1e9, () => 0.1), "done");
	const log = new LogReplay(folderPlace(folder), "orders", "cdc");
	const all = await Promise.all([log.versions(), log.versions(), log.versions()]);
	const wanted = all[0].map((_, n) => n);
	t.ok(wanted.length > 3);
	for (const versions of all)
		t.same(
			versions.map(({ version }) => version),
			wanted,
		);
});
