import type { Duplex } from "node:stream";
import { loadEntry } from "../base/catalog.ts";
import type { Endpoint, EndpointKind } from "../base/endpoint.ts";
import { codeOf, messageOf } from "../base/errors.ts";

/** What a round trip is to ask or to carry; nothing asks for the smallest that the protocol has. */
export interface Ask {
	/** At least so many bytes there and back, as far as the protocol can. */
	sentBytes?: number;
	receivedBytes?: number;
	/** Sent instead of the smallest request, in the protocol's own words: SQL, a Redis command, a Kafka topic's name. */
	statement?: string;
}

/** One connection that can make a protocol round trip. A file in `probes/` exports how to open one, by endpoint kind. */
export interface ProbeConnection {
	/** Rejects when the answer is an error or the connection breaks; never resolves without an answer. */
	roundTrip(ask: Ask): Promise<void>;
	/** What it speaks through now. */
	readonly socket: Duplex & { readonly bytesWritten?: number; readonly bytesRead?: number };
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
	/** What it really carried, where it was asked for bytes and answered. */
	carried?: { sentBytes: number; receivedBytes: number };
}

/**
 * Sees through one path what its users see, on a connection that was there before the fault and on new ones. A TCP
 * connect proves nothing: the kernel's backlog and Toxiproxy accept for the dead.
 */
export class Probe {
	readonly #connect: () => Promise<ProbeConnection>;
	#old: ProbeConnection | null;

	private constructor(connect: () => Promise<ProbeConnection>, old: ProbeConnection | null) {
		this.#connect = connect;
		this.#old = old;
	}

	/** Opens the old connection, or goes without one where the path is already broken by an earlier fault. */
	static async open(at: Endpoint, limitMs = 2_000): Promise<Probe> {
		return Probe.of(await connectorTo(at), limitMs);
	}

	/** A probe of what is spoken to in another way: a round trip is whatever `connect` makes of it. */
	static async of(connect: () => Promise<ProbeConnection>, limitMs = 2_000): Promise<Probe> {
		const opening = connect();
		const old = await within(opening, limitMs).catch(() => null);
		// One that opens after all belongs to nobody.
		if (old === null) opening.then((late) => late.destroy()).catch(() => {});
		return new Probe(connect, old);
	}

	/** A round trip on the connection opened before the fault. */
	async old(limitMs: number, ask: Ask = {}): Promise<RoundTrip> {
		const connection = this.#old;
		if (connection === null) return { kind: "broken", ms: 0, error: "no connection from before" };
		return timed(() => carry(connection, ask), limitMs);
	}

	/**
	 * A round trip on a new connection. The limit is for both; the time of an answer is that of the round trip alone.
	 */
	fresh(limitMs: number, ask: Ask = {}): Promise<RoundTrip> {
		return this.#onNew(limitMs, async (connection, begin) => {
			begin();
			return carry(connection, ask);
		});
	}

	/** How long it takes, on a new connection after a round trip, until the end that we make of it has come back. */
	hangUp(limitMs: number): Promise<RoundTrip> {
		return this.#onNew(limitMs, async (connection, begin) => {
			await connection.roundTrip({});
			begin();
			await ended(connection.socket);
			return undefined;
		});
	}

	close(): void {
		this.#old?.destroy();
		this.#old = null;
	}

	async #onNew(
		limitMs: number,
		act: (connection: ProbeConnection, begin: () => void) => Promise<RoundTrip["carried"]>,
	): Promise<RoundTrip> {
		let connection: ProbeConnection | null = null;
		let late = false;
		const trip = await timed(async (begin) => {
			connection = await this.#connect();
			if (late) return void connection.destroy();
			return act(connection, begin);
		}, limitMs);
		late = true;
		(connection as ProbeConnection | null)?.destroy();
		return trip;
	}
}

/** How a connection is opened there that can make round trips. */
export async function connectorTo(at: Endpoint): Promise<() => Promise<ProbeConnection>> {
	const folder = new URL("./probes/", import.meta.url);
	const connect = await loadEntry<ProbeConnect>(folder, at.kind, "probe");
	return () => connect(at);
}

/** What a round trip saw, as words for a proof. */
export function describeTrip(trip: RoundTrip): string {
	switch (trip.kind) {
		case "answered": {
			const { carried } = trip;
			const load = carried ? `, ${carried.sentBytes} bytes out, ${carried.receivedBytes} in` : "";
			return `answered in ${trip.ms.toFixed(0)} ms${load}`;
		}
		case "silent":
			return `no answer in ${trip.ms.toFixed(0)} ms`;
		case "broken":
			return `broken after ${trip.ms.toFixed(0)} ms (${trip.error})`;
		default:
			return trip.kind satisfies never;
	}
}

async function carry(connection: ProbeConnection, ask: Ask): Promise<RoundTrip["carried"]> {
	const { socket } = connection;
	const { bytesWritten = 0, bytesRead = 0 } = socket;
	await connection.roundTrip(ask);
	if (ask.sentBytes === undefined && ask.receivedBytes === undefined) return undefined;
	const now = connection.socket;
	// A server may close the connection after an answer: what the last one carried is certain.
	const before = now === socket ? { bytesWritten, bytesRead } : { bytesWritten: 0, bytesRead: 0 };
	return {
		sentBytes: (now.bytesWritten ?? 0) - before.bytesWritten,
		receivedBytes: (now.bytesRead ?? 0) - before.bytesRead,
	};
}

function ended(socket: Duplex): Promise<void> {
	return new Promise((resolve) => {
		if (socket.destroyed) return resolve();
		socket.once("close", () => resolve()).end();
	});
}

const silent = Symbol("silent");

/** The time counts from the start, or of an answer from where `begin` was called last. */
async function timed(
	action: (begin: () => void) => Promise<RoundTrip["carried"]>,
	limitMs: number,
): Promise<RoundTrip> {
	const start = performance.now();
	let begun = start;
	const begin = () => {
		begun = performance.now();
	};
	try {
		const carried = await within(action(begin), limitMs);
		const trip: RoundTrip = { kind: "answered", ms: performance.now() - begun, error: null };
		return carried === undefined ? trip : { ...trip, carried };
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
