import { type ArrivalDefinition, durationSchema, rateSchema, schemaOf } from "../arrival.ts";
import { type Step, stepsPacer } from "../steps-pacer.ts";

export interface StepsParams {
	steps: Step[];
}

declare module "../arrival.ts" {
	interface ArrivalKinds {
		steps: StepsParams;
	}
}

const usualSteps = 5;

/** Rates one after another, each held for a time; the last goes on. */
export default {
	shape: "open",
	timed: true,
	params: schemaOf({
		steps: {
			type: "array",
			minItems: 1,
			maxItems: 1000,
			items: schemaOf({
				ratePerSec: rateSchema("operations per second; 0 is a pause", { orZero: true }),
				forMs: durationSchema("how long, in milliseconds"),
			}),
		},
	}),
	usual: (ratePerSec, durationMs) => ({
		steps: Array.from({ length: usualSteps }, (_, step) => ({
			ratePerSec: (ratePerSec * (step + 1)) / usualSteps,
			forMs: durationMs / usualSteps,
		})),
	}),
	pacer: ({ steps }) => stepsPacer(steps),
} satisfies ArrivalDefinition<StepsParams>;
