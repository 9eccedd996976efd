import { Type } from "typebox";
import type { ArrivalDefinition } from "../arrival.ts";

export interface ClosedParams {
	thinkMs: number;
}

declare module "../arrival.ts" {
	interface ArrivalKinds {
		closed: ClosedParams;
	}
}

/** `inFlightMax` callers, each starting its next operation `thinkMs` after its last has ended. */
export default {
	shape: "closed",
	params: Type.Object(
		{
			thinkMs: Type.Number({
				minimum: 0,
				maximum: 3_600_000,
				description: "pause between an operation's end and the next start, in milliseconds",
			}),
		},
		{ additionalProperties: false },
	),
	thinkMs: ({ thinkMs }) => thinkMs,
} satisfies ArrivalDefinition<ClosedParams>;
