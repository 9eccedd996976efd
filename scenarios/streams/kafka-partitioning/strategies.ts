import { partitionOfKey, shuffled } from "faultline";

// Which partition a message goes to. Pure: the producer routes by it, and the ground truth routes again.

/** What the keys are like, and how they are partitioned. */
export const strategies = {
	/** Fills a batch for one partition, then goes on to the next; does not look at keys. */
	sticky: { keys: "uniform", partitioner: "sticky" },
	/** The hash of the key, every key about as often. */
	"key-hash": { keys: "uniform", partitioner: "key-hash" },
	/** The hash of the key, where one key is hot. */
	zipf: { keys: "zipf", partitioner: "key-hash" },
	/** The same keys; those that are hot go to several partitions. */
	salted: { keys: "zipf", partitioner: "salted" },
} as const;

export type StrategyName = keyof typeof strategies;
export type KeyKind = "uniform" | "zipf";
export type PartitionerName = "sticky" | "key-hash" | "salted";

/** All messages of a key in one partition, and so in the order they were sent. */
export function promisesOrder(strategy: StrategyName): boolean {
	return strategies[strategy].partitioner === "key-hash";
}

/** The partition of the n-th message, whose key is this one. */
export type Partitioner = (n: number, key: number) => number;

export interface PartitionerOptions {
	partitions: number;
	/** Share of all messages that each key has. */
	shares: readonly number[];
	/** Partitions that a hot key is spread over. */
	salts: number;
	/** Messages that a sticky batch holds. */
	stickyBatch: number;
	/** A number in [0, 1) at each call, from the run's seed. */
	random: () => number;
}

export function partitionerOf(name: PartitionerName, options: PartitionerOptions): Partitioner {
	const { partitions, shares, salts, stickyBatch, random } = options;
	switch (name) {
		case "sticky": {
			const turns = shuffled(
				random,
				Array.from({ length: partitions }, (_, i) => i),
			);
			return (n) => turns[Math.floor(n / stickyBatch) % partitions]!;
		}
		case "key-hash": {
			const homes = shares.map((_, key) => homeOf(key, partitions));
			return (_, key) => homes[key]!;
		}
		case "salted": {
			const homes = shares.map((_, key) => homeOf(key, partitions));
			const hot = shares.map((share) => isHot(share, partitions));
			// The salt is added to the hash and not hashed with it: hashed, two salts often share a partition.
			return (n, key) => (hot[key] ? (homes[key]! + (n % salts)) % partitions : homes[key]!);
		}
		default:
			return name satisfies never;
	}
}

/** A key is hot from half of what a partition gets when all get the same. */
export function isHot(share: number, partitions: number): boolean {
	return share > 1 / (2 * partitions);
}

/** What a key is called in Kafka. */
export function keyName(key: number): string {
	return `key-${key}`;
}

/** Where Kafka's own default partitioner puts this key. */
function homeOf(key: number, partitions: number): number {
	return partitionOfKey(Buffer.from(keyName(key)), partitions);
}

/**
 * Messages in a batch of Kafka's sticky partitioner: as many as come in while the producer lingers, and no more than
 * fit.
 */
export function stickyBatchOf(
	ratePerSec: number,
	messageBytes: number,
	lingerMs: number,
	batchBytes = 16_384,
): number {
	const lingering = Math.floor((ratePerSec * lingerMs) / 1_000);
	return Math.max(1, Math.min(lingering, Math.floor(batchBytes / messageBytes)));
}

/** The share of all messages that each partition gets in the long run. */
export function partitionShares(
	partitioner: Partitioner,
	keys: Uint32Array,
	partitions: number,
): number[] {
	const counts = new Array<number>(partitions).fill(0);
	for (const [n, key] of keys.entries()) counts[partitioner(n, key)]! += 1;
	return counts.map((count) => count / keys.length);
}
