import { machineCpu, statOf, waitedMsOf } from "../../base/proc.ts";
import { identifySelf, type ProcessIdentity, treesOf } from "../../base/process.ts";
import type { MachineUse } from "../record/machine.ts";

interface Reading {
	totalMs: number;
	busyMs: number;
	oursMs: number;
	/** By process, pid and start. */
	waitedMs: ReadonlyMap<string, number>;
	atMs: number;
}

/**
 * Begins to look at the machine; the answer says what happened since. `target`: the roots of all that is measured, which
 * may have other ones by then.
 */
export async function watchMachine(
	target: () => readonly ProcessIdentity[],
): Promise<() => Promise<MachineUse | null>> {
	const from = await readingOf(target());
	return async () => {
		const to = await readingOf(target());
		return from === null || to === null ? null : useBetween(from, to);
	};
}

/** Of two looks at the machine. */
export function useBetween(from: Reading, to: Reading): MachineUse | null {
	const totalMs = to.totalMs - from.totalMs;
	if (totalMs <= 0) return null;
	const othersMs = to.busyMs - from.busyMs - (to.oursMs - from.oursMs);
	// Process by process: one that was killed took its account with it, and must not be taken off the others'.
	let waitedMs = 0;
	for (const [process, ms] of to.waitedMs) waitedMs += ms - (from.waitedMs.get(process) ?? 0);
	return {
		othersPct: Math.max(0, (100 * othersMs) / totalMs),
		waitedPct: (100 * waitedMs) / Math.max(1, to.atMs - from.atMs),
	};
}

async function readingOf(target: readonly ProcessIdentity[]): Promise<Reading | null> {
	const machine = machineCpu();
	if (machine === null) return null;
	const [ours = [], measured = []] = await treesOf([[identifySelf(), ...target], target]);
	return {
		...machine,
		oursMs: sumOf(ours, (pid) => {
			const stat = statOf(pid);
			return stat === null ? 0 : stat.cpuMs + stat.reapedCpuMs;
		}),
		waitedMs: new Map(
			measured.map(({ pid, startTime }) => [`${pid} ${startTime}`, waitedMsOf(pid)]),
		),
		atMs: performance.now(),
	};
}

function sumOf(processes: readonly ProcessIdentity[], of: (pid: number) => number): number {
	return processes.reduce((sum, { pid }) => sum + of(pid), 0);
}
