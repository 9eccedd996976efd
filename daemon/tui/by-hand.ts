import { type Choosing, newChooser } from "./chooser.ts";
import type { FaultInForce, FaultsNow } from "./wire.ts";

/** What the dashboard knows of faults by hand. */
export interface ByHand extends Choosing {
	/** In force as the daemon last said, those of the run's timeline included. */
	inForce: FaultInForce[];
	/** When it said so. */
	heardMs: number;
	/** The red button was pressed: nothing new begins. */
	blocked: boolean;
	/** The id of the fault that a key heals; where it is not in force any more, the newest is meant. */
	marked: string | null;
}

export function newByHand(): ByHand {
	return {
		inForce: [],
		heardMs: 0,
		blocked: false,
		marked: null,
		kinds: [],
		chooser: newChooser(),
	};
}

export function hearFaults(before: ByHand, { faults, blocked }: FaultsNow, nowMs: number): ByHand {
	return { ...before, inForce: faults, blocked, heardMs: nowMs };
}

/** Those that a person injected: each can be healed alone. */
export function faultsByHand({ inForce }: ByHand): FaultInForce[] {
	return inForce.filter(({ byHand }) => byHand);
}

/** The fault that a key heals; null where there is none. */
export function markedFault(byHand: ByHand): FaultInForce | null {
	const all = faultsByHand(byHand);
	return all.find(({ id }) => id === byHand.marked) ?? all.at(-1) ?? null;
}

export function markNext(byHand: ByHand): ByHand {
	const all = faultsByHand(byHand);
	const at = all.findIndex(({ id }) => id === markedFault(byHand)?.id);
	return { ...byHand, marked: all[(at + 1) % all.length]?.id ?? null };
}

/** How long the fault still lasts. */
export function leftMs({ healsInMs }: FaultInForce, { heardMs }: ByHand, nowMs: number): number {
	return Math.max(0, healsInMs - (nowMs - heardMs));
}
