import { connectPostgres } from "faultline/subject";
import type { Balance, Posting } from "../posting.ts";

type Client = Awaited<ReturnType<typeof connectPostgres>>;

/** One connection to the database of the results. */
export class Results {
	readonly #url: string;
	readonly #idleTimeoutMs: number;
	#client: Client | null = null;

	constructor(url: string, idleTimeoutMs: number) {
		this.#url = url;
		this.#idleTimeoutMs = idleTimeoutMs;
	}

	/** Begins with a new connection: of the one before nobody knows what is still under way in it. */
	async open(): Promise<Client> {
		this.#client?.end().catch(() => {});
		this.#client = await connectPostgres(this.#url);
		// Whoever stands still in a transaction keeps its rows locked: this ends it for those who come after.
		await this.#client.query(`set idle_in_transaction_session_timeout = ${this.#idleTimeoutMs}`);
		return this.#client;
	}

	get client(): Client {
		if (this.#client === null) throw new Error("no partition was taken yet");
		return this.#client;
	}

	async close(): Promise<void> {
		await this.#client?.end();
		this.#client = null;
	}

	/** All of it or nothing. */
	async transaction(work: (client: Client) => Promise<void>): Promise<void> {
		const { client } = this;
		await client.query("begin");
		try {
			await work(client);
			await client.query("commit");
		} catch (error) {
			// Where this can't be said the connection is gone, and the server comes to the same end.
			await client.query("rollback").catch(() => {});
			throw error;
		}
	}

	async insert(postings: readonly Posting[], attempt: string): Promise<void> {
		await this.client.query(
			`insert into postings (partition, "offset", account, cents, seq, balance_cents, attempt)
			select partition, "offset", account, cents, seq, "balanceCents", $2 from json_to_recordset($1)
				as posting (partition int, "offset" bigint, account text, cents bigint, seq bigint, "balanceCents" bigint)`,
			[JSON.stringify(postings), attempt],
		);
	}

	async balancesOf(accounts: readonly string[]): Promise<Map<string, Balance>> {
		const { rows } = await this.client.query(
			"select account, seq, balance_cents from balances where account = any($1)",
			[[...new Set(accounts)]],
		);
		return new Map(
			rows.map(({ account, seq, balance_cents }) => [
				account,
				{ seq: Number(seq), balanceCents: Number(balance_cents) },
			]),
		);
	}

	async setBalances(balances: ReadonlyMap<string, Balance>): Promise<void> {
		await this.client.query(
			`insert into balances (account, seq, balance_cents)
			select account, seq, "balanceCents" from json_to_recordset($1)
				as balance (account text, seq bigint, "balanceCents" bigint)
			on conflict (account) do update set seq = excluded.seq, balance_cents = excluded.balance_cents`,
			[JSON.stringify([...balances].map(([account, balance]) => ({ account, ...balance })))],
		);
	}
}
