import { monotonicMs } from "faultline";

// A run's zero is of the machine's monotonic clock, which is not the process's own (`performance.now`).

/** Milliseconds of the run. */
export function nowInRun(zeroMs: number): number {
	return monotonicMs() - zeroMs;
}

/** The run's zero in milliseconds of the epoch. */
export function epochOf(zeroMs: number): number {
	return Date.now() - nowInRun(zeroMs);
}
