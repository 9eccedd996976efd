import { TokenBucket } from "limiter";

export type Kind = "live" | "replay";

/** What wants to go to the sink. */
export interface Waiting {
	kind: Kind;
	/** Messages, of which each takes a token. */
	count: number;
	start(): void;
}

export interface GateOptions {
	/** Messages per second that the sink takes safely; null: whatever comes is let through. */
	safePerSec: number | null;
	/** The most messages that go as one. */
	batch: number;
}

/** What no second may have more than what is safe. */
const overShare = 0.02;

/**
 * Protects a sink: in no second do more messages go to it than what is safe and two in a hundred. Live writes go first, the
 * replay has what they leave. Whoever drives it calls `advance` when it says so.
 */
export class Gate {
	readonly #bucket: TokenBucket | null;
	readonly #batch: number;
	/** What the replay leaves for live writes that come just then. */
	readonly #reserved: number;
	readonly #waiting: Record<Kind, Waiting[]> = { live: [], replay: [] };

	constructor({ safePerSec, batch }: GateOptions) {
		this.#batch = batch;
		this.#reserved = Math.ceil(batch / 2);
		this.#bucket = safePerSec === null ? null : bucketOf(safePerSec, batch + this.#reserved);
	}

	ask(waiting: Waiting): void {
		if (waiting.count > this.#batch)
			throw new RangeError(
				`${waiting.count} messages are more than the ${this.#batch} that go as one`,
			);
		this.#waiting[waiting.kind].push(waiting);
	}

	/** Starts what may go now. In so many milliseconds more may; null where nothing waits. */
	advance(): number | null {
		for (;;) {
			const next = this.#waiting.live[0] ?? this.#waiting.replay[0];
			if (next === undefined) return null;
			const waitMs = this.#waitMs(next);
			if (waitMs > 0) return waitMs;
			this.#bucket?.tryRemoveTokens(next.count);
			this.#waiting[next.kind].shift();
			next.start();
		}
	}

	#waitMs({ kind, count }: Waiting): number {
		return this.#bucket?.getWaitTime(kind === "live" ? count : count + this.#reserved) ?? 0;
	}
}

/**
 * What a second may have is what the bucket holds and what it gets in that second. A sink that takes so little that a
 * batch is more than two in a hundred of it gets less in exchange.
 */
function bucketOf(safePerSec: number, leastSize: number): TokenBucket {
	const bucketSize = Math.max(leastSize, Math.floor(overShare * safePerSec));
	const tokensPerInterval = (1 + overShare) * safePerSec - bucketSize;
	if (tokensPerInterval <= 0)
		throw new RangeError(
			`${safePerSec.toFixed(1)} messages/s are safe, and ${bucketSize} would go at once: make batches smaller`,
		);
	return new TokenBucket({ bucketSize, tokensPerInterval, interval: "second" });
}
