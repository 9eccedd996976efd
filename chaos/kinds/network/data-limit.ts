import { type ToxicParams, toxicFault } from "../../network/toxic-fault.ts";
import { askFor } from "../../network/toxic-look.ts";

export interface DataLimitParams extends ToxicParams {
	limitBytes: number;
}

declare module "../../fault.ts" {
	interface FaultKinds {
		"data-limit": DataLimitParams;
	}
}

/** Every connection closes once it has carried `limitBytes`, its set-up included; an old one counts from the fault. */
export default toxicFault<DataLimitParams>({
	victim:
		"connections close in the middle of a message, after so many bytes; small talk gets through",
	params: {
		type: "object",
		properties: {
			limitBytes: {
				type: "integer",
				minimum: 1,
				maximum: 1_000_000,
				examples: [1_000],
				description: "what a connection carries before it closes, bytes",
			},
		},
		required: ["limitBytes"],
		additionalProperties: false,
	},
	direction: "downstream",
	toxic: ({ limitBytes }) => ({ type: "limit_data", attributes: { bytes: limitBytes } }),
	look: ({ limitBytes }, direction) => ({
		at: "round trip",
		ask: askFor(limitBytes + 1, direction),
		limitMs: 3_000,
		shows: ({ kind }) => kind === "broken",
		wanted: `closed after ${limitBytes} bytes expected`,
	}),
});
