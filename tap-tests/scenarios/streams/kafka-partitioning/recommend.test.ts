import t from "tap";
import {
	expectedLeftPct,
	type Finding,
	type Need,
	recommend,
	recommendations,
} from "../../../../scenarios/streams/kafka-partitioning/recommend.ts";
import type { StrategyName } from "../../../../scenarios/streams/kafka-partitioning/strategies.ts";

const left = (strategy: StrategyName, leftPct: number, ratePerSec = 10_000): Finding => ({
	strategy,
	ratePerSec,
	leftPct,
});
const findings = [left("sticky", 0), left("key-hash", 0), left("zipf", 46), left("salted", 0)];
const uniform = { keys: "uniform", ratePerSec: 10_000 } as const;
const skewed = { keys: "zipf", ratePerSec: 10_000 } as const;

t.test("two workloads, two recommendations: the hot key changes it", (t) => {
	t.match(recommend("affinity", findings, uniform), {
		use: "key-hash",
		reason: "key-hash keeps up",
	});
	t.match(recommend("affinity", findings, skewed), {
		use: "salted",
		reason:
			"key-hash falls behind (46 % of its slowest partition's messages are left); salted keeps up",
	});
	t.end();
});

t.test("the strongest promise that keeps up, of those that keep what is needed", (t) => {
	const all = (sticky: number, hashed: number, salted: number) => [
		left("sticky", sticky),
		left("zipf", hashed),
		left("salted", salted),
	];
	const rows: [Need, Finding[], use: string | null, why: string][] = [
		["order", all(0, 0, 0), "key-hash", "it keeps up"],
		["order", all(0, 1.1, 0), null, "no other keeps order"],
		["affinity", all(0, 1, 0), "key-hash", "1 % is hardly anything"],
		["affinity", all(0, 1.1, 0), "salted", "the next in promise"],
		["affinity", all(0, 50, 50), null, "sticky keeps no key together"],
		["nothing", all(0, 50, 50), "sticky", "where nothing is needed it will do"],
		["nothing", all(0, 0, 0), "key-hash", "a promise costs nothing while it keeps up"],
		["nothing", all(50, 50, 50), null, "all fall behind"],
		["order", [], null, "nothing was measured"],
	];
	for (const [need, found, use, why] of rows) t.equal(recommend(need, found, skewed).use, use, why);
	t.end();
});

t.test("what does not look at keys was measured for any; another rate says nothing", (t) => {
	t.equal(recommend("nothing", [left("sticky", 0)], skewed).use, "sticky");
	t.equal(recommend("affinity", [left("key-hash", 0)], skewed).use, null, "other keys");
	t.equal(recommend("affinity", [left("key-hash", 0, 1_000)], uniform).use, null, "another rate");
	t.end();
});

t.test("each workload that was measured has its recommendation", (t) => {
	const slower = findings.map((finding) => ({ ...finding, ratePerSec: 1_000, leftPct: 0 }));
	t.same(
		recommendations("affinity", [...slower, ...findings]).map(({ keys, ratePerSec, use }) => [
			keys,
			ratePerSec,
			use,
		]),
		[
			["uniform", 1_000, "key-hash"],
			["zipf", 1_000, "key-hash"],
			["uniform", 10_000, "key-hash"],
			["zipf", 10_000, "salted"],
		],
	);
	t.end();
});

t.test("arithmetic expects to be left what is beyond the heaviest partition's time", (t) => {
	const load = { ratePerSec: 1_000, costUs: 4_000, loadMs: 1_000, drainMs: 0 };
	t.equal(expectedLeftPct([0.125, 0.125], load), 0, "500 ms of work in a second");
	t.equal(expectedLeftPct([0.5, 0.1], load), 50, "of 500 messages 250 are done");
	t.equal(
		expectedLeftPct([0.5, 0.1], { ...load, drainMs: 1_000 }),
		0,
		"the drain has time for them",
	);
	t.equal(expectedLeftPct([1], { ...load, costUs: 0 }), 0, "no cost, no limit");
	t.end();
});
