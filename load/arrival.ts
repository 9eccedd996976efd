import type { JsonObject } from "../base/json.ts";

/** Arrival kind → its parameters. Each file in `arrivals/` adds its own line by declaration merging. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by the files in arrivals/
export interface ArrivalKinds {}

/** When operations are due, as plain data: `{ kind: "constant", ratePerSec: 200 }`. */
export type Arrival = {
	[K in keyof ArrivalKinds]: { kind: K } & ArrivalKinds[K];
}[keyof ArrivalKinds];

/**
 * Offset in milliseconds, from the load's zero, of the n-th operation; null when there is none. Pure and monotone:
 * the operations of several workers are together those of one.
 */
export type Pacer = (n: number) => number | null;

/** A file in `arrivals/` default-exports one of these; the file's name is the kind. */
export type ArrivalDefinition<P> = {
	/** JSON Schema. Plain data, as the parameters of faults are. */
	params: JsonObject;
	/** What it is where just a rate and a length are known, as on a command line; null where that says too little. */
	usual: ((ratePerSec: number, durationMs: number) => P) | null;
} & (
	| {
			shape: "open";
			/** Its rate changes with the time from the load's zero: what is planned by it can't be moved in time. */
			timed: boolean;
			pacer: (params: P, seed: number) => Pacer;
	  }
	/** The next operation only after the last has ended, `thinkMs` later: to find a maximum, not to measure latency. */
	| {
			shape: "closed";
			thinkMs: (params: P) => number;
			/** How many there are in all; without, there is always one more. */
			operations?: (params: P) => number;
	  }
);

/** The schema of parameters that are all needed. */
export function schemaOf(properties: JsonObject): JsonObject {
	return {
		type: "object",
		properties,
		required: Object.keys(properties),
		additionalProperties: false,
	};
}

export const ratePerSecMax = 1_000_000;

export function rateSchema(description: string, { orZero = false } = {}): JsonObject {
	const lowest: JsonObject = orZero ? { minimum: 0 } : { exclusiveMinimum: 0 };
	return { type: "number", ...lowest, maximum: ratePerSecMax, description };
}

export function durationSchema(description: string, { orZero = false } = {}): JsonObject {
	const lowest: JsonObject = orZero ? { minimum: 0 } : { exclusiveMinimum: 0 };
	return { type: "number", ...lowest, maximum: 86_400_000, description };
}
