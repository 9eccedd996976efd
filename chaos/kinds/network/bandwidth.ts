import { type ToxicParams, toxicFault } from "../../network/toxic-fault.ts";
import { askFor, carriedWays } from "../../network/toxic-look.ts";

export interface BandwidthParams extends ToxicParams {
	rateKBPerSec: number;
}

declare module "../../fault.ts" {
	interface FaultKinds {
		bandwidth: BandwidthParams;
	}
}

/** A round trip that takes this long at the rate is big enough to tell it from a clean one. */
const worthMs = 100;
/** Toxiproxy may hurry after an answer that the machine has held up. */
const share = 0.8;

/** Every connection through the path carries `rateKBPerSec` and no more; a KB is 1,000 bytes. */
export default toxicFault<BandwidthParams>({
	victim: "each connection is a slow line: big answers trickle in, small ones hardly notice",
	params: {
		type: "object",
		properties: {
			rateKBPerSec: {
				type: "integer",
				minimum: 1,
				// Faster than this the proxy itself begins to be the limit, and a proof would show nothing.
				maximum: 10_000,
				examples: [20],
				description: "what a connection carries, KB/s",
			},
		},
		required: ["rateKBPerSec"],
		additionalProperties: false,
	},
	direction: "downstream",
	toxic: ({ rateKBPerSec }) => ({ type: "bandwidth", attributes: { rate: rateKBPerSec } }),
	look: ({ rateKBPerSec }, direction) => ({
		at: "round trip",
		ask: askFor(rateKBPerSec * worthMs, direction),
		limitMs: 3_000,
		shows(trip) {
			const bytes = carriedWays(trip, direction).reduce((sum, way) => sum + way);
			return (
				trip.kind === "silent" ||
				(trip.kind === "answered" && bytes > 0 && trip.ms >= (share * bytes) / rateKBPerSec)
			);
		},
		wanted: `no more than ${rateKBPerSec} bytes/ms expected`,
	}),
});
