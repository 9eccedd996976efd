import { type ArrivalDefinition, rateSchema, schemaOf } from "../arrival.ts";

export interface ConstantParams {
	ratePerSec: number;
}

declare module "../arrival.ts" {
	interface ArrivalKinds {
		constant: ConstantParams;
	}
}

/** Evenly spaced operations; the first is due at zero. */
export default {
	shape: "open",
	timed: false,
	params: schemaOf({ ratePerSec: rateSchema("operations per second, over all workers") }),
	usual: (ratePerSec) => ({ ratePerSec }),
	pacer:
		({ ratePerSec }) =>
		(n) =>
			(n * 1000) / ratePerSec,
} satisfies ArrivalDefinition<ConstantParams>;
