import { connectPostgres } from "faultline/subject";
import type pg from "pg";

/** One connection as one role, and what the server has said on it since it was lent. */
export interface Session {
	client: pg.Client;
	notices: string[];
}

interface Kept extends Session {
	url: string;
	broken: boolean;
}

/**
 * Connections by role, so many in all: one that is free is taken again by who has the same role alone, and after all that
 * was left on it is gone; where there is none, the one that was free the longest makes room.
 */
export class Connections {
	readonly #most: number;
	readonly #free: Kept[] = [];
	readonly #waiting: (() => void)[] = [];
	#lent = 0;

	constructor(most: number) {
		this.#most = most;
	}

	async use<T>(url: string, action: (session: Session) => Promise<T>): Promise<T> {
		while (this.#lent >= this.#most) await new Promise<void>((go) => this.#waiting.push(go));
		this.#lent++;
		let session: Kept | undefined;
		try {
			session = await this.#take(url);
			return await action(session);
		} finally {
			if (session !== undefined) await this.#give(session);
			this.#lent--;
			this.#waiting.shift()?.();
		}
	}

	async #take(url: string): Promise<Kept> {
		const at = this.#free.findIndex((kept) => kept.url === url);
		if (at !== -1) return this.#free.splice(at, 1)[0]!;
		if (this.#free.length + this.#lent > this.#most) await this.#free.shift()?.client.end();
		const client = await connectPostgres(url);
		const session: Kept = { url, client, notices: [], broken: false };
		client.on("notice", ({ message }) => session.notices.push(String(message)));
		client.on("error", () => {
			session.broken = true;
		});
		return session;
	}

	/** Nothing of what was done on it is left for the next: no transaction, role, setting, cursor, statement or table. */
	async #give(session: Kept): Promise<void> {
		try {
			if (session.broken) throw new Error("it broke");
			await session.client.query("rollback");
			await session.client.query("discard all");
			session.notices.length = 0;
			this.#free.push(session);
		} catch {
			await session.client.end().catch(() => {});
		}
	}

	async close(): Promise<void> {
		await Promise.allSettled(this.#free.map(({ client }) => client.end()));
	}
}
