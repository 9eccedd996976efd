/** What the machine did while a pair was measured; never what was measured. */
export interface PairSignals {
	/** Greatest share of the processor that the hypervisor took away, of both sides. */
	stealPct: number;
	/** The generator of a side could not keep up, or the host stood still: why. */
	generator: string | null;
	/** Of both sides and of the pairs before. */
	fingerprints: readonly string[];
}

const stealPctMax = 5;
const droppedShareMax = 0.2;

/** Why a pair says nothing, or null where it counts. A pair is dropped as a whole, never one side of it. */
export function dropReason({ stealPct, generator, fingerprints }: PairSignals): string | null {
	if (stealPct > stealPctMax) return `${stealPct.toFixed(1)} % of the processor was stolen`;
	if (generator !== null) return generator;
	if (new Set(fingerprints).size > 1) return "the machine's fingerprint changed";
	return null;
}

/** Pairs with those taken out that say nothing; `tooMany` where so many are that nothing can be told. */
export function cleanPairs<T extends { signals: PairSignals }>(
	pairs: readonly T[],
): { kept: T[]; dropped: { index: number; why: string }[]; tooMany: boolean } {
	const kept: T[] = [];
	const dropped: { index: number; why: string }[] = [];
	for (const [index, pair] of pairs.entries()) {
		const why = dropReason(pair.signals);
		if (why === null) kept.push(pair);
		else dropped.push({ index, why });
	}
	return { kept, dropped, tooMany: dropped.length > droppedShareMax * pairs.length };
}
