import { type ToxicParams, toxicFault } from "../../network/toxic-fault.ts";

export interface ResetParams extends ToxicParams {
	afterMs?: number;
}

declare module "../../fault.ts" {
	interface FaultKinds {
		reset: ResetParams;
	}
}

/** Every connection through the path is reset `afterMs` after its first bytes; new ones meet the same end. */
export default toxicFault<ResetParams>({
	victim: "connections are reset by the peer as soon as they carry data",
	params: {
		type: "object",
		properties: {
			afterMs: {
				type: "integer",
				minimum: 0,
				maximum: 60_000,
				description: "life of a connection, ms",
			},
		},
		additionalProperties: false,
	},
	direction: "both",
	toxic: ({ afterMs = 0 }) => ({ type: "reset_peer", attributes: { timeout: afterMs } }),
	look: ({ afterMs = 0 }) => ({
		at: "round trip",
		limitMs: afterMs + 1_000,
		shows: ({ kind }) => kind === "broken",
		wanted: "a broken connection expected",
	}),
});
