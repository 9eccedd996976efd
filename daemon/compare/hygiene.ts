/** What the machine did while a pair was measured; never what was measured. */
export interface PairSignals {
	/** Greatest share of the processor that the hypervisor took away, of both sides. */
	stealPct: number;
	/** The generator of a side could not keep up, or the host stood still: why. */
	generator: string | null;
}

const stealPctMax = 5;
const droppedShareMax = 0.2;

/** Why a pair says nothing, or null where it counts. A pair is dropped as a whole, never one side of it. */
export function dropReason({ stealPct, generator }: PairSignals): string | null {
	if (stealPct > stealPctMax) return `${stealPct.toFixed(1)} % of the processor was stolen`;
	return generator;
}

/** Whether so many pairs were dropped that nothing can be told of the others. */
export function tooManyDropped(droppedCount: number, pairCount: number): boolean {
	return droppedCount > droppedShareMax * pairCount;
}
