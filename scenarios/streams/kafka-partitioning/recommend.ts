import { type KeyKind, type PartitionerName, type StrategyName, strategies } from "./strategies.ts";

/** What the consumers of a topic need of its keys. */
export const needs = ["order", "affinity", "nothing"] as const;
export type Need = (typeof needs)[number];

/** What one case says, as far as the rule looks at it. */
export interface Finding {
	strategy: StrategyName;
	ratePerSec: number;
	/** Of what arrived at the partition that is worst off, the share that waits at the end of the drain, in percent. */
	leftPct: number;
}

/** Keys of one kind at one rate. */
export interface Workload {
	keys: KeyKind;
	ratePerSec: number;
}

export interface Recommendation extends Workload {
	/** Null where no partitioner that keeps what is needed keeps up. */
	use: PartitionerName | null;
	reason: string;
}

/** From the strongest promise to the weakest. */
const byPromise: readonly PartitionerName[] = ["key-hash", "salted", "sticky"];

const keeps: Record<Need, readonly PartitionerName[]> = {
	/** Every message of a key after the one before it. */
	order: ["key-hash"],
	/** The messages of a key in few places, to be put together once more: partial sums, caches. */
	affinity: ["key-hash", "salted"],
	nothing: ["key-hash", "salted", "sticky"],
};

/** A partition has kept up where hardly anything is left once it had the drain's time for what was under way. */
export const leftPctMax = 1;

export function keepsUp({ leftPct }: Pick<Finding, "leftPct">): boolean {
	return leftPct <= leftPctMax;
}

/**
 * The rule: of the partitioners that keep what is needed, the one with the strongest promise whose slowest partition
 * keeps up. A promise costs nothing while its partitions keep up, and nothing is gained by giving it away before.
 */
export function recommend(
	need: Need,
	findings: readonly Finding[],
	workload: Workload,
): Recommendation {
	const said: string[] = [];
	for (const partitioner of byPromise) {
		if (!keeps[need].includes(partitioner)) continue;
		const finding = findingOf(findings, partitioner, workload);
		if (finding === undefined) continue;
		if (keepsUp(finding)) {
			const reason = [...said, `${partitioner} keeps up`].join("; ");
			return { ...workload, use: partitioner, reason };
		}
		const left = `${finding.leftPct.toFixed(0)} % of its slowest partition's messages are left`;
		said.push(`${partitioner} falls behind (${left})`);
	}
	if (said.length === 0) said.push("nothing that was measured keeps what is needed");
	return { ...workload, use: null, reason: said.join("; ") };
}

/** A recommendation for each workload that was measured. */
export function recommendations(need: Need, findings: readonly Finding[]): Recommendation[] {
	const workloads = new Map<string, Workload>();
	for (const { strategy, ratePerSec } of findings) {
		const { keys } = strategies[strategy];
		workloads.set(`${keys} ${ratePerSec}`, { keys, ratePerSec });
	}
	return [...workloads.values()].map((workload) => recommend(need, findings, workload));
}

/** One that does not look at keys does the same with any. */
function findingOf(
	findings: readonly Finding[],
	partitioner: PartitionerName,
	{ keys, ratePerSec }: Workload,
): Finding | undefined {
	return findings.find((finding) => {
		const strategy = strategies[finding.strategy];
		const fits = partitioner === "sticky" || strategy.keys === keys;
		return fits && strategy.partitioner === partitioner && finding.ratePerSec === ratePerSec;
	});
}

/**
 * What queueing arithmetic expects: a partition is worked on one message after another, so it takes 1 ÷ cost a second,
 * and what came beyond that is left, less what the drain has time for.
 */
export function expectedLeftPct(
	partitionShares: readonly number[],
	load: { ratePerSec: number; costUs: number; loadMs: number; drainMs: number },
): number {
	const arrived = (Math.max(...partitionShares) * load.ratePerSec * load.loadMs) / 1_000;
	const worked = (1_000 * (load.loadMs + load.drainMs)) / load.costUs;
	return arrived <= worked ? 0 : 100 * (1 - worked / arrived);
}
