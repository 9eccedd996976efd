import t, { type Test } from "tap";
import { ActivityStream } from "../../../../../scenarios/streams/late-features/activities.ts";
import { encode } from "../../../../../scenarios/streams/late-features/activity.ts";
import {
	FeatureJob,
	type FeatureJobOptions,
	leftOf,
} from "../../../../../scenarios/streams/late-features/feature-job.ts";
import { flinkRun, replayed, skip } from "../../../subjects/streams/flink/replay.ts";

// The job of Flink's, without a cluster, on the messages of a seed: held against the job of Node's.

const replay = flinkRun(
	"tap-tests/scenarios/streams/late-features/flink/ReplayFeatures.java",
	"scenarios/streams/late-features/flink",
);
const rules = { windowMs: 60_000, delayMs: 30_000, latenessMs: 120_000 };

/** The messages of a seed, and one of somebody whose name has all that JSON escapes or does not. */
function messages(seed: number): Buffer[] {
	const activities = new ActivityStream({ seed, users: 20, gapMs: 500 }, () => 0);
	return Array.from({ length: 4_000 }, (_, n) => {
		const activity = activities.at(n);
		const user = activity.user === "user-3" ? 'Zoë/"\\ \u2028\t' : activity.user;
		const sentAtMs = n % 2 === 0 ? null : n + 0.125;
		return encode({ ...activity, user, n, sentAtMs, phase: "steady" });
	});
}

/** What Node's job gives, a line each. */
function ofNode(values: readonly Buffer[], options: FeatureJobOptions) {
	const job = new FeatureJob(options);
	for (const value of values) job.process(value);
	const { results, changes } = job.take();
	const live = changes.flatMap(({ key, value }): [string, string][] =>
		value === null ? [] : [[key, value]],
	);
	return {
		given: results.map(({ to, key, value }) => JSON.stringify([to, key, value])),
		left: leftOf([new Map(live)], options),
	};
}

/** What Flink's gives. */
function ofFlink(t: Test, values: readonly Buffer[], options: FeatureJobOptions) {
	const lines = replayed(t, replay, values.map(String), {
		WINDOW_MS: String(options.windowMs),
		DELAY_MS: String(options.delayMs),
		LATENESS_MS: String(options.latenessMs),
		TELLS_LATE: String(options.tellsLate),
	});
	return { left: JSON.parse(lines.pop()!), given: lines };
}

t.setTimeout(120_000);
for (const [seed, options, who] of [
	[1, { ...rules, tellsLate: true }, "one that corrects"],
	[2, { ...rules, tellsLate: true }, "one that corrects, other activities"],
	[3, { ...rules, latenessMs: 0, tellsLate: false }, "the naive twin"],
] as const)
	t.test(`on Flink the job gives byte for byte what it gives in Node: ${who}`, { skip }, (t) => {
		const values = messages(seed);
		const wanted = ofNode(values, options);
		const found = ofFlink(t, values, options);
		t.same(found.left, wanted.left);
		t.ok(wanted.given.length > 300);
		t.equal(found.given.length, wanted.given.length);
		const other = wanted.given.findIndex((line, n) => line !== found.given[n]);
		t.equal(found.given[other], wanted.given[other], "the first that is another");
		t.end();
	});
