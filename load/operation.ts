/** One operation, as `work` sees it. */
export interface Operation {
	/** Number of the operation over all workers: data made from it and the seed is the same in every run. */
	readonly n: number;
	/** The phase that it was due in: `warming`, `steady`, `faulting` or `recovering`. */
	readonly phase: string;
	/** Intended start, in milliseconds from the load's zero. */
	readonly intendedMs: number;
	/** Intended start in milliseconds of the machine's monotonic clock, for who measures to it in another process. */
	readonly intendedAtMs: number;
	/** Aborts at the deadline. Made when first read, so that work which never reads it pays nothing. */
	readonly signal: AbortSignal;
}

/**
 * An operation that is issued instead of awaited: no promise, so that a million a second cost little. Exactly one of
 * `succeed` and `fail` ends it, once, and not before `issue` has returned.
 */
export interface IssuedOperation extends Operation {
	/** It happened; the receipt goes into the journal. */
	readonly succeed: (receipt?: string) => void;
	/** Why it did not, or may not have: read like what a promise's `work` rejects with. */
	readonly fail: (error: unknown) => void;
	/** Set by whoever issues it, to be told where the loop gives the operation up (deadline, stop). */
	pending: Pending | null;
}

/** What an issued operation waits for. */
export interface Pending {
	/** Nobody waits any more; neither `succeed` nor `fail` has an effect now. */
	giveUp(): void;
}

/** Starts one operation. */
export type Issue = (operation: IssuedOperation) => void;
