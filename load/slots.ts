import type { IssuedOperation, Pending } from "./operation.ts";
import { OperationError } from "./outcome.ts";

export interface Settled {
	succeeded(slot: SlotOperation, receipt: string | undefined): void;
	failed(slot: SlotOperation, error: unknown): void;
}

/** Which operation an object is, from its start on. */
type Begun = Pick<SlotOperation, "n" | "phase" | "intendedMs" | "startedMs">;

/** An operation object that a slot uses again and again, until one operation outlives its deadline. */
export class SlotOperation implements IssuedOperation {
	n = -1;
	phase = "";
	intendedMs = 0;
	startedMs = 0;
	older: SlotOperation | null = null;
	newer: SlotOperation | null = null;
	pending: Pending | null = null;
	/** What it failed with; null where it has not, or was given up. */
	error: unknown = null;
	/** Made once per object, not per operation. */
	readonly succeed: (receipt?: string) => void;
	readonly fail: (error: unknown) => void;
	readonly #zeroMs: number;
	#controller: AbortController | null = null;
	#givenUp: OperationError | null = null;

	constructor(settled: Settled, zeroMs: number) {
		this.#zeroMs = zeroMs;
		// A result that comes after the deadline is nobody's any more; but its rejection has been handled.
		this.succeed = (receipt) => {
			if (this.#givenUp === null) settled.succeeded(this, receipt);
		};
		this.fail = (error) => {
			if (this.#givenUp !== null) return;
			this.error = error;
			settled.failed(this, error);
		};
	}

	get intendedAtMs(): number {
		return this.#zeroMs + this.intendedMs;
	}

	get signal(): AbortSignal {
		if (this.#controller === null) {
			this.#controller = new AbortController();
			if (this.#givenUp !== null) this.#controller.abort(this.#givenUp);
		}
		return this.#controller.signal;
	}

	begin({ n, phase, intendedMs, startedMs }: Begun): void {
		this.n = n;
		this.phase = phase;
		this.intendedMs = intendedMs;
		this.startedMs = startedMs;
		this.pending = null;
		this.error = null;
		this.#controller = null;
	}

	/** Ignores any later result and says so; others may still hold this object, so no slot uses it again. */
	giveUp(code: string): void {
		this.#givenUp = new OperationError("unknown", code);
		this.pending?.giveUp();
		this.#controller?.abort(this.#givenUp);
	}
}

/**
 * The operations a worker may have in flight. One deadline for all means that the order of starts is the order of
 * deadlines, so a list oldest first does what a timer wheel would.
 */
export class Slots {
	readonly #settled: Settled;
	readonly #free: SlotOperation[] = [];
	readonly #count: number;
	readonly #zeroMs: number;
	#inFlight = 0;
	#oldest: SlotOperation | null = null;
	#newest: SlotOperation | null = null;

	/** `zeroMs`: the load's zero on the machine's monotonic clock. */
	constructor(count: number, zeroMs: number, settled: Settled) {
		this.#count = count;
		this.#zeroMs = zeroMs;
		this.#settled = settled;
	}

	get inFlight(): number {
		return this.#inFlight;
	}

	get free(): number {
		return this.#count - this.#inFlight;
	}

	/** The one in flight that was started first. */
	get oldest(): SlotOperation | null {
		return this.#oldest;
	}

	/** Only while `free` is above 0. */
	take(): SlotOperation {
		const slot = this.#free.pop() ?? new SlotOperation(this.#settled, this.#zeroMs);
		slot.older = this.#newest;
		slot.newer = null;
		if (this.#newest === null) this.#oldest = slot;
		else this.#newest.newer = slot;
		this.#newest = slot;
		this.#inFlight++;
		return slot;
	}

	/** The operation has ended; its object is used again. */
	release(slot: SlotOperation): void {
		this.abandon(slot);
		this.#free.push(slot);
	}

	/** The slot is free again, its object is not. */
	abandon(slot: SlotOperation): void {
		if (slot.older === null) this.#oldest = slot.newer;
		else slot.older.newer = slot.newer;
		if (slot.newer === null) this.#newest = slot.older;
		else slot.newer.older = slot.older;
		this.#inFlight--;
	}
}
