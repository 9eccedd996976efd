import { Socket } from "node:net";
import pg from "pg";
import { codeOf } from "../base/errors.ts";
import { type Outcome, TransportError } from "./outcome.ts";
import type { NamedQuery } from "./statements.ts";

const connectTimeoutMs = 10_000;
const closeTimeoutMs = 1000;

/**
 * Whether the server ended the session with this error. An ERROR is its word that the statement was rolled back;
 * after an admin shutdown or the like nobody says whether the statement had been committed before.
 */
export function endsSession(error: pg.DatabaseError): boolean {
	const code = error.code ?? "";
	if (error.severity === "FATAL" || error.severity === "PANIC") return true;
	// The severity is in the server's language; these are the codes of FATAL errors, and "completion unknown".
	return code.startsWith("57P") || code.startsWith("08") || code === "40003";
}

/** What the server's own error says of the statement. */
export function classifyDatabaseError(error: pg.DatabaseError): Outcome {
	const code = error.code ?? "error";
	return endsSession(error) ? { kind: "unknown", code } : { kind: "fail", code };
}

/** One connection of `pg`, with a socket of our own, so that it can be destroyed where the protocol hangs. */
export class PostgresSession {
	readonly #client: pg.Client;
	readonly #socket: Socket;
	#broken = false;

	constructor(client: pg.Client, socket: Socket) {
		this.#client = client;
		this.#socket = socket;
		// Without a listener the loss of an idle connection would end the process.
		client.on("error", () => {
			this.#broken = true;
		});
		client.on("end", () => {
			this.#broken = true;
		});
	}

	get usable(): boolean {
		return !this.#broken && this.#socket.writable;
	}

	/** A query with a name is prepared, once per connection. */
	async query(
		query: NamedQuery,
		signal: AbortSignal | undefined,
	): Promise<pg.QueryResult<Record<string, unknown>>> {
		const destroy = () => this.#socket.destroy();
		signal?.addEventListener("abort", destroy);
		try {
			return await this.#client.query<Record<string, unknown>>(query);
		} catch (error) {
			if (signal?.aborted) throw TransportError.aborted(signal, true);
			if (error instanceof pg.DatabaseError) {
				if (endsSession(error)) this.#socket.destroy();
				throw error;
			}
			if (this.usable) throw error;
			throw new TransportError(codeOf(error) ?? "connection_lost", true, error);
		} finally {
			signal?.removeEventListener("abort", destroy);
		}
	}

	/** Says goodbye, but never waits long for a server that does not answer. */
	async close(): Promise<void> {
		const timer = setTimeout(() => this.#socket.destroy(), closeTimeoutMs);
		try {
			await this.#client.end();
		} finally {
			clearTimeout(timer);
			this.#socket.destroy();
		}
	}
}

/** Connects; every failure, be it the server's own refusal, means that no query was sent. */
export async function openSession(url: string, signal?: AbortSignal): Promise<PostgresSession> {
	if (signal?.aborted) throw TransportError.aborted(signal, false);
	const socket = new Socket();
	const client = new pg.Client({
		connectionString: url,
		stream: () => socket,
		connectionTimeoutMillis: connectTimeoutMs,
		application_name: "faultline-load",
	});
	const session = new PostgresSession(client, socket);
	const destroy = () => socket.destroy();
	signal?.addEventListener("abort", destroy);
	try {
		await client.connect();
		return session;
	} catch (error) {
		socket.destroy();
		if (signal?.aborted) throw TransportError.aborted(signal, false);
		throw new TransportError(codeOf(error) ?? "connect_failed", false, error);
	} finally {
		signal?.removeEventListener("abort", destroy);
	}
}
