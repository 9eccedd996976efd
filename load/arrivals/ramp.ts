import { type ArrivalDefinition, durationSchema, rateSchema, schemaOf } from "../arrival.ts";

export interface RampParams {
	fromPerSec: number;
	toPerSec: number;
	overMs: number;
}

declare module "../arrival.ts" {
	interface ArrivalKinds {
		ramp: RampParams;
	}
}

/** A rate that changes evenly from one to another, and then stays. */
export default {
	shape: "open",
	timed: true,
	params: schemaOf({
		fromPerSec: rateSchema("operations per second at zero", { orZero: true }),
		toPerSec: rateSchema("operations per second at the end of the ramp, and after it"),
		overMs: durationSchema("length of the ramp, in milliseconds"),
	}),
	usual: (ratePerSec, durationMs) => ({ fromPerSec: 0, toPerSec: ratePerSec, overMs: durationMs }),
	pacer({ fromPerSec, toPerSec, overMs }) {
		const overS = overMs / 1000;
		const onRamp = ((fromPerSec + toPerSec) / 2) * overS;
		const slope = (toPerSec - fromPerSec) / overS;
		return (n) => {
			if (n >= onRamp) return overMs + ((n - onRamp) * 1000) / toPerSec;
			// The time t at which from·t + slope·t²/2 = n, in the form that does not cancel.
			const root = Math.sqrt(fromPerSec * fromPerSec + 2 * slope * n);
			return n === 0 ? 0 : (2000 * n) / (fromPerSec + root);
		};
	},
} satisfies ArrivalDefinition<RampParams>;
