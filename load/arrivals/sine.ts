import { type ArrivalDefinition, durationSchema, rateSchema, schemaOf } from "../arrival.ts";

export interface SineParams {
	meanPerSec: number;
	swing: number;
	periodMs: number;
}

declare module "../arrival.ts" {
	interface ArrivalKinds {
		sine: SineParams;
	}
}

const closeMs = 1e-7;

/** A rate that swings around a mean, as days do. */
export default {
	shape: "open",
	timed: true,
	params: schemaOf({
		meanPerSec: rateSchema("operations per second on average"),
		swing: {
			type: "number",
			minimum: 0,
			maximum: 1,
			description: "greatest difference from the mean, as a share of it",
		},
		periodMs: durationSchema("length of a full swing, in milliseconds"),
	}),
	usual: (ratePerSec, durationMs) => ({
		meanPerSec: ratePerSec,
		swing: 0.5,
		periodMs: durationMs / 2,
	}),
	pacer({ meanPerSec, swing, periodMs }) {
		const turn = (2 * Math.PI) / periodMs;
		const perMs = meanPerSec / 1000;
		/** Operations due up to a time, and the rate at it: the integral of the rate, and the rate. */
		const dueBy = (ms: number) => perMs * (ms + (swing / turn) * (1 - Math.cos(turn * ms)));
		const rateAt = (ms: number) => perMs * (1 + swing * Math.sin(turn * ms));
		return (n) => {
			// Newton's steps, kept between two times that are known to lie before and after.
			let after = n / perMs;
			let before = Math.max(0, after - (2 * swing) / turn);
			let ms = after;
			while (after - before > closeMs) {
				const missed = dueBy(ms) - n;
				if (missed > 0) after = ms;
				else before = ms;
				const next = ms - missed / rateAt(ms);
				const step = next > before && next < after ? next : (before + after) / 2;
				if (Math.abs(step - ms) < closeMs) return step;
				ms = step;
			}
			return after;
		};
	},
} satisfies ArrivalDefinition<SineParams>;
