import t, { type Test } from "tap";
import { stream } from "../../../../base/random.ts";
import { decoder } from "../../../../scenarios/databases/cdc-lakehouse/capture/debezium/event.ts";
import { FirstRows } from "../../../../scenarios/databases/cdc-lakehouse/capture/debezium/first-rows.ts";
import type { DebeziumOptions } from "../../../../scenarios/databases/cdc-lakehouse/capture/debezium/options.ts";
import { SnapshotRows } from "../../../../scenarios/databases/cdc-lakehouse/capture/debezium/snapshot-rows.ts";
import {
	BegunAnew,
	TopicSpoilt,
} from "../../../../scenarios/databases/cdc-lakehouse/capture/debezium/spoilt.ts";
import { Transactions } from "../../../../scenarios/databases/cdc-lakehouse/capture/debezium/transactions.ts";
import {
	batchesOf,
	batchLength,
	type Transaction,
} from "../../../../scenarios/databases/cdc-lakehouse/capture/transaction.ts";
import { Lake } from "../../../../scenarios/databases/cdc-lakehouse/lake/lake.ts";
import { filesStore } from "../../../../scenarios/databases/cdc-lakehouse/lake/stores/files.ts";
import {
	countedChanges,
	type Histories,
	levelPins,
} from "../../../../scenarios/databases/cdc-lakehouse/oracle/commits.ts";
import { findingOf } from "../../../../scenarios/databases/cdc-lakehouse/oracle/finding.ts";
import type { CommitState } from "../../../../scenarios/databases/cdc-lakehouse/oracle/replay.ts";
import { LogReplay } from "../../../../scenarios/databases/cdc-lakehouse/reader/log-replay.ts";
import { pinAt } from "../../../../scenarios/databases/cdc-lakehouse/reader/pin.ts";
import {
	folderPlace,
	type Place,
} from "../../../../scenarios/databases/cdc-lakehouse/reader/place.ts";
import { readRows } from "../../../../scenarios/databases/cdc-lakehouse/reader/read-rows.ts";
import { rowText } from "../../../../scenarios/databases/cdc-lakehouse/row-sum.ts";
import { debeziumDefects } from "../../../fixtures/scenarios/lake-defects/debezium-defects.ts";
import { unsent } from "./debezium-records.ts";
import { type RandomSource, randomSource, tables } from "./random-source.ts";
import {
	type Connector,
	catalogOf,
	lsnScale,
	type Spoilt,
	type Topic,
	topicOf,
} from "./random-topic.ts";

// A random source through the records that Debezium would write of it, past a worker that dies in the middle of transactions,
// to a consumer that dies at its steps; and the same with each of the defects that are planted in the live suite.

class Killed extends Error {}

/** One life of a consumer; whether it has come to the topic's end. */
async function live(
	folder: string,
	source: RandomSource,
	{ records, anewAt, markAt }: Topic,
	killedAt: number,
	draw: () => number,
): Promise<boolean> {
	let reached = 0;
	const lake = await Lake.open(
		filesStore(folder, { sync: false }),
		tables,
		{ buckets: 2, cacheRowsMax: 100 },
		async (step) => {
			if (++reached === killedAt) throw new Killed(step);
		},
	);
	const catalog = catalogOf(source);
	const decode = decoder(catalog, unsent);
	const readFirstRows = async (from: number) => {
		const rows = new FirstRows(catalog);
		for (let offset = from; offset < records.length; offset++) {
			const told = rows.take(decode(records[offset]!), offset);
			if (told.kind === "all-read") rows.marked(markAt(offset));
			if (told.kind !== "settled") continue;
			return lake.snapshot(told.snapshot.tables, told.snapshot.at);
		}
		throw new Error("the topic ends before its rows are settled");
	};
	/** From where the tables are to the topic's end. */
	const stream = async () => {
		let at = lake.position!;
		const transactions = new Transactions(at);
		let queue: Transaction[] = [];
		for (let offset = at.offset!; offset < records.length; offset++) {
			const told = decode(records[offset]!);
			if (told.kind === "row") throw new BegunAnew(told.lsn);
			queue.push(...transactions.take(told, offset));
			const isLast = offset === records.length - 1;
			if (!isLast && draw() < 0.7) continue;
			for (;;) {
				const length = batchLength(queue, lake.levelLsn, 40);
				if (length === 0) break;
				const batch = queue.slice(0, length);
				queue = queue.slice(length);
				const last = batch.at(-1)!;
				const to = { lsn: last.endLsn, offset: last.offset };
				await lake.apply(batchesOf(batch), at.lsn, to);
				at = to;
			}
		}
	};
	const goOn = async () => {
		if (lake.position === null) await readFirstRows(0);
		await stream();
	};
	try {
		await goOn().catch(async (error: unknown) => {
			if (!(error instanceof TopicSpoilt)) throw error;
			await readFirstRows(anewAt);
			await stream();
		});
		return true;
	} catch (error) {
		if (error instanceof Killed) return false;
		throw error;
	}
}

/** Reads each file once: what is committed does not change any more. */
function readOnce({ names, read }: Place): Place {
	const known = new Map<string, Promise<Buffer>>();
	return {
		names,
		read(path) {
			const content = known.get(path) ?? read(path);
			known.set(path, content);
			return content;
		},
	};
}

