import { Aimd } from "../../subjects/aimd.ts";

export interface RampOptions {
	/** Messages per second that the rate never goes beyond. */
	safePerSec: number;
	/** Time in which the rate grows from nothing to that. */
	rampMs: number;
	/** Slower answers of the sink cut the rate. */
	targetMs: number;
}

/** Of what is safe, where the rate begins, and under which it does not fall. */
const leastShare = 0.05;
const keptShare = 0.7;

/**
 * The rate of a replay, in messages per second: it grows steadily while the sink answers in time, and is cut when the sink
 * is slow or fails. It says when the next batch is due.
 */
export class Ramp {
	readonly #options: RampOptions;
	readonly #rate: Aimd;
	#grownAtMs: number;
	#dueMs: number;

	constructor(options: RampOptions, nowMs: number) {
		const { safePerSec } = options;
		const least = leastShare * safePerSec;
		this.#options = options;
		this.#rate = new Aimd({ start: least, least, most: safePerSec, keptShare });
		this.#grownAtMs = nowMs;
		this.#dueMs = nowMs;
	}

	get perSec(): number {
		return this.#rate.limit;
	}

	/** When a batch of so many may be sent. What was not sent in its time is not made up for. */
	dueMs(count: number, nowMs: number): number {
		const dueMs = Math.max(this.#dueMs, nowMs);
		this.#dueMs = dueMs + (1_000 * count) / this.perSec;
		return dueMs;
	}

	/** A batch took the sink so long. */
	answered(sinkMs: number, nowMs: number): void {
		const { safePerSec, rampMs, targetMs } = this.#options;
		if (sinkMs > targetMs) this.failed(nowMs);
		else this.#rate.increase((safePerSec * (nowMs - this.#grownAtMs)) / rampMs);
		this.#grownAtMs = nowMs;
	}

	/** The sink refused a batch, or did not answer in time. */
	failed(nowMs: number): void {
		this.#rate.decrease(nowMs, 2 * this.#options.targetMs);
		this.#grownAtMs = nowMs;
	}
}
