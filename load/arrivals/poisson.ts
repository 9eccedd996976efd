import { stream } from "../../base/random.ts";
import { type ArrivalDefinition, rateSchema, schemaOf } from "../arrival.ts";

export interface PoissonParams {
	ratePerSec: number;
}

declare module "../arrival.ts" {
	interface ArrivalKinds {
		poisson: PoissonParams;
	}
}

/** Independent operations: exponential gaps from the seed, at this rate on average. What many users together do. */
export default {
	shape: "open",
	timed: false,
	params: schemaOf({
		ratePerSec: rateSchema("operations per second on average, over all workers"),
	}),
	usual: (ratePerSec) => ({ ratePerSec }),
	pacer({ ratePerSec }, seed) {
		const meanGapMs = 1000 / ratePerSec;
		let draw = stream(seed, "poisson arrivals");
		let at = -1;
		let ms = 0;
		return (n) => {
			// Every worker draws all gaps: the sum up to n is then the same, whoever owns n.
			if (n < at) {
				draw = stream(seed, "poisson arrivals");
				at = -1;
				ms = 0;
			}
			for (; at < n; at++) ms -= Math.log(1 - draw()) * meanGapMs;
			return ms;
		};
	},
} satisfies ArrivalDefinition<PoissonParams>;
