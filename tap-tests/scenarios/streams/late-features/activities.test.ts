import t from "tap";
import { partitionOfKey } from "../../../../load/wire/kafka-partitioner.ts";
import {
	ActivityStream,
	delayMsMax,
} from "../../../../scenarios/streams/late-features/activities.ts";
import { decode, encode } from "../../../../scenarios/streams/late-features/activity.ts";
import { allOverMs, closersOf } from "../../../../scenarios/streams/late-features/names.ts";
import type { P } from "../../../../scenarios/streams/late-features/params.ts";
import { quantileOf } from "../../../../scenarios/streams/late-features/trade-off.ts";

const partitions = 4;
const partitionOf = (key: string) => partitionOfKey(Buffer.from(key), partitions);
const made = (seed: number) => new ActivityStream({ seed, users: 20, gapMs: 40 }, partitionOf);
const count = 20_000;

t.test("the n-th activity is the same in any order, and another by another seed", (t) => {
	const all = Array.from({ length: 200 }, (_, n) => made(1).at(n));
	const backwards = Array.from({ length: 200 }, (_, n) => made(1).at(199 - n)).reverse();
	t.same(all, backwards);
	t.not(JSON.stringify(made(2).at(3)), JSON.stringify(all[3]));
	t.end();
});

t.test("most come soon, some late, and of these ever fewer ever later", (t) => {
	const stream = made(3);
	const delaysMs = Array.from({ length: count }, (_, n) => {
		const { atMs, receivedMs } = stream.at(n);
		return receivedMs - atMs;
	});
	t.ok(Math.min(...delaysMs) >= 0 && Math.max(...delaysMs) <= delayMsMax);
	const seconds = (share: number) => quantileOf(delaysMs, share) / 1_000;
	t.ok(seconds(0.5) < 1.2, `half come within ${seconds(0.5)} s`);
	t.ok(seconds(0.92) > 15 && seconds(0.92) < 45, `92 % within ${seconds(0.92)} s`);
	t.ok(seconds(0.997) > 250 && seconds(0.997) < 1_200, `99.7 % within ${seconds(0.997)} s`);
	t.end();
});

t.test("a user is in one partition, and a message says what it is", (t) => {
	const stream = made(1);
	for (let n = 0; n < 300; n++) {
		const activity = stream.at(n);
		t.equal(stream.partitionAt(n), partitionOf(activity.user));
		const value = encode({ ...activity, n, sentAtMs: 5, phase: "steady" });
		t.ok(stream.read(value)?.isAs(activity));
		t.notOk(stream.read(value)?.isAs({ ...activity, cents: activity.cents + 1 }));
	}
	t.end();
});

t.test(
	"what ends a stream is later than all that could be corrected, on every partition in use",
	(t) => {
		const p = {
			seed: 1,
			users: 20,
			gapMs: 40,
			partitions,
			windowMs: 60_000,
			delayMs: 30_000,
			latenessMs: 600_000,
		} as P;
		const closers = closersOf(p, count);
		t.same(closers.map(({ partition }) => partition).sort(), [...made(1).usedPartitions].sort());
		const last = made(1).at(count - 1).receivedMs;
		for (const { value } of closers) {
			const { atMs, receivedMs } = decode(Buffer.from(value));
			t.equal(atMs, receivedMs);
			t.ok(atMs - p.delayMs >= allOverMs(p, count));
			t.equal(made(1).read(Buffer.from(value)), null, "and is none of the seed's");
		}
		t.ok(allOverMs(p, count) >= last + p.windowMs + p.latenessMs);
		t.end();
	},
);
