import type { Socket } from "node:net";
import pg from "pg";
import { codeOf } from "../base/errors.ts";
import { connectAs, type PostgresConfig } from "../base/postgres-config.ts";
import { TransportError } from "./outcome.ts";
import { copyRefusal, endsSession, leftInTransaction, wantsPreparing } from "./postgres-errors.ts";
import type { NamedQuery } from "./statements.ts";

/** Of a load's connections, where the URL says nothing of it. */
export const loadDefaults = {
	application_name: "faultline-load",
	connectionTimeoutMillis: 10_000,
};
const closeTimeoutMs = 1000;

/** What its types leave out. */
type Client = pg.Client & {
	readyForQuery: boolean;
	connection: pg.Connection & {
		parsedStatements: Record<string, string>;
		sendCopyFail(reason: string): void;
		sync(): void;
	};
};

/** One connection of `pg`, with a socket of our own, so that it can be destroyed where the protocol hangs. */
export class PostgresSession {
	readonly #client: Client;
	readonly #socket: Socket;
	#broken = false;
	/** What runs was sent with Parse, Bind and Execute. */
	#extended = false;

	constructor(client: pg.Client, socket: Socket) {
		this.#client = client as Client;
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

	/**
	 * Queries one after another, as one operation; the result of the last. A query with a name is prepared, once per
	 * connection, and again where the server wants it. Whatever happens, the connection is in no transaction afterwards.
	 */
	async run(
		queries: readonly NamedQuery[],
		signal: AbortSignal | undefined,
	): Promise<pg.QueryResult<Record<string, unknown>>> {
		const destroy = () => this.#socket.destroy();
		signal?.addEventListener("abort", destroy);
		let sent = 0;
		let preparedAgain = 0;
		try {
			for (;;) {
				let result: pg.QueryResult<Record<string, unknown>> | null = null;
				try {
					for (sent = 0; sent < queries.length; ) result = await this.#query(queries[sent++]!);
				} catch (error) {
					if (!(error instanceof pg.DatabaseError) || endsSession(error)) throw error;
					await this.#ready();
					await this.#leaveTransaction();
					if (!wantsPreparing(error) || preparedAgain++ === queries.length) throw error;
					await this.#forget(queries[sent - 1]!);
					continue;
				}
				if (await this.#leaveTransaction()) throw leftInTransaction(queries.at(-1)!.text);
				return result!;
			}
		} catch (error) {
			// Without its last statement nothing of a transaction was done.
			const may = sent === queries.length;
			if (signal?.aborted) throw TransportError.aborted(signal, may);
			if (error instanceof pg.DatabaseError) {
				if (!endsSession(error)) throw error;
				this.#socket.destroy();
				throw may ? error : new TransportError(error.code ?? "error", false, error);
			}
			if (this.usable) throw error;
			throw new TransportError(codeOf(error) ?? "connection_lost", may, error);
		} finally {
			signal?.removeEventListener("abort", destroy);
		}
	}

	#query(query: NamedQuery): Promise<pg.QueryResult<Record<string, unknown>>> {
		this.#extended = query.name !== undefined || (query.values?.length ?? 0) > 0;
		return this.#client.query<Record<string, unknown>>(query);
	}

	/** `pg` rejects at once when an error comes, before the server says how it stands with the transaction. */
	async #ready(): Promise<void> {
		if (!this.#client.readyForQuery && this.usable)
			await new Promise<void>((resolve) => {
				this.#client.connection.once("readyForQuery", resolve);
				this.#client.once("end", resolve);
			});
	}

	/** Rolls back where the connection is in a transaction; whether it was. */
	async #leaveTransaction(): Promise<boolean> {
		if (!this.usable || this.#client.getTransactionStatus() === "I") return false;
		await this.#client.query("rollback").catch(() => {});
		if (this.#client.getTransactionStatus() !== "I") this.#socket.destroy();
		return true;
	}

	async #forget({ name }: NamedQuery): Promise<void> {
		if (name === undefined) return;
		delete this.#client.connection.parsedStatements[name];
		await this.#client.query(`deallocate "${name.replaceAll('"', '""')}"`).catch(() => {});
	}

	/** `pg` would give another reason, and wait for ever where the statement was prepared: its Sync was passed over. */
	refuseCopies(): void {
		const { connection } = this.#client;
		connection.removeAllListeners("copyInResponse");
		connection.on("copyInResponse", () => {
			connection.sendCopyFail(copyRefusal);
			if (this.#extended) connection.sync();
		});
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
export async function openSession(
	configs: readonly PostgresConfig[],
	signal?: AbortSignal,
): Promise<PostgresSession> {
	if (signal?.aborted) throw TransportError.aborted(signal, false);
	try {
		return await connectAs(configs, (config) => dial(config, signal));
	} catch (error) {
		if (signal?.aborted) throw TransportError.aborted(signal, false);
		throw new TransportError(codeOf(error) ?? "connect_failed", false, error);
	}
}

async function dial(config: PostgresConfig, signal?: AbortSignal): Promise<PostgresSession> {
	const socket = config.stream();
	const client = new pg.Client({ ...config, stream: () => socket });
	const session = new PostgresSession(client, socket);
	const destroy = () => socket.destroy();
	signal?.addEventListener("abort", destroy);
	try {
		await client.connect();
		session.refuseCopies();
		return session;
	} catch (error) {
		socket.destroy();
		throw error;
	} finally {
		signal?.removeEventListener("abort", destroy);
	}
}
