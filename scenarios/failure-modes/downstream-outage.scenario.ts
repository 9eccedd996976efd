import { failureMode } from "./mode.ts";

export default failureMode({
	title: "Downstream outage: the sink is down for a while",
	question: "Does the pipeline wait for its sink, and is every batch there once afterwards?",
	faults: ({ faultMs }) => [{ kind: "down", on: "sink", params: {}, fromMs: 0, toMs: faultMs }],
	atScale: { growth: "-", breaksFirst: "-", replacement: "-" },
});
