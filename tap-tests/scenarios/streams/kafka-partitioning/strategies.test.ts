import t from "tap";
import { stream } from "../../../../base/random.ts";
import { drawKeys, keyShares } from "../../../../scenarios/streams/kafka-partitioning/keys.ts";
import { withMessage } from "../../../../scenarios/streams/kafka-partitioning/message.ts";
import {
	isHot,
	keyName,
	partitionerOf,
	partitionShares,
	promisesOrder,
	type StrategyName,
	stickyBatchOf,
	strategies,
} from "../../../../scenarios/streams/kafka-partitioning/strategies.ts";
import { routeOf, sent } from "../../../../scenarios/streams/kafka-partitioning/workload.ts";

const workload = (strategy: StrategyName, seed = 1) => ({
	seed,
	strategy,
	ratePerSec: 10_000,
	partitions: 8,
	keys: 1_000,
	zipfExponent: 1.5,
	salts: 8,
	messageBytes: 200,
	lingerMs: 5,
});
const names = Object.keys(strategies) as StrategyName[];

t.test("the same seed draws the same keys, another one others", (t) => {
	const keys = (seed: number) =>
		drawKeys({ keys: 100, exponent: 1.2, random: stream(seed, "keys") });
	t.same(keys(1), keys(1));
	t.not(keys(1).join(), keys(2).join());
	t.end();
});

t.test("keys are as frequent as Zipf's law has them, and all alike with exponent 0", (t) => {
	const skewed = keyShares(drawKeys({ keys: 100, exponent: 1, random: stream(1, "keys") }), 100);
	for (const key of [1, 3, 9])
		t.ok(
			Math.abs(skewed[0]! / skewed[key]! / (key + 1) - 1) < 0.1,
			`key ${key}: ${key + 1} times rarer`,
		);
	const even = keyShares(drawKeys({ keys: 10, exponent: 0, random: stream(1, "keys") }), 10);
	t.ok(even.every((share) => Math.abs(share - 0.1) < 0.01));
	t.end();
});

t.test("what a strategy promises of order is what its partitions show", (t) => {
	for (const name of names) {
		const { keyOf, partitionOf } = routeOf(workload(name));
		const homes = new Map<number, Set<number>>();
		for (let n = 0; n < 20_000; n++) {
			const key = keyOf(n);
			homes.set(key, (homes.get(key) ?? new Set()).add(partitionOf(n)));
		}
		const most = Math.max(...[...homes.values()].map(({ size }) => size));
		t.equal(most === 1, promisesOrder(name), `${name}: a key is in up to ${most} partitions`);
	}
	t.end();
});

t.test("a hot key is one partition's burden, unless it is salted", (t) => {
	for (let seed = 1; seed <= 10; seed++) {
		const heaviest = (strategy: StrategyName) =>
			Math.max(...routeOf(workload(strategy, seed)).partitionShares);
		t.equal(heaviest("sticky").toFixed(3), "0.125", "an eighth each");
		t.ok(heaviest("key-hash") < 0.16, `${heaviest("key-hash")}`);
		t.ok(heaviest("zipf") > 0.4, `${heaviest("zipf")}`);
		t.ok(heaviest("salted") < 0.2, `${heaviest("salted")}`);
	}
	t.end();
});

t.test("salting leaves keys alone that are not hot", (t) => {
	const options = {
		partitions: 4,
		salts: 3,
		stickyBatch: 1,
		random: stream(1, "sticky"),
		shares: [0.6, 0.125, 0.126, 0.149],
	};
	const salted = partitionerOf("salted", options);
	const hashed = partitionerOf("key-hash", options);
	const homes = (key: number) => new Set([0, 1, 2, 3, 4, 5].map((n) => salted(n, key)));
	t.same(
		[0, 1, 2, 3].map((key) => homes(key).size),
		[3, 1, 3, 3],
		"hot from an eighth up",
	);
	t.ok(homes(1).has(hashed(0, 1)), "where its hash puts it");
	t.ok(isHot(0.126, 4));
	t.notOk(isHot(0.125, 4));
	t.end();
});

t.test("sticky fills one partition's batch after another's, each partition in its turn", (t) => {
	const sticky = partitionerOf("sticky", {
		partitions: 3,
		salts: 1,
		stickyBatch: 2,
		shares: [1],
		random: stream(1, "sticky"),
	});
	const turns = [0, 1, 2, 3, 4, 5, 6].map((n) => sticky(n, 0));
	t.equal(turns[0], turns[1]);
	t.equal(new Set(turns.slice(0, 6)).size, 3);
	t.equal(turns[6], turns[0]);
	t.equal(stickyBatchOf(1_000, 200, 5), 5, "what comes in 5 ms");
	t.equal(stickyBatchOf(100_000, 200, 5), 81, "and no more than 16 KiB");
	t.equal(stickyBatchOf(1, 20_000, 5), 1, "but one");
	t.end();
});

t.test("shares are those of what was drawn", (t) => {
	const byKey = partitionShares((_, key) => key, Uint32Array.from([0, 0, 1, 2]), 3);
	t.same(byKey, [0.5, 0.25, 0.25]);
	t.end();
});

t.test("what was sent is made again by partition, with its checksum", (t) => {
	const route = { partitionOf: (n: number) => (n % 3 === 0 ? 0 : 1) };
	t.same(sent(route, 4, 2), [
		{ count: 2, sum: withMessage(withMessage(0, 0), 3) },
		{ count: 2, sum: withMessage(withMessage(0, 1), 2) },
	]);
	t.not(
		sent(route, 4, 2)[1]!.sum,
		withMessage(withMessage(0, 1), 4),
		"another message, another sum",
	);
	t.equal(keyName(7), "key-7");
	t.end();
});
