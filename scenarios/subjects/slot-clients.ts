import { connectPostgres } from "faultline/subject";

export type SlotClient = Awaited<ReturnType<typeof connectPostgres>>;

/**
 * When a commit is answered: once it is on disk, or soon before. A service whose slots are all that it is to be measured by
 * does not wait for a disk that others may be busy with; what it has answered is lost where Postgres itself is killed.
 */
export type Commits = "on disk" | "soon on disk";

/** A client of Postgres for each slot: connected at its first use, and anew at the next after one that failed. */
export class SlotClients {
	readonly #url: string;
	readonly #commits: Commits;
	readonly #clients = new Map<number, SlotClient>();

	constructor(url: string, commits: Commits = "on disk") {
		this.#url = url;
		this.#commits = commits;
	}

	/** Rejects where the action does; whether what it asked for has happened is open then. */
	async use<T>(slot: number, action: (client: SlotClient) => Promise<T>): Promise<T> {
		try {
			const client = this.#clients.get(slot) ?? (await this.#connected());
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

	async #connected(): Promise<SlotClient> {
		const client = await connectPostgres(this.#url);
		if (this.#commits === "soon on disk") await client.query("set synchronous_commit = off");
		return client;
	}
}
