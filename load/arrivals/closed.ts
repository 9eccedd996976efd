import { type ArrivalDefinition, durationSchema, schemaOf } from "../arrival.ts";

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
	params: schemaOf({
		thinkMs: durationSchema(
			"pause between an operation's end and the next start, in milliseconds",
			{ orZero: true },
		),
	}),
	usual: () => ({ thinkMs: 0 }),
	thinkMs: ({ thinkMs }) => thinkMs,
} satisfies ArrivalDefinition<ClosedParams>;
