import type { PartEntry } from "./record.ts";

/** How often keys were split or overtaken, by the consumers' own record. */
export type KeyOrder = {
	keyCount: number;
	/** Keys that came in more than one partition: nothing orders two partitions. */
	splitKeyCount: number;
	/** New messages of a key that came after a later one of it. What is delivered again is not new. */
	regressionCount: number;
};

export function keyOrderOf(byPartition: readonly PartEntry[][], regressionCount: number): KeyOrder {
	const homes = new Map<number, Set<number>>();
	for (const [partition, parts] of byPartition.entries())
		for (const { newKeys } of parts)
			for (const key of newKeys) {
				const known = homes.get(key);
				if (known === undefined) homes.set(key, new Set([partition]));
				else known.add(partition);
			}
	const splitKeyCount = [...homes.values()].filter((partitions) => partitions.size > 1).length;
	return { keyCount: homes.size, splitKeyCount, regressionCount };
}
