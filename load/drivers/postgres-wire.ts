import pg from "pg";
import { FaultlineError } from "../../base/errors.ts";
import { postgresConfigs } from "../../base/postgres-config.ts";
import { placeOf } from "../../base/postgres-url.ts";
import type { Driver } from "../driver.ts";
import type { IssuedOperation, Pending } from "../operation.ts";
import type { TransportError } from "../outcome.ts";
import { classifyDatabaseError, connectHint } from "../postgres-errors.ts";
import { loadDefaults } from "../postgres-session.ts";
import { operationsOf, type PreparedStatement } from "../statements.ts";
import { cancellable } from "../wire/cancellable.ts";
import { Pool } from "../wire/pool.ts";
import { PostgresConnection, type Query, type Step } from "../wire/postgres-connection.ts";
import { runMessages } from "../wire/postgres-messages.ts";

declare module "../driver.ts" {
	interface DriverClients {
		"postgres-wire": PostgresWireClient;
	}
}

/** Postgres for measuring: prepared statements over a fixed number of connections, values and columns as text. */
export class PostgresWireClient {
	/** Statements sent; those of a transaction are one. */
	attempts = 0;
	readonly #pool: Pool<Query>;
	readonly #url: string;
	readonly #connections: number;

	constructor(url: string, connections: number) {
		this.#url = url;
		this.#connections = connections;
		const onSent = () => {
			this.attempts++;
		};
		const configs = postgresConfigs(url, loadDefaults);
		this.#pool = new Pool(connections, (pool) => new PostgresConnection(configs, pool, onSent));
	}

	async open(signal: AbortSignal): Promise<void> {
		try {
			await this.#pool.open(`postgres at ${placeOf(this.#url)}`, this.#connections, signal);
		} catch (error) {
			if (!(error instanceof FaultlineError)) throw error;
			throw new FaultlineError(error.code, error.message, connectHint(error.cause), error.cause);
		}
	}

	/** The rows of one statement. Rejects with a `pg.DatabaseError` of the server, or with a `TransportError`. */
	query(
		{ name, text }: Pick<PreparedStatement, "name" | "text">,
		values: readonly (string | null)[],
		signal?: AbortSignal,
	): Promise<(string | null)[][]> {
		return cancellable<(string | null)[][]>(signal, (resolve, reject) => {
			const query: Query = {
				steps: [{ name, text, run: runMessages(name, values) }],
				keep: true,
				connection: null,
				answered: resolve,
				refused: reject,
				failed: reject,
			};
			this.start(query);
			return { cancel: () => this.cancel(query) };
		});
	}

	start(query: Query): void {
		this.#pool.start(query);
	}

	/** Nobody waits for it any more; whether it was sent. */
	cancel(query: Query): boolean {
		return this.#pool.cancel(query);
	}

	close(): void {
		this.#pool.close();
	}
}

export default {
	speaks: ["postgres"],
	async open(at, { connections, signal }) {
		if (at.kind !== "postgres")
			throw new FaultlineError(
				"FLT_PLAN_INVALID",
				`the postgres-wire driver can't speak to a ${at.kind} endpoint`,
				"give its client a path that leads to a Postgres server",
			);
		const client = new PostgresWireClient(at.url, connections);
		await client.open(signal);
		return client;
	},
	async close(client) {
		client.close();
	},
	classify: (error) => (error instanceof pg.DatabaseError ? classifyDatabaseError(error) : null),
	repeat(client, repeat, seed) {
		const operations = operationsOf(repeat, seed).map((statements) => ({
			statements,
			always: statements.every(({ constant }) => constant !== null) ? stepsOf(statements, 0) : null,
		}));
		return (operation) => {
			const { n } = operation;
			const { statements, always } = operations[n % operations.length]!;
			client.start(new Repeated(client, operation, always ?? stepsOf(statements, n)));
		};
	},
	counters: (client) => ({ attempts: client.attempts }),
} satisfies Driver<PostgresWireClient>;

function stepsOf(statements: readonly PreparedStatement[], n: number): Step[] {
	return statements.map(({ name, text, valuesOf }) => ({
		name,
		text,
		run: runMessages(name, valuesOf(n)),
	}));
}

class Repeated implements Query, Pending {
	readonly steps: readonly Step[];
	readonly keep = false;
	connection: Query["connection"] = null;
	readonly #client: PostgresWireClient;
	readonly #operation: IssuedOperation;

	constructor(client: PostgresWireClient, operation: IssuedOperation, steps: readonly Step[]) {
		this.#client = client;
		this.#operation = operation;
		this.steps = steps;
		operation.pending = this;
	}

	answered(): void {
		this.#operation.succeed();
	}

	refused(error: Error): void {
		this.#operation.fail(error);
	}

	failed(error: TransportError): void {
		this.#operation.fail(error);
	}

	giveUp(): void {
		this.#client.cancel(this);
	}
}
