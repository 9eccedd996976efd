import type pg from "pg";

const on =
	"set log_executor_stats = on; set client_min_messages = log; set log_min_messages = fatal";
const off = "reset log_executor_stats; reset client_min_messages; reset log_min_messages";

interface Statistics {
	message?: string | undefined;
	detail?: string | undefined;
}

/**
 * Takes the processor time of a connection's queries as the server itself counts it (`log_executor_stats`, sent to the
 * client and not to the server's log): a query that waits for a processor does not become longer by it.
 */
export class ProcessorTime {
	readonly #client: pg.Client;
	#lastMs: number | null = null;

	private constructor(client: pg.Client) {
		this.#client = client;
		client.on("notice", this.#hear);
	}

	/** Null where the server does not allow it: it takes a superuser, or a grant on these settings. */
	static async open(client: pg.Client): Promise<ProcessorTime | null> {
		const allowed = await client.query(on).then(
			() => true,
			() => false, // whatever else is wrong with the connection, the next query says it
		);
		return allowed ? new ProcessorTime(client) : null;
	}

	/** Milliseconds that the server computed for one query, its planning left out. */
	async of(query: () => Promise<unknown>): Promise<number> {
		this.#lastMs = null;
		await query();
		if (this.#lastMs === null)
			throw new Error(
				"log_executor_stats is on, and no processor time came with a query's answer; point FAULTLINE_POSTGRES_URL at the server itself, with nothing in between",
			);
		return this.#lastMs;
	}

	async close(): Promise<void> {
		this.#client.off("notice", this.#hear);
		await this.#client.query(off);
	}

	readonly #hear = (statistics: Statistics) => {
		this.#lastMs = processorMs(statistics) ?? this.#lastMs;
	};
}

/** User and system time, in milliseconds, of what `log_executor_stats` says; null for any other message. */
export function processorMs({ message, detail = "" }: Statistics): number | null {
	if (message !== "EXECUTOR STATISTICS") return null;
	const [, user, system] = /(\d+\.\d+) s user, (\d+\.\d+) s system/.exec(detail) ?? [];
	return user === undefined || system === undefined
		? null
		: 1_000 * (Number(user) + Number(system));
}
