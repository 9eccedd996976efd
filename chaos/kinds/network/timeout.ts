import { noParams } from "../../fault.ts";
import { type ToxicParams, toxicFault } from "../../network/toxic-fault.ts";

declare module "../../fault.ts" {
	interface FaultKinds {
		timeout: ToxicParams;
	}
}

/** How long a silence is watched before it is believed. */
const silenceMs = 200;

/** A black hole: connections stay open, nothing passes. Healing closes the connections it held. */
export default toxicFault<ToxicParams>({
	victim: "connections stay open and say nothing, new ones too; when it heals they are closed",
	params: noParams,
	direction: "both",
	toxic: () => ({ type: "timeout", attributes: { timeout: 0 } }),
	look: () => ({
		at: "round trip",
		limitMs: silenceMs,
		shows: ({ kind }) => kind === "silent",
		wanted: "silence expected",
	}),
});
