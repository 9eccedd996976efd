import type { Batch } from "./batches.ts";
import type { Ramp } from "./ramp.ts";

/** How the sink answered a batch: after so long, by its own clock; or not with a yes. */
export type Answer = { ok: true; sinkMs: number } | { ok: false };

export interface ReplayerOptions {
	/** Null: as fast as it goes. */
	ramp: Ramp | null;
	/** Batches that may be on their way. */
	inFlightMax: number;
	nowMs(): number;
	pause(ms: number): Promise<void>;
	send(batch: Batch): Promise<Answer>;
}

/** Wait after a batch that the sink did not take: it is busy with something. */
const againAfterMs = 20;

/** Sends batches at the pace of a ramp, each until the sink has it. */
export class Replayer {
	readonly #options: ReplayerOptions;
	readonly #waiting: (() => void)[] = [];
	#inFlight = 0;
	#pacing: Promise<void> = Promise.resolve();
	#drained: (() => void) | null = null;
	messageCount = 0;
	retryCount = 0;

	constructor(options: ReplayerOptions) {
		this.#options = options;
	}

	/** Resolves when it is on its way: whoever reads the backlog reads no faster than it is sent. */
	async send(batch: Batch): Promise<void> {
		if (this.#inFlight >= this.#options.inFlightMax)
			await new Promise<void>((resolve) => this.#waiting.push(resolve));
		else this.#inFlight += 1;
		const turn = this.#pacing.then(() => this.#paced(batch.messages.length));
		this.#pacing = turn;
		await turn;
		void this.#deliver(batch);
	}

	/** Resolves when the sink has all that was sent. */
	async drained(): Promise<void> {
		await this.#pacing;
		if (this.#inFlight > 0) await new Promise<void>((resolve) => (this.#drained = resolve));
	}

	async #paced(count: number): Promise<void> {
		const { ramp, nowMs, pause } = this.#options;
		if (ramp === null) return;
		const waitMs = ramp.dueMs(count, nowMs()) - nowMs();
		if (waitMs > 0) await pause(waitMs);
	}

	async #deliver(batch: Batch): Promise<void> {
		const { ramp, nowMs, pause, send } = this.#options;
		for (;;) {
			const answer = await send(batch);
			if (answer.ok) {
				ramp?.answered(answer.sinkMs, nowMs());
				break;
			}
			this.retryCount += 1;
			ramp?.failed(nowMs());
			if (ramp !== null) await pause(againAfterMs);
		}
		this.messageCount += batch.messages.length;
		const next = this.#waiting.shift();
		if (next !== undefined) return next();
		this.#inFlight -= 1;
		if (this.#inFlight === 0) this.#drained?.();
	}
}
