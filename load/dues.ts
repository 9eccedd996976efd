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
	/** Changes what is due from `atMs` on; what was due before has been taken. */
	steer(atMs: number, change: PaceChange): void;
}

/** A change of a running load. Operations keep their numbers; their times move. */
export type PaceChange =
	/** From now on this rate over all workers, evenly spaced. A closed load has no rate: nothing changes. */
	| { kind: "rate"; ratePerSec: number }
	/** Nothing more is due until `resume`: not missed, but later by as long as it lasted. */
	| { kind: "pause" }
	| { kind: "resume" };

const never = Number.POSITIVE_INFINITY;

/** The operations n ≡ worker (mod workers) of a pacer. */
export function openDues(planned: Pacer, worker: number, workers: number): Dues {
	let pacer = planned;
	let n = worker;
	/** How long all pauses lasted until now. */
	let shiftMs = 0;
	let pausedAtMs: number | null = null;
	let nextMs = pacer(n);
	const look = () => {
		const plannedMs = pacer(n);
		nextMs = plannedMs === null ? null : plannedMs + shiftMs;
	};
	return {
		nextMs: () => (pausedAtMs !== null && nextMs !== null ? never : nextMs),
		take() {
			n += workers;
			look();
		},
		ended() {},
		steer(atMs, change) {
			switch (change.kind) {
				case "rate": {
					const next = n;
					const fromMs = pausedAtMs ?? atMs;
					const gapMs = 1000 / change.ratePerSec;
					shiftMs = 0;
					// A worker that is ahead of the others starts no earlier for it: their turns are what matters.
					pacer = (n) => fromMs + (n - next + worker) * gapMs;
					break;
				}
				case "pause":
					pausedAtMs ??= atMs;
					return;
				case "resume":
					if (pausedAtMs === null) return;
					shiftMs += atMs - pausedAtMs;
					pausedAtMs = null;
					break;
				default:
					throw change satisfies never;
			}
			look();
		},
	};
}

/** `callers` operations due at zero, and one more `thinkMs` after the end of each, until there were `operations`. */
export function closedDues(
	callers: number,
	thinkMs: number,
	operations = Number.POSITIVE_INFINITY,
): Dues {
	const dues = new NumberRing();
	for (let caller = 0; caller < callers; caller++) dues.push(0);
	let left = operations;
	let paused = false;
	/** What a pause held back is due when it ends. */
	let resumedMs = Number.NEGATIVE_INFINITY;
	return {
		nextMs: () => {
			if (left === 0) return null;
			return paused ? never : Math.max(resumedMs, dues.peek() ?? never);
		},
		take() {
			dues.shift();
			left--;
		},
		ended(atMs) {
			dues.push(atMs + thinkMs);
		},
		steer(atMs, { kind }) {
			if (kind === "pause") paused = true;
			else if (kind === "resume" && paused) {
				paused = false;
				resumedMs = atMs;
			}
		},
	};
}
