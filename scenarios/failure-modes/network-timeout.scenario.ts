import { failureMode } from "./mode.ts";

export default failureMode({
	title: "Network timeout: the way to the sink is a black hole",
	question: "Does a write whose answer never comes end up in the sink once?",
	faults: ({ faultMs }) => [{ kind: "timeout", on: "sink", params: {}, fromMs: 0, toMs: faultMs }],
	atScale: { growth: "-", breaksFirst: "-", replacement: "-" },
});
