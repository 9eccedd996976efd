import type { Place } from "./store.ts";
import type { Tier } from "./tiers.ts";

/** Where readers find an object. */
export interface Copy extends Place {
	version: number;
	bytes: number;
	sha256: string;
	/** The day from which it is billed there. */
	sinceDay: number;
}

/** A stay that is over, and billed. */
export interface PastStay {
	version: number;
	tier: Tier;
	fromDay: number;
	toDay: number;
}

/** What has been begun with an object, and is to be finished or taken back by whoever finds it after an interruption. */
export type Doing =
	| { kind: "nothing" }
	/** A new version is being written; nobody was told that it is there. */
	| { kind: "writing"; next: Copy; seq: number }
	/** Its copy is being copied to another tier; readers still go to the first. */
	| { kind: "copying"; to: Place; day: number; seq: number }
	/** Readers go to the new copy; the one before is to be removed. */
	| { kind: "removing"; from: Place };

/** All that is known of an object. It is written as a whole, so that where it lies and what is billed can't disagree. */
export interface Pointer {
	id: string;
	/** Of each writing one more: a writer who has not seen the last one is refused. */
	revision: number;
	/** The last action that was done, of those that a client numbers for each object. */
	seq: number;
	/** Null until its first version is there. */
	at: Copy | null;
	doing: Doing;
	past: readonly PastStay[];
}

/** The table of all pointers. */
export interface PointerTable {
	get(id: string): Pointer | undefined;
	all(): Iterable<Pointer>;
	/** Reads a pointer again whose last writing may have been kept or not, as after a lost connection. */
	refresh(id: string): Promise<void>;
	/** Once it resolves the pointer is kept, whatever happens. Rejects with `Overtaken` where its revision is not the next. */
	write(pointer: Pointer): Promise<void>;
}

/** Somebody else has written this pointer since it was read. */
export class Overtaken extends Error {
	constructor({ id, revision }: Pointer) {
		super(`${id} has been written by another since; revision ${revision} is not its next`);
		this.name = "Overtaken";
	}
}

/** Refuses a pointer that is not the next of the one that is there. */
export function checkNext(now: Pointer | undefined, next: Pointer): void {
	if (next.revision !== (now?.revision ?? 0) + 1) throw new Overtaken(next);
}
