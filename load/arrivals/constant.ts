import { Type } from "typebox";
import type { ArrivalDefinition } from "../arrival.ts";

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
	params: Type.Object(
		{
			ratePerSec: Type.Number({
				exclusiveMinimum: 0,
				maximum: 1_000_000,
				description: "operations per second, over all workers",
			}),
		},
		{ additionalProperties: false },
	),
	pacer:
		({ ratePerSec }) =>
		(n) =>
			(n * 1000) / ratePerSec,
} satisfies ArrivalDefinition<ConstantParams>;
