import type { Endpoint } from "../base/endpoint.ts";
import { FaultlineError, messageOf } from "../base/errors.ts";
import { type Driver, loadDriver } from "./driver.ts";
import { shareOf } from "./share.ts";
import type { ClientSpecs } from "./work.ts";

interface OpenClient {
	name: string;
	driver: Driver<unknown>;
	client: unknown;
	/** The counters as they stood when an interval last took them. */
	taken: Record<string, number>;
}

/** One worker's set of clients. */
export class Clients {
	readonly #open: OpenClient[];

	private constructor(open: OpenClient[]) {
		this.#open = open;
	}

	/** Opens all clients of a load; where one can't be opened, those that were are closed again. */
	static async open(
		specs: ClientSpecs,
		endpoints: Record<string, Endpoint>,
		{ worker, workers, signal }: { worker: number; workers: number; signal: AbortSignal },
	): Promise<Clients> {
		const opening = Object.entries(specs).map(async ([name, spec]): Promise<OpenClient> => {
			const at = endpoints[spec.at];
			if (at === undefined)
				throw new FaultlineError(
					"FLT_NO_PATH",
					`client "${name}" connects at "${spec.at}", which is no path of this run`,
					`paths: ${Object.keys(endpoints).join(", ") || "none"}`,
				);
			const driver = await loadDriver(spec.driver);
			if (!driver.speaks.includes(at.kind))
				throw new FaultlineError(
					"FLT_PLAN_INVALID",
					`client "${name}": driver "${spec.driver}" can't speak to "${spec.at}", which is ${at.kind}`,
					`it speaks to ${driver.speaks.join(", ")}`,
				);
			const what = `connections of client "${name}"`;
			const connections = shareOf(what, spec.connections, worker, workers);
			try {
				const client = await driver.open(at, { connections, signal });
				return { name, driver, client, taken: driver.counters(client) };
			} catch (cause) {
				if (cause instanceof FaultlineError) throw cause;
				throw new FaultlineError(
					"FLT_COMPONENT_MISSING",
					`client "${name}" can't connect at "${spec.at}": ${messageOf(cause)}`,
					"see that the service is up and the endpoint right",
					cause,
				);
			}
		});
		const results = await Promise.allSettled(opening);
		const clients = new Clients(
			results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : [])),
		);
		const failed = results.find((result) => result.status === "rejected");
		if (failed === undefined) return clients;
		await clients.close();
		throw failed.reason;
	}

	/** Client name → client: what `work` is given. */
	get byName(): Record<string, unknown> {
		return Object.fromEntries(this.#open.map(({ name, client }) => [name, client]));
	}

	/** Of a load that has one client. */
	only(): { driver: Driver<unknown>; client: unknown } {
		const [only, ...others] = this.#open;
		if (only !== undefined && others.length === 0) return only;
		throw new FaultlineError(
			"FLT_PLAN_INVALID",
			`a load that repeats an operation has ${this.#open.length} clients, but needs exactly one`,
			"keep one client, or give the load a work function",
		);
	}

	get drivers(): Set<Driver<unknown>> {
		return new Set(this.#open.map(({ driver }) => driver));
	}

	/** What the drivers counted since the last call, such as `db.attempts`. */
	takeCounters(): Record<string, number> {
		const counters: Record<string, number> = {};
		for (const open of this.#open) {
			const now = open.driver.counters(open.client);
			for (const [key, value] of Object.entries(now))
				counters[`${open.name}.${key}`] = value - (open.taken[key] ?? 0);
			open.taken = now;
		}
		return counters;
	}

	async close(): Promise<void> {
		await Promise.allSettled(this.#open.map(({ driver, client }) => driver.close(client)));
	}
}
