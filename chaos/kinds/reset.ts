import { describeTrip } from "../probe.ts";
import { toxicFault } from "../toxic-fault.ts";

export interface ResetParams {
	afterMs?: number;
}

declare module "../fault.ts" {
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
	toxics: ({ afterMs = 0 }) => [
		{ type: "reset_peer", stream: "upstream", toxicity: 1, attributes: { timeout: afterMs } },
		{ type: "reset_peer", stream: "downstream", toxicity: 1, attributes: { timeout: afterMs } },
	],
	async effect(probe, { afterMs = 0 }) {
		const fresh = await probe.fresh(afterMs + 1_000);
		return { ok: fresh.kind === "broken", seen: `a new connection: ${describeTrip(fresh)}` };
	},
	cleanWithinMs: 2_000,
});
