import { parseArgs } from "node:util";
import { ActivityStream } from "./activities.ts";
import { keptWindows, quantileOf, sharesBy } from "./trade-off.ts";

// How long to wait, from what is known of delays:
//
//   node choose.ts --seed 1 --count 200000 --on-time 92 --taken 99.7
//
// prints the wait for the first value and for the last correction, by the quantiles of the delays, and what each buys.

const { values } = parseArgs({
	options: {
		seed: { type: "string", default: "1" },
		count: { type: "string", default: "200000" },
		"window-ms": { type: "string", default: "60000" },
		"on-time": { type: "string", default: "92" },
		taken: { type: "string", default: "99.7" },
	},
});
const windowMs = Number(values["window-ms"]);
const stream = new ActivityStream({ seed: Number(values.seed), users: 100, gapMs: 40 }, () => 0);
const activities = Array.from({ length: Number(values.count) }, (_, n) => stream.at(n));
const delaysMs = activities.map(({ atMs, receivedMs }) => receivedMs - atMs);
const delayMs = quantileOf(delaysMs, Number(values["on-time"]) / 100);
const untilMs = quantileOf(delaysMs, Number(values.taken) / 100);
for (const percent of [50, 80, 90, 95, 99, 99.5, 99.9])
	console.log(
		`p${percent} of the delays: ${(quantileOf(delaysMs, percent / 100) / 1_000).toFixed(1)} s`,
	);
const [first, last] = sharesBy(activities, windowMs, [delayMs, untilMs]);
const seconds = (ms: number) => (ms / 1_000).toFixed(1);
console.log(
	`first value after ${seconds(delayMs)} s: ${(100 * first!.share).toFixed(2)} % are in it, ${keptWindows(windowMs, delayMs).toFixed(2)} windows a user are kept`,
);
console.log(
	`corrected for ${seconds(untilMs - delayMs)} s more: ${(100 * last!.share).toFixed(2)} % are in the last value, ${keptWindows(windowMs, untilMs).toFixed(2)} windows a user are kept`,
);
