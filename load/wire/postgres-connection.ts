import type { Socket } from "node:net";
import pg from "pg";
import { codeOf } from "../../base/errors.ts";
import { type PostgresConfig, triesNextWay } from "../../base/postgres-config.ts";
import { TransportError } from "../outcome.ts";
import { copyRefusal, endsSession, leftInTransaction, wantsPreparing } from "../postgres-errors.ts";
import type { Job, Pool, PooledConnection } from "./pool.ts";
import {
	closeMessage,
	copyFailMessages,
	errorOf,
	parseMessage,
	queryMessage,
	rowOf,
	terminateMessage,
} from "./postgres-messages.ts";
import { type MessageSink, PostgresReader } from "./postgres-reader.ts";
import { endedByError, readInto } from "./socket.ts";

/** A statement as it goes over the wire. */
export interface Step {
	/** To prepare it under: a statement is prepared when a connection first meets its name. */
	readonly name: string;
	readonly text: string;
	/** Bind, Execute and Sync, with the values; one byte a character. */
	readonly run: string;
}

/** One operation and what becomes of it. */
export interface Query extends Job {
	/** One statement, or those of a transaction, one after another. */
	readonly steps: readonly Step[];
	/** The rows are wanted; without it `answered` gets none. */
	readonly keep: boolean;
	/** With the rows of the last statement. */
	answered(rows: (string | null)[][]): void;
	/** The server's own error, a `pg.DatabaseError`, or what is wrong with the operation: the connection goes on. */
	refused(error: Error): void;
}

/** An answer may be of many rows: what a socket hands on at once otherwise takes them in too small pieces. */
const readBytes = 64 * 1024;

const parseComplete = 49; // 1
const dataRow = 68; // D
const errorResponse = 69; // E
const copyInResponse = 71; // G
const readyForQuery = 90; // Z
const idle = 73; // I: in no transaction

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
	#socket!: Socket;
	/** The socket, or TLS over it. */
	#stream!: Socket;
	#destroyed = false;
	readonly #prepared = new Set<string>();
	#query: Query | null = null;
	/** The statement that is being done, of those of the query. */
	#step = 0;
	#preparedAgain = 0;
	#error: pg.DatabaseError | null = null;
	/** How the query ends once its transaction is rolled back. */
	#rollingBack: Error | null = null;
	#rows: (string | null)[][] = [];
	readonly #reader = new PostgresReader(this);
	#lost = false;

	constructor(configs: readonly PostgresConfig[], pool: Pool<Query>, onSent: () => void) {
		this.#pool = pool;
		this.#onSent = onSent;
		this.#dial(configs);
	}

	/** Connects, by the next way if the server does not take this one. */
	#dial([config, ...others]: readonly PostgresConfig[]): void {
		const socket = config!.socket({
			onread: readInto((bytes, length) => {
				if (this.connected) this.#read(bytes, length);
				else socket.emit("data", Buffer.from(bytes.subarray(0, length)));
			}, readBytes),
		});
		this.#socket = socket;
		this.#stream = socket;
		const client = new pg.Client({ ...config, stream: () => socket });
		client.on("error", (error) => {
			if (this.connected) this.cause ??= error;
		});
		socket.once("close", () => {
			if (socket === this.#socket && (this.connected || this.#destroyed)) this.#lose();
		});
		client.connect().then(
			() => this.#takeOver(client),
			(error: unknown) => {
				socket.destroy();
				if (others.length > 0 && !this.#destroyed && triesNextWay(error)) this.#dial(others);
				else {
					this.cause ??= error;
					this.#lose();
				}
			},
		);
	}

	get usable(): boolean {
		return this.#stream.writable && this.cause === null;
	}

	start(query: Query): void {
		this.#query = query;
		this.#preparedAgain = 0;
		if (this.connected) this.#begin(query);
	}

	destroy(): void {
		this.#destroyed = true;
		if (this.connected && this.#query === null) {
			this.#stream.write(terminateMessage, "latin1");
			this.#stream.destroySoon();
		} else this.#stream.destroy();
	}

	#takeOver(client: pg.Client): void {
		if (this.#lost) return;
		// Behind TLS `pg` has put another stream over the socket.
		const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
		stream.removeAllListeners("data");
		if (stream !== this.#stream)
			stream.on("data", (bytes: Buffer) => this.#read(bytes, bytes.length));
		this.#stream = endedByError(stream);
		stream.setNoDelay(true);
		this.connected = true;
		if (this.#query === null) this.#pool.free(this, null);
		else this.#begin(this.#query);
	}

	#begin(query: Query): void {
		this.#onSent();
		this.#step = 0;
		this.#send(query.steps[0]!);
	}

	#send({ name, text, run }: Step): void {
		const prepared = this.#prepared.has(name);
		this.#stream.write(prepared ? run : parseMessage(name, text) + run, "latin1");
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
		switch (type) {
			case dataRow:
				return this.#query?.keep === true;
			case readyForQuery:
			case parseComplete:
			case errorResponse:
			case copyInResponse:
				return true;
			default:
				return false;
		}
	}

	message(type: number, bytes: Buffer, start: number, end: number): void {
		switch (type) {
			case readyForQuery:
				this.#complete(bytes[start] === idle);
				break;
			case dataRow:
				this.#rows.push(rowOf(bytes, start));
				break;
			case parseComplete:
				if (this.#query !== null) this.#prepared.add(this.#query.steps[this.#step]!.name);
				break;
			case errorResponse:
				this.#error = errorOf(bytes.subarray(start, end));
				break;
			case copyInResponse:
				this.#stream.write(copyFailMessages(copyRefusal), "latin1");
				break;
		}
	}

	/** The server has done what was sent, and says whether it is in no transaction now. */
	#complete(isIdle: boolean): void {
		const query = this.#query;
		if (query === null) return;
		const error = this.#error;
		this.#error = null;
		const ending = this.#rollingBack ?? error;
		if (ending === null && this.#step + 1 < query.steps.length) {
			if (this.#rows.length > 0) this.#rows = [];
			this.#send(query.steps[++this.#step]!);
		} else if (isIdle) {
			this.#rollingBack = null;
			if (ending === null) this.#end(query, null);
			else this.#refuse(query, ending);
		} else if (this.#rollingBack === null) {
			this.#rollingBack = ending ?? leftInTransaction(query.steps[this.#step]!.text);
			this.#stream.write(queryMessage("rollback"), "latin1");
		} else {
			this.cause ??= ending;
			this.#stream.destroy();
		}
	}

	/** Nothing of the query is done, and the connection is in no transaction. */
	#refuse(query: Query, error: Error): void {
		const again =
			error instanceof pg.DatabaseError &&
			wantsPreparing(error) &&
			this.#preparedAgain++ < query.steps.length;
		if (!again) {
			this.#end(query, error);
			return;
		}
		const { name } = query.steps[this.#step]!;
		this.#rows = [];
		this.#prepared.delete(name);
		this.#stream.write(closeMessage(name), "latin1");
		this.#begin(query);
	}

	#end(query: Query, error: Error | null): void {
		const rows = this.#rows;
		this.#query = null;
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
		if (query === null) return;
		// What the server refused, or was to roll back, is not done, whatever became of the connection then.
		const error = this.#error !== null && !endsSession(this.#error) ? this.#error : null;
		const refused = this.#rollingBack ?? error;
		if (refused !== null) query.refused(refused);
		else {
			// Without its last statement nothing of a transaction is done.
			const sent = this.connected && this.#step + 1 === query.steps.length;
			query.failed(new TransportError(code, sent, this.cause));
		}
	}
}
