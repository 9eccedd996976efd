import { loadEntry } from "../base/catalog.ts";
import type { Endpoint, EndpointKind } from "../base/endpoint.ts";
import type { Issue } from "./operation.ts";
import type { Outcome } from "./outcome.ts";
import type { Repeat } from "./repeat.ts";

/** Driver id → the client that `work` is given. Each driver file adds its own line by declaration merging. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by the files in drivers/
export interface DriverClients {}

export type DriverId = keyof DriverClients;

export interface OpenOptions {
	/** Connections this worker may hold: the load's number, divided over its workers. */
	connections: number;
	/** Aborted when opening takes too long or the run stops. */
	signal: AbortSignal;
}

/** One way to speak to an endpoint. A file in `drivers/` default-exports one; the file's name is its id. */
export interface Driver<Client> {
	/** The endpoints it can speak to. */
	speaks: readonly EndpointKind[];
	/** Connects, changes no data and sends no request that would be counted; rejects where nothing answers. */
	open(at: Endpoint, options: OpenOptions): Promise<Client>;
	close(client: Client): Promise<void>;
	/**
	 * The only reader of its service's own errors: did the operation certainly not happen, or may it have? Null for
	 * an error it does not know. `OperationError` and `TransportError` have been dealt with before (`outcomeOf`).
	 */
	classify(error: unknown): Outcome | null;
	/**
	 * How it does the same operation over and over, without a promise for each. What the operation is, is of the kind of
	 * endpoint that the driver speaks to; another is refused.
	 */
	repeat(client: Client, repeat: Repeat, seed: number): Issue | Promise<Issue>;
	/** Running totals since `open`, such as `attempts`; they go into the intervals as differences. */
	counters(client: Client): Record<string, number>;
}

const folder = new URL("./drivers/", import.meta.url);

/** The driver of this id. The caller knows its client no closer than as what goes back into the same driver. */
export function loadDriver(id: string): Promise<Driver<unknown>> {
	return loadEntry<Driver<unknown>>(folder, id, "driver");
}
