import pg from "pg";
import { FaultlineError, messageOf } from "../../base/errors.ts";
import { type PostgresConfig, postgresConfigs } from "../../base/postgres-config.ts";
import { placeOf } from "../../base/postgres-url.ts";
import type { Driver } from "../driver.ts";
import { awaited } from "../issue.ts";
import { TransportError } from "../outcome.ts";
import { classifyDatabaseError, connectHint } from "../postgres-errors.ts";
import { loadDefaults, openSession, type PostgresSession } from "../postgres-session.ts";
import { type NamedQuery, operationsOf } from "../statements.ts";

export interface PostgresResult {
	rows: Record<string, unknown>[];
	rowCount: number | null;
}

declare module "../driver.ts" {
	interface DriverClients {
		postgres: PostgresClient;
	}
}

/**
 * A fixed number of connections. An operation takes a free one, or waits for one in order of arrival; the operation
 * that finds its connection broken makes a new one first, and fails as never sent where that is refused.
 */
export class PostgresClient {
	/** Queries sent; those of a transaction are one. */
	attempts = 0;
	readonly #place: string;
	readonly #configs: readonly PostgresConfig[];
	/** Null stands for a connection that broke, or was never made. */
	readonly #free: (PostgresSession | null)[] = [];
	readonly #inUse = new Set<PostgresSession>();
	#waiters: { take: (session: PostgresSession | null) => void; fail: (error: Error) => void }[] =
		[];
	#closed = false;

	constructor(url: string) {
		this.#place = placeOf(url);
		this.#configs = postgresConfigs(url, loadDefaults);
	}

	/** Makes the connections; where one can't be made, none is left. */
	async open(connections: number, signal: AbortSignal): Promise<void> {
		const results = await Promise.allSettled(
			Array.from({ length: connections }, () => openSession(this.#configs, signal)),
		);
		for (const result of results) if (result.status === "fulfilled") this.#free.push(result.value);
		const failed = results.find((result) => result.status === "rejected");
		if (failed === undefined) return;
		await this.close();
		const { cause } = failed.reason as TransportError;
		throw new FaultlineError(
			"FLT_COMPONENT_MISSING",
			`${connections === 1 ? "a connection" : `${connections} connections`} to postgres at ${this.#place} can't be made: ${messageOf(cause)}`,
			connectHint(cause),
			cause,
		);
	}

	/** One statement in a transaction of its own. Aborting `signal` destroys the connection, if it has one by then. */
	query(text: string, values?: unknown[], signal?: AbortSignal): Promise<PostgresResult> {
		return this.run({ text, values }, signal);
	}

	/** One statement as `query` does; one with a name is prepared, once per connection. */
	run(query: NamedQuery, signal?: AbortSignal): Promise<PostgresResult> {
		return this.runAll([query], signal);
	}

	/** Several, from one that begins a transaction to one that ends it, on one connection; the result of the last. */
	async runAll(queries: readonly NamedQuery[], signal?: AbortSignal): Promise<PostgresResult> {
		const idle = await this.#take(signal);
		let session: PostgresSession | null = null;
		try {
			session = idle?.usable ? idle : await openSession(this.#configs, signal);
			this.#inUse.add(session);
			if (this.#closed) throw new TransportError("closed", false);
			this.attempts++;
			return await session.run(queries, signal);
		} finally {
			if (session !== null) this.#inUse.delete(session);
			this.#give(session);
		}
	}

	async close(): Promise<void> {
		this.#closed = true;
		for (const waiter of this.#waiters) waiter.fail(new TransportError("closed", false));
		this.#waiters = [];
		const sessions = [...this.#free, ...this.#inUse];
		this.#free.length = 0;
		await Promise.all(sessions.map((session) => session?.close()));
	}

	#take(signal: AbortSignal | undefined): Promise<PostgresSession | null> {
		if (this.#closed) return Promise.reject(new TransportError("closed", false));
		if (signal?.aborted) return Promise.reject(TransportError.aborted(signal, false));
		if (this.#free.length > 0) return Promise.resolve(this.#free.shift()!);
		return new Promise((take, fail) => {
			const waiter = { take, fail };
			this.#waiters.push(waiter);
			if (signal === undefined) return;
			const onAbort = () => {
				this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
				fail(TransportError.aborted(signal, false));
			};
			const settle = () => signal.removeEventListener("abort", onAbort);
			waiter.take = (session) => {
				settle();
				take(session);
			};
			waiter.fail = (error) => {
				settle();
				fail(error);
			};
			signal.addEventListener("abort", onAbort);
		});
	}

	#give(session: PostgresSession | null): void {
		if (this.#closed) return void session?.close();
		const waiter = this.#waiters.shift();
		if (waiter === undefined) this.#free.push(session);
		else waiter.take(session);
	}
}

export default {
	speaks: ["postgres"],
	async open(at, { connections, signal }) {
		if (at.kind !== "postgres")
			throw new FaultlineError(
				"FLT_PLAN_INVALID",
				`the postgres driver can't speak to a ${at.kind} endpoint`,
				"give its client a path that leads to a Postgres server",
			);
		const client = new PostgresClient(at.url);
		await client.open(connections, signal);
		return client;
	},
	close: (client) => client.close(),
	classify: (error) => (error instanceof pg.DatabaseError ? classifyDatabaseError(error) : null),
	repeat(client, repeat, seed) {
		const operations = operationsOf(repeat, seed);
		return awaited(async ({ n, signal }) => {
			const statements = operations[n % operations.length]!;
			const queries = statements.map(({ name, text, valuesOf }) => ({
				name,
				text,
				values: valuesOf(n),
			}));
			await client.runAll(queries, signal);
			return undefined;
		});
	},
	counters: (client) => ({ attempts: client.attempts }),
} satisfies Driver<PostgresClient>;
