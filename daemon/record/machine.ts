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
