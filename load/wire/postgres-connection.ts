import { Socket } from "node:net";
import pg from "pg";
import { codeOf } from "../../base/errors.ts";
import { TransportError } from "../outcome.ts";
import type { Job, Pool, PooledConnection } from "./pool.ts";
import { errorOf, parseMessage, rowOf, terminateMessage } from "./postgres-messages.ts";
import { type MessageSink, PostgresReader } from "./postgres-reader.ts";
import { readInto } from "./socket.ts";

/** One statement and what becomes of it. */
export interface Query extends Job {
	/** To prepare it under: a statement is prepared when a connection first meets its name. */
	readonly name: string;
	readonly text: string;
	/** Bind, Execute and Sync, with the values; one byte a character. */
	readonly run: string;
	/** The rows are wanted; without it `answered` gets none. */
	readonly keep: boolean;
	answered(rows: (string | null)[][]): void;
	/** The server's own error, a `pg.DatabaseError`: the connection goes on. */
	refused(error: Error): void;
}

/** An answer may be of many rows: what a socket hands on at once otherwise takes them in too small pieces. */
const readBytes = 64 * 1024;

const parseComplete = 49; // 1
const dataRow = 68; // D
const errorResponse = 69; // E
const readyForQuery = 90; // Z

/**
 * One connection to a Postgres server that prepares a statement once and reads no more of an answer than it must.
 * `pg` connects, with all its ways of authentication and TLS; from then on the socket is ours.
 */
export class PostgresConnection implements PooledConnection<Query>, MessageSink {
	connected = false;
	/** Why it was lost; null while it lives. */
	cause: unknown = null;
	readonly #pool: Pool<Query>;
	readonly #onSent: () => void;
	readonly #client: pg.Client;
	#stream: Socket;
	readonly #prepared = new Set<string>();
	#query: Query | null = null;
	#error: pg.DatabaseError | null = null;
	#rows: (string | null)[][] = [];
	readonly #reader = new PostgresReader(this);
	#lost = false;

	constructor(url: string, pool: Pool<Query>, onSent: () => void) {
		this.#pool = pool;
		this.#onSent = onSent;
		const socket = new Socket({
			onread: readInto((bytes, length) => {
				if (this.connected) this.#read(bytes, length);
				else socket.emit("data", Buffer.from(bytes.subarray(0, length)));
			}, readBytes),
		});
		this.#stream = socket;
		this.#client = new pg.Client({
			connectionString: url,
			stream: () => socket,
			application_name: "faultline-load",
			connectionTimeoutMillis: 10_000,
		});
		this.#client.on("error", (error) => {
			this.cause ??= error;
		});
		socket.once("close", () => this.#lose());
		this.#client.connect().then(
			() => this.#begin(),
			(error: unknown) => {
				this.cause ??= error;
				socket.destroy();
				this.#lose();
			},
		);
	}

	get usable(): boolean {
		return this.#stream.writable && this.cause === null;
	}

	start(query: Query): void {
		this.#query = query;
		if (this.connected) this.#send(query);
	}

	destroy(): void {
		if (this.connected && this.#query === null) {
			this.#stream.write(terminateMessage, "latin1");
			this.#stream.destroySoon();
		} else this.#stream.destroy();
	}

	#begin(): void {
		// Behind TLS `pg` has put another stream over the socket.
		const { stream } = (this.#client as unknown as { connection: { stream: Socket } }).connection;
		stream.removeAllListeners("data");
		if (stream !== this.#stream)
			stream.on("data", (bytes: Buffer) => this.#read(bytes, bytes.length));
		this.#stream = stream;
		stream.setNoDelay(true);
		this.connected = true;
		if (this.#query === null) this.#pool.free(this, null);
		else this.#send(this.#query);
	}

	#send(query: Query): void {
		this.#onSent();
		const prepared = this.#prepared.has(query.name);
		const messages = prepared ? query.run : parseMessage(query.name, query.text) + query.run;
		this.#stream.write(messages, "latin1");
	}

	#read(bytes: Buffer, length: number): void {
		try {
			this.#reader.read(bytes, length);
		} catch (error) {
			this.cause ??= error;
			this.#stream.destroy();
		}
	}

	wants(type: number): boolean {
		return type !== dataRow || this.#query?.keep === true;
	}

	message(type: number, bytes: Buffer, start: number, end: number): void {
		if (type === readyForQuery) this.#complete();
		else if (type === dataRow) this.#rows.push(rowOf(bytes, start));
		else if (type === parseComplete && this.#query !== null) this.#prepared.add(this.#query.name);
		else if (type === errorResponse) this.#error = errorOf(bytes.subarray(start, end));
	}

	#complete(): void {
		const query = this.#query;
		if (query === null) return;
		const error = this.#error;
		const rows = this.#rows;
		this.#query = null;
		this.#error = null;
		if (rows.length > 0) this.#rows = [];
		this.#pool.free(this, query);
		if (error === null) query.answered(rows);
		else query.refused(error);
	}

	#lose(): void {
		if (this.#lost) return;
		this.#lost = true;
		const query = this.#query;
		this.#query = null;
		// The server's own last word, such as "terminated by administrator", says more than the lost connection.
		const code = this.#error?.code ?? codeOf(this.cause) ?? "connection_lost";
		this.cause ??= this.#error ?? new Error("the server closed the connection");
		this.#pool.lost(this, query);
		query?.failed(new TransportError(code, this.connected, this.cause));
	}
}
