/** A stretch in which the host, or this whole process, did not run. Monotonic nanoseconds. */
export interface HostPause {
	fromNs: bigint;
	toNs: bigint;
}

export const tickMs = 50;
export const pauseLimitMs = 250;

/** Finds pauses in the times of ticks that should come every 50 ms: a gap of more than 250 ms is one. */
export function pauseFinder(): (tickNs: bigint) => HostPause | null {
	let lastNs: bigint | null = null;
	return (tickNs) => {
		const fromNs = lastNs;
		lastNs = tickNs;
		if (fromNs === null || tickNs - fromNs <= BigInt(pauseLimitMs) * 1_000_000n) return null;
		return { fromNs, toNs: tickNs };
	};
}

/** Whether the pause has any part in the stretch. */
export function overlaps({ fromNs, toNs }: HostPause, sinceNs: bigint, untilNs: bigint): boolean {
	return toNs > sinceNs && fromNs < untilNs;
}

export function pauseText({ fromNs, toNs }: HostPause, zeroNs: bigint): string {
	const ms = (ns: bigint) => Math.round(Number(ns) / 1e6);
	return `the host stood still for ${ms(toNs - fromNs)} ms, ${ms(fromNs - zeroNs)} ms after the start`;
}
