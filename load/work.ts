import type { RunNames } from "../base/run-names.ts";
import type { Arrival } from "./arrival.ts";
import type { DriverClients, DriverId } from "./driver.ts";
import type { Issue, Operation } from "./operation.ts";
import type { Repeat } from "./repeat.ts";

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

/** Work without a promise per operation: `issue` is called once per worker, when its clients are open. */
export interface IssuingWork<S extends ClientSpecs> {
	issue: (clients: ClientsOf<S>, names: RunNames) => Issue;
}

/** Work that is one operation over and over, as plain data that the load's one driver knows how to do. */
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
