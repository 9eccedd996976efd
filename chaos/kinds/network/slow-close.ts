import { type ToxicParams, toxicFault } from "../../network/toxic-fault.ts";

export interface SlowCloseParams extends ToxicParams {
	delayMs: number;
}

declare module "../../fault.ts" {
	interface FaultKinds {
		"slow-close": SlowCloseParams;
	}
}

/** A connection that one side has ended stays open for `delayMs` more; healing closes it at once. */
export default toxicFault<SlowCloseParams>({
	victim:
		"connections are as quick as ever, but an ended one lingers and holds its place in a pool",
	params: {
		type: "object",
		properties: {
			delayMs: {
				type: "integer",
				minimum: 1,
				maximum: 60_000,
				examples: [2_000],
				description: "how long an ended connection lingers, ms",
			},
		},
		required: ["delayMs"],
		additionalProperties: false,
	},
	direction: "downstream",
	toxic: ({ delayMs }) => ({ type: "slow_close", attributes: { delay: delayMs } }),
	look({ delayMs }, direction) {
		// Our end passes upstream, and what it does there comes back downstream.
		const leastMs = delayMs * (direction === "both" ? 2 : 1);
		return {
			at: "close",
			limitMs: leastMs + 1_000,
			shows: ({ kind, ms }) => kind === "silent" || (kind === "answered" && ms >= leastMs),
			wanted: `at least ${leastMs} ms expected`,
		};
	},
});
