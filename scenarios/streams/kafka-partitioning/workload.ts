import { stream } from "faultline/subject";
import { drawKeys, keyShares } from "./keys.ts";
import { withMessage } from "./message.ts";
import {
	partitionerOf,
	partitionShares,
	type StrategyName,
	stickyBatchOf,
	strategies,
} from "./strategies.ts";

/** All that says which message goes where. */
export interface WorkloadOptions {
	seed: number;
	strategy: StrategyName;
	ratePerSec: number;
	partitions: number;
	keys: number;
	zipfExponent: number;
	salts: number;
	messageBytes: number;
	lingerMs: number;
}

export interface Route {
	keyOf(n: number): number;
	partitionOf(n: number): number;
	/** Of all messages, in the long run. */
	partitionShares: number[];
}

/** Where each message of a seed goes: the load sends it there, and the ground truth looks there for it. */
export function routeOf(options: WorkloadOptions): Route {
	const { seed, strategy, ratePerSec, partitions, keys, zipfExponent } = options;
	const { keys: kind, partitioner } = strategies[strategy];
	const exponent = kind === "zipf" ? zipfExponent : 0;
	const drawn = drawKeys({ keys, exponent, random: stream(seed, "keys") });
	const partition = partitionerOf(partitioner, {
		partitions,
		shares: keyShares(drawn, keys),
		salts: Math.min(options.salts, partitions),
		stickyBatch: stickyBatchOf(ratePerSec, options.messageBytes, options.lingerMs),
		random: stream(seed, "sticky"),
	});
	const keyOf = (n: number) => drawn[n % drawn.length]!;
	return {
		keyOf,
		partitionOf: (n) => partition(n, keyOf(n)),
		partitionShares: partitionShares(partition, drawn, partitions),
	};
}

/** What each partition holds once the first so many messages have been sent. */
export function sent(
	{ partitionOf }: Pick<Route, "partitionOf">,
	messages: number,
	partitions: number,
): { count: number; sum: number }[] {
	const all = Array.from({ length: partitions }, () => ({ count: 0, sum: 0 }));
	for (let n = 0; n < messages; n++) {
		const there = all[partitionOf(n)]!;
		there.count++;
		there.sum = withMessage(there.sum, n);
	}
	return all;
}
