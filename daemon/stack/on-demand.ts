import { FaultlineError } from "../../base/errors.ts";
import type { ServiceId } from "../../base/services.ts";
import type { Say } from "../tools/component.ts";

export interface OnDemandOptions {
	isUp(id: ServiceId): boolean;
	/** Has it up, fetched if need be, telling what it does; throws `FLT_COMPONENT_MISSING`. */
	start(id: ServiceId, say: Say, signal: AbortSignal): Promise<void>;
	stop(id: ServiceId): Promise<void>;
	/** What it takes of the machine's memory. */
	memoryMbOf(id: ServiceId): number;
	/** What the machine has left. */
	freeMb(): number;
	/** How long one may run that nobody needs. */
	idleMs: number;
	log: Say;
}

/** Less than this left, and nothing runs that nobody needs. */
const shortMb = 1_000;

/**
 * Services that are started when somebody is about to need them, and stopped when nobody has for a while; where memory
 * is short, at once. One thing after another: none is started while it is being stopped.
 */
export class OnDemand {
	readonly #options: OnDemandOptions;
	readonly #users = new Map<string, number>();
	/** Those that nobody needs, the longest unused first. */
	readonly #idle = new Map<ServiceId, NodeJS.Timeout>();
	#turn: Promise<unknown> = Promise.resolve();
	#closed = false;

	constructor(options: OnDemandOptions) {
		this.#options = options;
	}

	isNeeded(id: string): boolean {
		return (this.#users.get(id) ?? 0) > 0;
	}

	/** Has these up until the answer is called; where one can't be had, none of them is kept up for it. */
	async lease(ids: readonly ServiceId[], say: Say, signal: AbortSignal): Promise<() => void> {
		for (const id of ids) {
			this.#users.set(id, (this.#users.get(id) ?? 0) + 1);
			this.#wake(id);
		}
		let given = false;
		const release = () => {
			if (given) return;
			given = true;
			for (const id of ids) this.#leave(id);
		};
		try {
			for (const id of ids)
				await this.#inTurn(async () => {
					signal.throwIfAborted();
					if (this.#options.isUp(id)) return;
					await this.#makeRoom(id);
					await this.#options.start(id, say, signal);
				});
			signal.throwIfAborted(); // nobody waits for it any more
			return release;
		} catch (error) {
			release();
			throw error;
		}
	}

	/** Of one that is up, and that nobody has needed yet. */
	rest(id: ServiceId): void {
		if (!this.isNeeded(id)) this.#restNow(id);
	}

	/** Stops no more by itself; resolves when what is under way is done. */
	async close(): Promise<void> {
		this.#closed = true;
		for (const id of [...this.#idle.keys()]) this.#wake(id);
		await this.#turn;
	}

	#leave(id: ServiceId): void {
		const users = (this.#users.get(id) ?? 0) - 1;
		this.#users.set(id, users);
		if (users === 0) this.#restNow(id);
	}

	#restNow(id: ServiceId): void {
		if (this.#closed) return;
		const { freeMb, idleMs } = this.#options;
		const timer = setTimeout(() => this.#stopSoon(id), freeMb() < shortMb ? 0 : idleMs).unref();
		this.#idle.set(id, timer);
	}

	#wake(id: ServiceId): void {
		clearTimeout(this.#idle.get(id));
		this.#idle.delete(id);
	}

	#stopSoon(id: ServiceId): void {
		void this.#inTurn(() => this.#stopIdle(id, "nobody needs it")).catch(() => {});
	}

	async #stopIdle(id: ServiceId, why: string): Promise<void> {
		// Somebody may have come while it waited for its turn.
		if (this.isNeeded(id) || this.#closed) return;
		this.#wake(id);
		if (!this.#options.isUp(id)) return;
		await this.#options.stop(id);
		this.#options.log(`${id} is stopped: ${why}`);
	}

	async #makeRoom(id: ServiceId): Promise<void> {
		const { memoryMbOf, freeMb } = this.#options;
		const wantedMb = memoryMbOf(id);
		for (const other of [...this.#idle.keys()]) {
			if (freeMb() >= wantedMb + shortMb) return;
			await this.#stopIdle(other, `${id} needs its memory`);
		}
		if (freeMb() >= wantedMb) return;
		throw new FaultlineError(
			"FLT_COMPONENT_MISSING",
			`${id} takes about ${wantedMb} MB of memory, and ${Math.floor(freeMb())} MB are left`,
			"end what else takes memory on this machine, or run it on another",
		);
	}

	#inTurn(work: () => Promise<void>): Promise<void> {
		const turn = this.#turn.then(work);
		this.#turn = turn.catch(() => {});
		return turn;
	}
}
