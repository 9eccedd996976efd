import { OperationError, pause } from "faultline";
import { chanceOf } from "../../subjects/streams/chance.ts";
import { written } from "./codec.ts";
import { framed } from "./framing.ts";
import type { Entry } from "./registered.ts";
import { drawnValue } from "./values.ts";

/** Asks the registry for what it has accepted after this id. */
export type AskSchemas = (after: number) => Promise<Entry[]>;

/**
 * Writes events with the schemas that are registered, old and new in turn as apps of all ages do. It asks for new ones now
 * and then; while the registry does not answer, it goes on with those that it knows.
 */
export class Writer {
	readonly #seed: number;
	readonly #pollMs: number;
	readonly #ask: AskSchemas;
	readonly #nowMs: () => number;
	readonly #known: Entry[] = [];
	#askedAtMs = Number.NEGATIVE_INFINITY;
	#asking: Promise<void> | null = null;

	constructor(seed: number, pollMs: number, ask: AskSchemas, nowMs: () => number) {
		this.#seed = seed;
		this.#pollMs = pollMs;
		this.#ask = ask;
		this.#nowMs = nowMs;
	}

	/** The n-th event as a message, by one of the schemas that are known; waits only where none is, until the signal. */
	async event(n: number, signal: AbortSignal): Promise<Buffer> {
		for (;;) {
			if (this.#nowMs() - this.#askedAtMs >= this.#pollMs) this.#askSoon();
			if (this.#known.length > 0) break;
			await this.#asking;
			if (this.#known.length === 0) await pause(this.#pollMs, signal);
			if (signal.aborted) throw new OperationError("fail", "no_schema");
		}
		const chance = chanceOf(this.#seed, n);
		const entry = this.#known[Math.floor(chance() * this.#known.length)]!;
		return eventMessage(entry, n, this.#seed);
	}

	#askSoon(): void {
		this.#askedAtMs = this.#nowMs();
		this.#asking ??= this.#ask(this.#known.at(-1)?.id ?? 0)
			.then((more) => void this.#known.push(...more))
			.catch(() => {})
			.finally(() => {
				this.#asking = null;
			});
	}
}

/** The n-th event, written with this schema. */
export function eventMessage({ id, schema }: Entry, n: number, seed: number): Buffer {
	return framed(id, written(schema, eventValue(schema, n, seed)));
}

/** What the n-th event is in this schema: the same whoever asks. */
export function eventValue(schema: Entry["schema"], n: number, seed: number) {
	return drawnValue(schema, n, chanceOf(seed + 1, n));
}
