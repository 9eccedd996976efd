import { describeTrip } from "../probe.ts";
import { toxicFault } from "../toxic-fault.ts";

export interface LatencyParams {
	latencyMs: number;
	jitterMs?: number;
}

declare module "../fault.ts" {
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
			latencyMs: { type: "integer", minimum: 1, maximum: 60_000, description: "added delay, ms" },
			jitterMs: { type: "integer", minimum: 0, maximum: 60_000, description: "give or take, ms" },
		},
		required: ["latencyMs"],
		additionalProperties: false,
	},
	toxics: ({ latencyMs, jitterMs = 0 }) => [
		{
			type: "latency",
			stream: "downstream",
			toxicity: 1,
			attributes: { latency: latencyMs, jitter: jitterMs },
		},
	],
	async effect(probe, { latencyMs, jitterMs = 0 }) {
		const leastMs = latencyMs - jitterMs;
		// A new connection needs several round trips, an old one just one: its time is the delay itself.
		const trip = await probe.old(latencyMs + jitterMs + 1_000);
		return {
			ok: trip.kind !== "answered" ? trip.kind === "silent" : trip.ms >= leastMs,
			seen: `a round trip on an old connection: ${describeTrip(trip)}, at least ${leastMs} ms expected`,
		};
	},
	cleanWithinMs: 2_000,
});
