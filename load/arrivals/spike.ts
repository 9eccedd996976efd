import { type ArrivalDefinition, durationSchema, rateSchema, schemaOf } from "../arrival.ts";
import { stepsPacer } from "../steps-pacer.ts";

export interface SpikeParams {
	ratePerSec: number;
	spikePerSec: number;
	atMs: number;
	forMs: number;
}

declare module "../arrival.ts" {
	interface ArrivalKinds {
		spike: SpikeParams;
	}
}

/** A constant rate with one stretch of another, such as ten times as much. */
export default {
	shape: "open",
	timed: true,
	params: schemaOf({
		ratePerSec: rateSchema("operations per second before and after"),
		spikePerSec: rateSchema("operations per second in the spike"),
		atMs: durationSchema("start of the spike, in milliseconds from zero", { orZero: true }),
		forMs: durationSchema("length of the spike, in milliseconds"),
	}),
	usual: (ratePerSec, durationMs) => ({
		ratePerSec,
		spikePerSec: 5 * ratePerSec,
		atMs: 0.4 * durationMs,
		forMs: 0.1 * durationMs,
	}),
	pacer: ({ ratePerSec, spikePerSec, atMs, forMs }) =>
		stepsPacer([
			{ ratePerSec, forMs: atMs },
			{ ratePerSec: spikePerSec, forMs },
			{ ratePerSec, forMs: 0 },
		]),
} satisfies ArrivalDefinition<SpikeParams>;