/** What the oracle finds in the end: rows at every LSN, tables that are not level, changes that were not those of the source. */
async function findings(folder: string, source: RandomSource) {
	const place = readOnce(folderPlace(folder));
	const histories: Histories = new Map(
		await Promise.all(
			tables.map(
				async (name) => [name, await new LogReplay(place, name, "cdc").versions()] as const,
			),
		),
	);
	const wrong: string[] = [];
	const lsns = [...histories.values()].flatMap((all) => all.map(({ lsn }) => lsn ?? 0));
	for (const lsn of new Set(lsns)) {
		const content = [...source.contents].findLast(([end]) => end * lsnScale <= lsn)?.[1];
		const pinned = pinAt(histories, lsn);
		if (pinned === null) continue;
		for (const name of tables) {
			const seen: string[] = [];
			for await (const row of readRows(place, name, pinned.versions.get(name)!))
				seen.push(rowText(row));
			const wanted = [...(content?.[name]?.values() ?? [])].map(rowText);
			if (seen.sort().join() !== wanted.sort().join()) wrong.push(`${name} at ${lsn}`);
		}
	}
	return {
		rows: findingOf(wrong, (where) => where),
		level: levelPins(histories),
		counted: countedChanges(histories, commitsOf(source)),
	};
}

function commitsOf({ transactions }: RandomSource): CommitState[] {
	const counts = Object.fromEntries(tables.map((name) => [name, 0]));
	return transactions.map(({ endLsn, changes }) => {
		for (const { table } of changes) counts[table]! += 1;
		return { lsn: endLsn * lsnScale, sums: {}, changeCounts: { ...counts } };
	});
}

const nothing = { wrongCount: 0, first: null };

const spoilts: readonly Spoilt[] = [
	{ by: "nothing" },
	// Before the rows are settled, and behind.
	{ by: "kill", after: 2 },
	{ by: "kill", after: 25 },
	{ by: "rewrite", table: "customers", after: 25 },
];

for (const seed of [1, 2, 3, 4])
	t.test(`whoever dies, the tables have every row at every LSN (seed ${seed})`, async (t) => {
		const source = randomSource(seed, 60);
		const draw = stream(seed, "topic");
		const connector = {
			mark: unsent,
			skipsTruncates: false,
			committedMeanwhile: 1 + 3 * (seed - 1),
			spoilt: spoilts[seed % spoilts.length]!,
		};
		const topic = topicOf(source, connector, draw);
		const folder = t.testdir({});
		let lives = 1;
		while (!(await live(folder, source, topic, 1 + Math.floor(draw() * 9), draw))) {
			lives += 1;
			// In the end nobody dies any more: each life has to come further than its first batch.
			if (lives > 12) break;
		}
		t.equal(await live(folder, source, topic, Number.POSITIVE_INFINITY, draw), true);
		t.ok(lives > 3, "it was killed again and again");
		t.match(await findings(folder, source), { rows: nothing, level: nothing, counted: nothing });
	});

/** Runs with a defect of the live suite, which is taken out again. */
async function withDefect(
	t: Test,
	defect: string,
	seed: number,
): Promise<Awaited<ReturnType<typeof findings>>> {
	const [take, takeRows] = [Transactions.prototype.take, SnapshotRows.prototype.take];
	const { marked } = FirstRows.prototype;
	t.teardown(() => {
		Transactions.prototype.take = take;
		SnapshotRows.prototype.take = takeRows;
		FirstRows.prototype.marked = marked;
	});
	const { settings } = debeziumDefects[defect]!({ settings: {} } as unknown as DebeziumOptions);
	const source = randomSource(seed, 60);
	const draw = stream(seed, "topic");
	const connector: Connector = {
		mark: settings["unavailable.value.placeholder"] ?? unsent,
		skipsTruncates: settings["skipped.operations"] === "t",
		// One that lacks a row, and gets no truncate that took it, refuses to begin.
		committedMeanwhile: defect === "none" || defect === "seen-too-early" ? 20 : 1,
		spoilt:
			defect === "rewrites-pass"
				? { by: "rewrite", table: "customers", after: 25 }
				: { by: "nothing" },
	};
	const topic = topicOf(source, connector, draw);
	const folder = t.testdir({});
	// One that misses a row that was changed refuses to go on: what it has done till then is looked at.
	for (const killedAt of [6, 6, 6, 6, Number.POSITIVE_INFINITY])
		await live(folder, source, topic, killedAt, draw).catch((error) => t.comment(String(error)));
	return findings(folder, source);
}

const caught: Record<string, (keyof Awaited<ReturnType<typeof findings>>)[]> = {
	none: [],
	"truncates-are-skipped": ["rows", "counted"],
	"unsent-is-text": ["rows"],
	"old-keys-stay": ["rows"],
	"half-comes-later": ["rows", "counted"],
	"applies-again": ["counted"],
	"leaves-some-out": ["rows", "counted"],
	"snapshot-lacks-last": ["rows"],
	"lsn-ahead": ["rows"],
	"seen-too-early": ["rows"],
	"rewrites-pass": ["rows"],
};
const seeds: Record<string, number> = {
	// The first transaction wants none of the rows that are lacking: else the consumer refuses to begin.
	"snapshot-lacks-last": 8,
	// The customers are truncated while they are read.
	"seen-too-early": 22,
	// The first transaction changes none of the rows that are lacking: else the consumer refuses to begin.
	"rewrites-pass": 4,
};
for (const [defect, by] of Object.entries(caught))
	t.test(`${defect} is caught by ${by.join(" and ") || "nothing"}`, async (t) => {
		const found = await withDefect(t, defect, seeds[defect] ?? 3);
		for (const [what, { wrongCount, first }] of Object.entries(found)) {
			t.comment(`${what}: ${wrongCount}, ${first}`);
			if (by.some((one) => one === what)) t.ok(wrongCount > 0, `${what} finds it`);
			else if (by.length === 0) t.equal(wrongCount, 0, what);
		}
	});
