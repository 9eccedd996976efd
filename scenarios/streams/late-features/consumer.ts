import { numberVariable, variable } from "faultline/subject";
import { runMember } from "../../subjects/streams/run-member.ts";
import { FeatureJob } from "./feature-job.ts";

// A member of the consumer group that computes features. GET / says what it has, POST /stop ends it. The naive one knows
// no late activities: a window is over when it was given, and what comes then is dropped.

const isNaive = variable("GUARD", "on") === "off";
const options = {
	windowMs: numberVariable("WINDOW_MS", 60_000),
	delayMs: numberVariable("DELAY_MS", 30_000),
	latenessMs: isNaive ? 0 : numberVariable("LATENESS_MS", 600_000),
	tellsLate: !isNaive,
};

await runMember({
	input: variable("FLT_TOPIC_PREFIX", "") + variable("INPUT", "activities"),
	group: "features",
	quietLookMs: null,
	jobOf: () => new FeatureJob(options),
});
