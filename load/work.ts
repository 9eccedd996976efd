import type { Arrival } from "./arrival.ts";
import type { DriverClients, DriverId } from "./driver.ts";

/** One operation, as `work` sees it. */
export interface Operation {
	/** Number of the operation over all workers: data made from it and the seed is the same in every run. */
	readonly n: number;
	/** Intended start, in milliseconds from the load's zero. */
	readonly intendedMs: number;
	/** Aborts at the deadline. Made when first read, so that work which never reads it pays nothing. */
	readonly signal: AbortSignal;
}

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
) => Promise<string | undefined>;

export interface LoadSpec<S extends ClientSpecs = ClientSpecs> {
	arrival: Arrival;
	clients: S;
	work: Work<S>;
	/** Counted from the start of the operation; past it the operation is `unknown: deadline`. */
	deadlineMs: number;
	/** Most operations in flight over all workers; a due operation without a free slot waits, and its wait counts. */
	inFlightMax: number;
	/** Append a line per ended operation; needed wherever a check counts rows. */
	journal: boolean;
	/** Worker threads; 1 unless one core can't hold the rate. */
	workers: number;
}
