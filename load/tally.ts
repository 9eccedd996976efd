import type { Journal } from "./journal.ts";
import type { LatenessNow } from "./lateness.ts";
import { NumberRing } from "./number-ring.ts";
import type { Outcome } from "./outcome.ts";
import type { Recorder } from "./recorder.ts";
import type { SlotOperation } from "./slots.ts";

const batchMs = 10;
const ok: Outcome = { kind: "ok" };

/**
 * Counts ended operations. With a journal an `ok` is counted when its line is written: what a check will not find in
 * the journal was not counted either.
 */
export class Tally {
	readonly #recorder: Recorder;
	readonly #journal: Journal | null;
	/** Intended times of the `ok` operations whose line is not yet written. */
	readonly #unwrittenOkMs = new NumberRing();
	#flushAtMs = Number.POSITIVE_INFINITY;

	constructor(recorder: Recorder, journal: Journal | null) {
		this.#recorder = recorder;
		this.#journal = journal;
	}

	/** When the lines of now must be written; Infinity while there are none. */
	get flushAtMs(): number {
		return this.#flushAtMs;
	}

	ended(
		operation: SlotOperation,
		atMs: number,
		outcome: Outcome,
		lateness: LatenessNow,
		receipt?: string,
	): void {
		const { intendedMs, startedMs } = operation;
		this.#recorder.answered(atMs, intendedMs, startedMs, outcome.kind, lateness);
		if (this.#journal !== null) {
			if (!this.#journal.pending) this.#flushAtMs = atMs + batchMs;
			this.#journal.append(operation, atMs, outcome.kind, receipt);
			if (outcome.kind === "ok") {
				this.#unwrittenOkMs.push(intendedMs);
				return;
			}
		}
		this.#recorder.counted(atMs, intendedMs, outcome, operation.error);
	}

	flush(nowMs: number): void {
		this.#flushAtMs = Number.POSITIVE_INFINITY;
		this.#journal?.flush();
		while (this.#unwrittenOkMs.size > 0)
			this.#recorder.counted(nowMs, this.#unwrittenOkMs.shift()!, ok);
	}
}
