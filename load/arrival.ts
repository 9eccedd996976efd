import type { TSchema } from "typebox";

/** Arrival kind → its parameters. Each file in `arrivals/` adds its own line by declaration merging. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by the files in arrivals/
export interface ArrivalKinds {}

/** When operations are due, as plain data: `{ kind: "constant", ratePerSec: 200 }`. */
export type Arrival = {
	[K in keyof ArrivalKinds]: { kind: K } & ArrivalKinds[K];
}[keyof ArrivalKinds];

/** Offset in milliseconds, from the load's zero, of the n-th operation; null when there is none. Pure and monotone. */
export type Pacer = (n: number) => number | null;

/** A file in `arrivals/` default-exports one of these; the file's name is the kind. */
export type ArrivalDefinition<P> =
	| { shape: "open"; params: TSchema; pacer: (params: P, seed: number) => Pacer }
	/** The next operation only after the last has ended, `thinkMs` later: to find a maximum, not to measure latency. */
	| { shape: "closed"; params: TSchema; thinkMs: (params: P) => number };
