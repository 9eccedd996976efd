import { type NoParams, noParams } from "../fault.ts";
import { describeTrip } from "../probe.ts";
import { toxicFault } from "../toxic-fault.ts";

declare module "../fault.ts" {
	interface FaultKinds {
		timeout: NoParams;
	}
}

/** How long a silence is watched before it is believed. */
const silenceMs = 200;

/** A black hole: connections stay open, nothing passes in either direction. Healing closes the connections it held. */
export default toxicFault<NoParams>({
	victim: "connections stay open and say nothing, new ones too; when it heals they are closed",
	params: noParams,
	toxics: () => [
		{ type: "timeout", stream: "downstream", toxicity: 1, attributes: { timeout: 0 } },
		{ type: "timeout", stream: "upstream", toxicity: 1, attributes: { timeout: 0 } },
	],
	async effect(probe) {
		const [old, fresh] = await Promise.all([probe.old(silenceMs), probe.fresh(silenceMs)]);
		return {
			ok: old.kind !== "answered" && fresh.kind === "silent",
			seen: `an old connection: ${describeTrip(old)}; a new one: ${describeTrip(fresh)}`,
		};
	},
	cleanWithinMs: 2_000,
});
