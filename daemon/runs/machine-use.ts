import { machineCpu, statOf, waitedMsOf } from "../../base/proc.ts";
import { identifySelf, type ProcessIdentity, treesOf } from "../../base/process.ts";

/** What a machine did while a case's loads ran. Null where the system does not say. */
export interface MachineUse {
	/** Of the processor time of all cores, what others took than this daemon and all that it has started. */
	othersPct: number;
	/** Of the time that the loads ran, what the target's threads waited for a processor, all summed up: may be over 100. */
	waitedPct: number;
}

/** So much of the machine has to go to others before they are to blame. */
const othersPctMin = 25;
/** And so long the target has to have waited: one that hardly works is slow by itself. */
const waitedPctMin = 25;

/** Why a target that was too slow may have been quicker on a machine of its own; null where it would not. */
export function starvedBy(use: MachineUse | null): string | null {
	if (use === null || use.othersPct < othersPctMin || use.waitedPct < waitedPctMin) return null;
	return `other processes took ${Math.round(use.othersPct)} % of the machine, and what is measured waited for a processor in ${Math.round(use.waitedPct)} % of the time`;
}

interface Reading {
	totalMs: number;
	busyMs: number;
	oursMs: number;
	waitedMs: number;
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
	// A process that was killed took its account with it.
	const waitedMs = Math.max(0, to.waitedMs - from.waitedMs);
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
		waitedMs: sumOf(measured, waitedMsOf),
		atMs: performance.now(),
	};
}

function sumOf(processes: readonly ProcessIdentity[], of: (pid: number) => number): number {
	return processes.reduce((sum, { pid }) => sum + of(pid), 0);
}
