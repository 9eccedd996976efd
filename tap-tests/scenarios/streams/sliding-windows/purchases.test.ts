import t from "tap";
import { partitionOfKey } from "../../../../load/wire/kafka-partitioner.ts";
import {
	PurchaseStream,
	type StreamOptions,
	startMs,
	userName,
} from "../../../../scenarios/streams/sliding-windows/purchases.ts";

const options: StreamOptions = {
	seed: 7,
	users: 60,
	partitions: 4,
	gapMs: 100,
	delayMsMax: 120_000,
	repeatedPct: 2,
	horizonMs: 3_600_000,
	skewMs: 20_000,
	aheadMs: 600_000,
	quietCount: 5_000,
};
const partitionOf = (key: string) => partitionOfKey(Buffer.from(key), options.partitions);
const streamOf = (given: Partial<StreamOptions> = {}) =>
	new PurchaseStream({ ...options, ...given }, partitionOf);
const count = 80_000;
const all = (stream: PurchaseStream) => Array.from({ length: count }, (_, n) => stream.at(n));

t.test("the n-th message is the same in any order, and another by another seed", (t) => {
	const [a, b] = [streamOf(), streamOf()];
	const backwards = Array.from({ length: 500 }, (_, i) => b.at(499 - i)).reverse();
	t.same(
		Array.from({ length: 500 }, (_, n) => a.at(n)),
		backwards,
	);
	t.notSame(a.at(3), streamOf({ seed: 8 }).at(3));
	t.end();
});

t.test("every message comes within the longest delay, in order on its partition", (t) => {
	const stream = streamOf();
	const lastMs = new Map<number, number>();
	let [late, ahead] = [0, 0];
	for (const [n, { user, atMs, receivedMs }] of all(stream).entries()) {
		const partition = stream.partitionAt(n);
		if (partition !== partitionOf(user)) t.fail(`message ${n} is in partition ${partition}`);
		if (receivedMs < (lastMs.get(partition) ?? 0)) t.fail(`message ${n} overtakes`);
		lastMs.set(partition, receivedMs);
		const delayMs = receivedMs - atMs;
		if (user === stream.userAhead) {
			ahead++;
			if (delayMs > options.delayMsMax - options.aheadMs) t.fail(`message ${n} is not ahead`);
		} else if (delayMs < 0 || delayMs > options.delayMsMax) t.fail(`message ${n}: ${delayMs} ms`);
		if (delayMs > options.delayMsMax / 2) late++;
	}
	t.ok(late > count / 100, `${late} come after more than half of the longest delay`);
	t.ok(ahead > 100, `${ahead} are of the user whose clock is ahead`);
	t.notOk(stream.userAhead === userName(0));
	t.end();
});

t.test("partitions are as far apart as they may be, and no further", (t) => {
	const stream = streamOf();
	const behind = all(stream).map(({ receivedMs }, n) => startMs + n * options.gapMs - receivedMs);
	t.equal(Math.min(...behind), 0);
	t.equal(Math.max(...behind), options.skewMs);
	t.end();
});

t.test(
	"as many messages repeat an earlier one as should, at once or stamped anew hours later",
	(t) => {
		const messages = all(streamOf());
		const firsts = new Map<string, number>();
		let [same, anew, farthestMs] = [0, 0, 0];
		for (const [n, { id, user, cents, atMs }] of messages.entries()) {
			const first = firsts.get(id);
			if (first === undefined) {
				firsts.set(id, n);
				continue;
			}
			const before = messages[first]!;
			t.same([user, cents], [before.user, before.cents]);
			if (atMs === before.atMs) same++;
			else anew++;
			farthestMs = Math.max(farthestMs, (n - first) * options.gapMs);
		}
		const pct = (100 * (same + anew)) / count;
		t.ok(pct > 1.4 && pct < 2.1, `${pct} %`);
		t.ok(same > 300 && anew > 300, `${same} as they were, ${anew} stamped anew`);
		t.ok(farthestMs > options.horizonMs / 2 && farthestMs <= options.horizonMs, `${farthestMs} ms`);
		t.end();
	},
);

t.test("one partition gets nothing in every second stretch, and others go on", (t) => {
	const stream = streamOf();
	const [busy, quiet] = [new Set<number>(), new Set<number>()];
	for (let n = 0; n < count; n++) (stream.isQuiet(n) ? quiet : busy).add(stream.partitionAt(n));
	t.same(
		[...stream.usedPartitions].filter((one) => !quiet.has(one)),
		[stream.quietPartition],
	);
	t.same(busy, stream.usedPartitions);
	t.end();
});

t.test("where all users are in one partition nothing can be quiet, and it says so", (t) => {
	t.throws(() => new PurchaseStream(options, () => 2), /all 60 users are in one partition/);
	t.end();
});
