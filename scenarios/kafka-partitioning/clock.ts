/** Milliseconds of the machine's monotonic clock (CLOCK_MONOTONIC): the same in every process of the machine. */
export function monotonicMs(): number {
	return Number(process.hrtime.bigint()) / 1e6;
}
