import { type ArrivalDefinition, schemaOf } from "../arrival.ts";

export interface TrialsParams {
	count: number;
}

declare module "../arrival.ts" {
	interface ArrivalKinds {
		trials: TrialsParams;
	}
}

/** So many operations and no more, `inFlightMax` at a time, each as soon as one before it has ended: work without a rate. */
export default {
	shape: "closed",
	params: schemaOf({
		count: {
			type: "integer",
			minimum: 1,
			maximum: 1_000_000,
			description: "operations in all",
		},
	}),
	usual: null,
	thinkMs: () => 0,
	operations: ({ count }) => count,
} satisfies ArrivalDefinition<TrialsParams>;
