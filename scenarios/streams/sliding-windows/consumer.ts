import { numberVariable, variable } from "faultline/subject";
import { runMember } from "../../subjects/streams/run-member.ts";
import { decode, decodeNaively } from "./purchase.ts";
import { WindowJob } from "./window-job.ts";

// A member of the consumer group that counts purchases in sliding windows. GET / says what it has, POST /stop ends it.

const jobOptions = {
	delayMsMax: numberVariable("DELAY_MS_MAX", 120_000),
	horizonMs: numberVariable("HORIZON_MS", 7_200_000),
	skewMs: numberVariable("SKEW_MS", 20_000),
	read: variable("GUARD", "on") === "off" ? decodeNaively : decode,
};

await runMember({
	input: variable("FLT_TOPIC_PREFIX", "") + variable("INPUT", "purchases"),
	group: "windows",
	quietLookMs: numberVariable("QUIET_LOOK_MS", 200),
	jobOf: () => new WindowJob(jobOptions),
});
