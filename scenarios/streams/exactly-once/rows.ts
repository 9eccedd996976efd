import { type Direct, withPostgres } from "faultline";
import type { Read, Reading } from "./oracle/history.ts";

/** A row of the results, as the database has it. */
interface Row {
	partition: number;
	offset: string;
	account: string;
	cents: string;
	seq: string | null;
	balance_cents: string | null;
	attempt: string;
	written: string;
}

type Client = Parameters<Parameters<typeof withPostgres>[1]>[0];

const everyMs = 100;

/**
 * Reads the rows of the results as they come, and asks for the weakest isolation that there is. In Postgres that is no
 * weaker than `read_committed`, and so it is judged like that.
 */
export class RowReader {
	readonly reading: Reading;
	readonly #reads: Read[] = [];
	readonly #stop = new AbortController();
	readonly #table: string;
	readonly #last = new Map<number, number>();
	readonly #over: Promise<void>;

	constructor(direct: Direct<"postgres">, table: string) {
		this.#table = table;
		this.reading = { reader: "live reader", isolation: "read_committed", reads: this.#reads };
		this.#over = withPostgres(direct, (client) => this.#follow(client));
		this.#over.catch(() => {}); // heard by whoever closes it
	}

	async #follow(client: Client): Promise<void> {
		while (!this.#stop.signal.aborted) {
			await this.#look(client);
			await new Promise((resolve) => setTimeout(resolve, everyMs));
		}
		await this.#look(client);
	}

	async #look(client: Client): Promise<void> {
		await client.query("begin isolation level read uncommitted");
		const { rows } = await client.query<Row>(
			`select partition, "offset", account, cents, null as seq, null as balance_cents, attempt, written
			from ${this.#table} left join unnest($1::int[], $2::bigint[]) as seen (partition, last) using (partition)
			where "offset" > coalesce(last, -1) order by partition, "offset"`,
			[[...this.#last.keys()], [...this.#last.values()]],
		);
		await client.query("commit");
		for (const read of rows.map(readOf)) {
			this.#reads.push(read);
			this.#last.set(read.source.partition, read.source.offset);
		}
	}

	/** After it has seen what is there by then. */
	async close(): Promise<void> {
		this.#stop.abort();
		await this.#over;
	}
}

/** All rows of a table or view of results, in the order in which each partition's were written. */
export async function resultIn(client: Client, table: string): Promise<Reading> {
	const { rows } = await client.query<Row>(
		`select partition, "offset", account, cents, seq, balance_cents, attempt, written
		from ${table} order by partition, written`,
	);
	return { reader: "result", isolation: "read_committed", reads: rows.map(readOf) };
}

function readOf(row: Row): Read {
	const { partition, account, attempt } = row;
	return {
		place: { partition, offset: Number(row.written) },
		source: { partition, offset: Number(row.offset) },
		account,
		cents: Number(row.cents),
		seq: row.seq === null ? null : Number(row.seq),
		balanceCents: row.balance_cents === null ? null : Number(row.balance_cents),
		attempt,
	};
}
