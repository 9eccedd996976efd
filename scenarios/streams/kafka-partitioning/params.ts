import { count, ms, number, oneOf, type Params } from "faultline";
import { needs } from "./recommend.ts";
import { type StrategyName, strategies } from "./strategies.ts";

export const faultPlans = ["none", "slow-link", "crash", "slow-partition", "all"] as const;
export type FaultPlan = (typeof faultPlans)[number];

export const properties = {
	sweep: oneOf(
		["on", "off"],
		"on",
		"on: the cases of this size; off: the one that the next four describe",
	),
	strategy: oneOf(
		Object.keys(strategies) as StrategyName[],
		"key-hash",
		"how keys are drawn and partitioned",
	),
	ratePerSec: count(10_000, 10, 200_000, "messages offered, per second"),
	costUs: count(
		400,
		0,
		1_000_000,
		"time that a consumer takes over a message, µs (1,000 µs are 1 ms)",
	),
	fault: oneOf(faultPlans, "none", "what is broken"),
	need: oneOf(
		needs,
		"affinity",
		"what consumers need of a key's messages: to come in order, to meet, or nothing",
	),
	partitions: count(8, 1, 64, "partitions of the topic"),
	consumers: count(2, 1, 8, "members of the consumer group, each a process"),
	keys: count(1_000, 1, 100_000, "different keys"),
	zipfExponent: number(
		1.5,
		0.1,
		4,
		"skew of the hot keys: the k-th comes k^-exponent as often as the first",
	),
	salts: count(8, 1, 64, "partitions that a hot key is spread over"),
	messageBytes: count(200, 24, 10_000, "size of a message, bytes"),
	lingerMs: ms(5, 0, 1_000, "how long a producer gathers messages before it sends them"),
	commitMs: ms(100, 10, 5_000, "a consumer's commit interval"),
	warmMs: ms(1_000, 0, 60_000, "load before anything is judged"),
	steadyMs: ms(5_000, 200, 60_000, "undisturbed load"),
	faultMs: ms(3_000, 1_500, 60_000, "how long each fault lasts; a crash is noticed after a second"),
	linkMs: ms(20, 1, 5_000, "delay that the slow link adds"),
	drainMs: ms(1_000, 0, 60_000, "longest wait for the consumers to work off what is left"),
	intervalMs: ms(250, 50, 1_000, "length of an interval, and between two looks at the lag"),
};

export type P = Params<typeof properties>;
