import { readFileSync } from "node:fs";

/** What the host's processors did since it booted, in ticks. */
export interface CpuTicks {
	total: number;
	/** Taken away by another guest of the same machine. */
	steal: number;
}

/** From the first line of `/proc/stat` (proc(5)); null where there is none. */
export function cpuTicks(read = () => readFileSync("/proc/stat", "utf8")): CpuTicks | null {
	try {
		const ticks = read().split("\n", 1)[0]!.trim().split(/\s+/).slice(1, 9).map(Number);
		return { total: ticks.reduce((sum, n) => sum + n, 0), steal: ticks[7] ?? 0 };
	} catch {
		return null;
	}
}

/** The share of processor time that was stolen between two looks, in percent. */
export function stealPct(before: CpuTicks | null, after: CpuTicks | null): number {
	if (before === null || after === null || after.total <= before.total) return 0;
	return (100 * (after.steal - before.steal)) / (after.total - before.total);
}
