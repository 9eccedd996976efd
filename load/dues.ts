import type { Pacer } from "./arrival.ts";
import { NumberRing } from "./number-ring.ts";

/** Where the loop learns when its next operation is due. The open and the closed loop differ in this alone. */
export interface Dues {
	/** Intended start of the next operation; Infinity while it depends on one that still runs, null when there is none. */
	nextMs(): number | null;
	/** The next operation has been noticed. */
	take(): void;
	/** An operation has ended. */
	ended(atMs: number): void;
}

/** The operations n ≡ worker (mod workers) of a pacer. */
export function openDues(pacer: Pacer, worker: number, workers: number): Dues {
	let n = worker;
	let nextMs = pacer(n);
	return {
		nextMs: () => nextMs,
		take() {
			n += workers;
			nextMs = pacer(n);
		},
		ended() {},
	};
}

/** `callers` operations due at zero, and one more `thinkMs` after the end of each. */
export function closedDues(callers: number, thinkMs: number): Dues {
	const dues = new NumberRing();
	for (let caller = 0; caller < callers; caller++) dues.push(0);
	return {
		nextMs: () => dues.peek() ?? Number.POSITIVE_INFINITY,
		take() {
			dues.shift();
		},
		ended(atMs) {
			dues.push(atMs + thinkMs);
		},
	};
}
