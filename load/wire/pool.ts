import { cantConnect } from "../connect-error.ts";
import { TransportError } from "../outcome.ts";

/** What a connection carries, one at a time. */
export interface Job {
	/** The connection that carries it; kept by the pool. */
	connection: PooledConnection<never> | null;
	/** It ended with its connection, or never had one. */
	failed(error: TransportError): void;
}

/** A connection as its pool sees it. It calls `free` when it can carry the next job, and `lost` once when it is gone. */
export interface PooledConnection<J extends Job> {
	readonly connected: boolean;
	/** Not once it is closing. */
	readonly usable: boolean;
	/** Why it was lost; null while it lives. */
	readonly cause: unknown;
	/** Carries a job, once it is connected. */
	start(job: J): void;
	destroy(): void;
}

/**
 * A fixed number of connections, each for one job at a time. A job goes to the one that was idle longest, so that load
 * spreads; without an idle one it waits. One that was lost is made anew by the job that needs it.
 */
export class Pool<J extends Job> {
	readonly #max: number;
	readonly #dial: (pool: Pool<J>) => PooledConnection<J>;
	/** Connections that live, or are being made. */
	readonly #all = new Set<PooledConnection<J>>();
	readonly #idle: PooledConnection<J>[] = [];
	readonly #waiting: J[] = [];
	#onChange: () => void = () => {};
	#closed = false;

	constructor(max: number, dial: (pool: Pool<J>) => PooledConnection<J>) {
		this.#max = max;
		this.#dial = dial;
	}

	/** Makes so many connections, the others by and by as jobs need them; where one can't be made, none is left. */
	async open(
		to: string,
		count: number,
		signal: AbortSignal,
		{ secure } = { secure: false },
	): Promise<void> {
		try {
			await new Promise<void>((resolve, reject) => {
				signal.throwIfAborted();
				signal.addEventListener("abort", () => reject(signal.reason), { once: true });
				const dialled = Array.from({ length: count }, () => this.#make());
				this.#onChange = () => {
					const failed = dialled.find(({ cause }) => cause !== null);
					if (failed !== undefined) reject(failed.cause);
					if (this.#idle.length === count) resolve();
				};
			});
		} catch (cause) {
			this.close();
			throw cantConnect(to, { count, secure }, cause);
		} finally {
			this.#onChange = () => {};
		}
	}

	start(job: J): void {
		if (this.#closed) {
			job.failed(new TransportError("closed", false));
			return;
		}
		let connection = this.#idle.shift();
		while (connection !== undefined && !connection.usable) connection = this.#idle.shift();
		if (connection !== undefined) this.#carry(connection, job);
		else if (this.#all.size < this.#max) this.#carry(this.#make(), job);
		else this.#waiting.push(job);
	}

	/** Nobody waits for it any more; whether it was sent. Its connection may still be answered, so it goes. */
	cancel(job: J): boolean {
		const { connection } = job;
		if (connection !== null) {
			connection.destroy();
			return connection.connected;
		}
		const place = this.#waiting.indexOf(job);
		if (place !== -1) this.#waiting.splice(place, 1);
		return false;
	}

	close(): void {
		this.#closed = true;
		for (const job of this.#waiting.splice(0)) job.failed(new TransportError("closed", false));
		for (const connection of this.#all) connection.destroy();
	}

	/** The connection can carry another job, after this one. */
	free(connection: PooledConnection<J>, after: J | null): void {
		if (after !== null) after.connection = null;
		const waiting = this.#waiting.shift();
		if (waiting === undefined) this.#idle.push(connection);
		else this.#carry(connection, waiting);
		this.#onChange();
	}

	/** The connection is gone, with this job. */
	lost(connection: PooledConnection<J>, job: J | null): void {
		this.#all.delete(connection);
		const place = this.#idle.indexOf(connection);
		if (place !== -1) this.#idle.splice(place, 1);
		if (job !== null) job.connection = null;
		const waiting = this.#closed ? undefined : this.#waiting.shift();
		if (waiting !== undefined) this.#carry(this.#make(), waiting);
		this.#onChange();
	}

	#make(): PooledConnection<J> {
		const connection = this.#dial(this);
		this.#all.add(connection);
		return connection;
	}

	#carry(connection: PooledConnection<J>, job: J): void {
		job.connection = connection as unknown as PooledConnection<never>;
		connection.start(job);
	}
}
