import { loadEntry } from "../base/catalog.ts";
import type { Endpoint, EndpointKind } from "../base/endpoint.ts";
import { codeOf, messageOf } from "../base/errors.ts";

/** What a round trip is to ask; nothing asks for the smallest that the protocol has. */
export interface Ask {
	/** Sent instead of the smallest request, in the protocol's own words: a Redis command, the name of a Kafka topic. */
	statement?: string;
}

/** One connection that can make a protocol round trip. A file in `probes/` exports how to open one, by endpoint kind. */
export interface ProbeConnection {
	/** Rejects when the answer is an error or the connection breaks; never resolves without an answer. */
	roundTrip(ask: Ask): Promise<void>;
	destroy(): void;
}

export type ProbeConnect<K extends EndpointKind = EndpointKind> = (
	at: Extract<Endpoint, { kind: K }>,
) => Promise<ProbeConnection>;

export interface RoundTrip {
	kind: "answered" | "silent" | "broken";
	ms: number;
	/** Code or message of what broke it; null otherwise. */
	error: string | null;
}

/**
 * Sees through one path what its users see, on a connection that was there before the fault and on new ones. A TCP
 * connect proves nothing: the kernel's backlog and Toxiproxy accept for the dead.
 */
export class Probe {
	readonly #at: Endpoint;
	readonly #connect: ProbeConnect;
	#old: ProbeConnection | null;

	private constructor(at: Endpoint, connect: ProbeConnect, old: ProbeConnection | null) {
		this.#at = at;
		this.#connect = connect;
		this.#old = old;
	}

	/** Opens the old connection, or goes without one where the path is already broken by an earlier fault. */
	static async open(at: Endpoint, limitMs = 2_000): Promise<Probe> {
		const connect = await loadEntry<ProbeConnect>(
			new URL("./probes/", import.meta.url),
			at.kind,
			"probe",
		);
		const opening = connect(at);
		const old = await within(opening, limitMs).catch(() => null);
		// One that opens after all belongs to nobody.
		if (old === null) opening.then((late) => late.destroy()).catch(() => {});
		return new Probe(at, connect, old);
	}

	/** A round trip on the connection opened before the fault. */
	async old(limitMs: number, ask: Ask = {}): Promise<RoundTrip> {
		const connection = this.#old;
		if (connection === null) return { kind: "broken", ms: 0, error: "no connection from before" };
		return timed(() => connection.roundTrip(ask), limitMs);
	}

	/** A round trip on a new connection, its set-up included. */
	async fresh(limitMs: number, ask: Ask = {}): Promise<RoundTrip> {
		let connection: ProbeConnection | null = null;
		let late = false;
		const trip = await timed(async () => {
			connection = await this.#connect(this.#at);
			if (late) return connection.destroy();
			await connection.roundTrip(ask);
		}, limitMs);
		late = true;
		(connection as ProbeConnection | null)?.destroy();
		return trip;
	}

	close(): void {
		this.#old?.destroy();
		this.#old = null;
	}
}

/** What a round trip saw, as words for a proof. */
export function describeTrip(trip: RoundTrip): string {
	switch (trip.kind) {
		case "answered":
			return `answered in ${trip.ms.toFixed(0)} ms`;
		case "silent":
			return `no answer in ${trip.ms.toFixed(0)} ms`;
		case "broken":
			return `broken after ${trip.ms.toFixed(0)} ms (${trip.error})`;
		default:
			return trip.kind satisfies never;
	}
}

const silent = Symbol("silent");

async function timed(action: () => Promise<void>, limitMs: number): Promise<RoundTrip> {
	const start = performance.now();
	try {
		await within(action(), limitMs);
		return { kind: "answered", ms: performance.now() - start, error: null };
	} catch (error) {
		const ms = performance.now() - start;
		if (error === silent) return { kind: "silent", ms, error: null };
		return { kind: "broken", ms, error: codeOf(error) ?? messageOf(error) };
	}
}

function within<T>(promise: Promise<T>, limitMs: number): Promise<T> {
	return new Promise((resolve, reject) => {
		const timer = setTimeout(() => reject(silent), limitMs);
		promise.then(resolve, reject).finally(() => clearTimeout(timer));
	});
}
