/** Nanoseconds of the machine's monotonic clock: the same in every process of the machine (CLOCK_MONOTONIC). */
export type Clock = () => bigint;

export const monotonic: Clock = process.hrtime.bigint;

/** Milliseconds from `zeroNs` to `ns`, with microsecond resolution. */
export function msSince(zeroNs: bigint, ns: bigint): number {
	return Number((ns - zeroNs) / 1000n) / 1000;
}

/** Resolves after `ms`; a clean-up that outlives its purpose can be cut short by `signal`, which resolves it too. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		if (signal?.aborted) return resolve();
		const done = () => {
			clearTimeout(timer);
			signal?.removeEventListener("abort", done);
			resolve();
		};
		const timer = setTimeout(done, ms);
		signal?.addEventListener("abort", done);
	});
}
