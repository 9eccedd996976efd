import { connectPostgres } from "faultline/subject";

export type SlotClient = Awaited<ReturnType<typeof connectPostgres>>;

/** A client of Postgres for each slot: connected at its first use, and anew at the next after one that failed. */
export class SlotClients {
	readonly #url: string;
	readonly #clients = new Map<number, SlotClient>();

	constructor(url: string) {
		this.#url = url;
	}

	/** Rejects where the action does; whether what it asked for has happened is open then. */
	async use<T>(slot: number, action: (client: SlotClient) => Promise<T>): Promise<T> {
		try {
			const client = this.#clients.get(slot) ?? (await connectPostgres(this.#url));
			this.#clients.set(slot, client);
			return await action(client);
		} catch (error) {
			this.#clients
				.get(slot)
				?.end()
				.catch(() => {});
			this.#clients.delete(slot);
			throw error;
		}
	}
}
