import type { RunNames } from "../base/run-names.ts";
import type { Arrival } from "./arrival.ts";
import type { DriverClients, DriverId } from "./driver.ts";
import type { Repeat } from "./repeat.ts";

/** One operation, as `work` sees it. */
export interface Operation {
	/** Number of the operation over all workers: data made from it and the seed is the same in every run. */
	readonly n: number;
	/** The phase that it was due in: `warming`, `steady`, `faulting` or `recovering`. */
	readonly phase: string;
	/** Intended start, in milliseconds from the load's zero. */
	readonly intendedMs: number;
	/** The same instant in milliseconds of the machine's monotonic clock, for who measures to it in another process. */
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

export type ClientSpecs = Record<string, ClientSpec<DriverId>>;

export interface ClientSpec<D extends DriverId> {
	driver: D;
	/** Name of the path (`plan.paths`) it connects through. */
	at: string;
	/** Connections over all workers. */
	connections: number;
}

export type ClientsOf<S extends ClientSpecs> = { [K in keyof S]: DriverClients[S[K]["driver"]] };

/** Does one operation. Resolves with a receipt for the journal (or nothing), rejects where it failed. */
export type Work<S extends ClientSpecs> = (
	clients: ClientsOf<S>,
	operation: Operation,
	names: RunNames,
) => Promise<string | undefined>;

/** The same without a promise per operation: called once per worker, when its clients are open. */
export interface IssuingWork<S extends ClientSpecs> {
	issue: (clients: ClientsOf<S>, names: RunNames) => Issue;
}

/** The same operation over and over, as plain data that the load's one driver knows how to do. */
export interface RepeatingWork {
	repeat: Repeat;
}

export interface LoadSpec<S extends ClientSpecs = ClientSpecs> {
	arrival: Arrival;
	clients: S;
	work: Work<S> | IssuingWork<S> | RepeatingWork;
	/** Counted from the start of the operation; past it the operation is `unknown: deadline`. */
	deadlineMs: number;
	/** Most operations in flight over all workers; a due operation without a free slot waits, and its wait counts. */
	inFlightMax: number;
	/** Append a line per ended operation; needed wherever a check counts rows. */
	journal: boolean;
	/** Worker threads; 1 unless one core can't hold the rate. */
	workers: number;
	/**
	 * Of the operations due in `steady`, the share that must end ok for the load to have been there; with less the run is
	 * `invalid: offered_not_reached`. Left out where the outcomes are what the run is to find out.
	 */
	okPctMin?: number;
	/**
	 * The client's shortest patience, such as per try, where that is less than `deadlineMs`. A generator that was late by
	 * more than a tenth of it may have made others of the outcomes: what is timed can't be told then.
	 */
	timeoutMs?: number;
}
