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

/** What Flink's gives, one job after the other: a JVM takes longer to start than all of them take. */
function ofFlink(t: Test, jobs: readonly (readonly [FeatureJobOptions, readonly Buffer[]])[]) {
	const lines = jobs.flatMap(([options, values]) => [
		JSON.stringify({ is: "born", ...options }),
		...values.map(String),
		JSON.stringify({ is: "asked" }),
	]);
	const said = replayed(t, replay, lines);
	return jobs.map(() => {
		const given = said.splice(0, said.findIndex((line) => line.startsWith("{")) + 1);
		return { left: JSON.parse(given.pop()!), given };
	});
}

const known: [seed: number, options: FeatureJobOptions, who: string][] = [
	[1, { ...rules, tellsLate: true }, "one that corrects"],
	[2, { ...rules, tellsLate: true }, "one that corrects, other activities"],
	[3, { ...rules, latenessMs: 0, tellsLate: false }, "the naive twin"],
];

t.setTimeout(120_000);
t.test("on Flink the job gives byte for byte what it gives in Node", { skip }, (t) => {
	const jobs = known.map(([seed, options]) => [options, messages(seed)] as const);
	const inFlink = ofFlink(t, jobs);
	for (const [at, [options, values]] of jobs.entries()) {
		const [wanted, found, who] = [ofNode(values, options), inFlink[at]!, known[at]![2]];
		t.same(found.left, wanted.left, who);
		t.ok(wanted.given.length > 300);
		t.equal(found.given.length, wanted.given.length, who);
		const other = wanted.given.findIndex((line, n) => line !== found.given[n]);
		t.equal(found.given[other], wanted.given[other], `${who}: the first that is another`);
	}
	t.end();
});
