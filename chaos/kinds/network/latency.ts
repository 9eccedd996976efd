import { type ToxicParams, toxicFault } from "../../network/toxic-fault.ts";

export interface LatencyParams extends ToxicParams {
	latencyMs: number;
	jitterMs?: number;
}

declare module "../../fault.ts" {
	interface FaultKinds {
		latency: LatencyParams;
	}
}

/** Every answer through the path comes `latencyMs` later, give or take `jitterMs`. */
export default toxicFault<LatencyParams>({
	victim: "answers come late, by latencyMs give or take jitterMs",
	params: {
		type: "object",
		properties: {
			latencyMs: {
				type: "integer",
				minimum: 1,
				maximum: 60_000,
				examples: [200],
				description: "added delay, ms",
			},
			jitterMs: { type: "integer", minimum: 0, maximum: 60_000, description: "give or take, ms" },
		},
		required: ["latencyMs"],
		additionalProperties: false,
	},
	direction: "downstream",
	toxic: ({ latencyMs, jitterMs = 0 }) => ({
		type: "latency",
		attributes: { latency: latencyMs, jitter: jitterMs },
	}),
	look({ latencyMs, jitterMs = 0 }, direction) {
		const ways = direction === "both" ? 2 : 1;
		const leastMs = Math.max(0, latencyMs - jitterMs) * ways;
		return {
			at: "round trip",
			// A new connection takes a few round trips before the one that is timed.
			limitMs: 4 * ways * (latencyMs + jitterMs) + 1_000,
			shows: ({ kind, ms }) => kind === "silent" || (kind === "answered" && ms >= leastMs),
			wanted: `at least ${leastMs} ms expected`,
		};
	},
});
