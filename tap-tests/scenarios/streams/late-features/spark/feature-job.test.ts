import { fileURLToPath } from "node:url";
import t from "tap";
import { ActivityStream } from "../../../../../scenarios/streams/late-features/activities.ts";
import { encode } from "../../../../../scenarios/streams/late-features/activity.ts";
import {
	FeatureJob,
	type FeatureJobOptions,
	leftOf,
} from "../../../../../scenarios/streams/late-features/feature-job.ts";
import { jsonLinesOf, noPython, pythonEnv } from "../../../python.ts";

// The job of Spark's, without Spark, on the messages of a seed: held against the job of Node's, batch by batch.

const replay = fileURLToPath(new URL("replay_features.py", import.meta.url));
const rules = { windowMs: 60_000, delayMs: 30_000, latenessMs: 120_000 };

/** The messages of a seed, and one of somebody whose name has all that JSON escapes or does not, and a slash. */
function messages(seed: number): Buffer[] {
	const activities = new ActivityStream({ seed, users: 20, gapMs: 500 }, () => 0);
	return Array.from({ length: 4_000 }, (_, n) => {
		const activity = activities.at(n);
		const user = activity.user === "user-3" ? 'Zoë/"\\ \u2028\t\u007f😀' : activity.user;
		// Of two that happened at once the greater id is the last, by its code units: U+FF5E is greater than an emoji.
		const atMs = n % 7 === 0 ? Math.floor(activity.atMs / 20_000) * 20_000 : activity.atMs;
		const id = `${n % 2 === 0 ? "😀" : "～"}${activity.id}`;
		const sentAtMs = n % 2 === 0 ? null : n + 0.125;
		return encode({ ...activity, id, atMs, user, n, sentAtMs, phase: "steady" });
	});
}

/** A line for each result, and one for what each batch changes of the state; a job for each, from the state before. */
function ofNode(values: readonly Buffer[], options: FeatureJobOptions, batchCount: number) {
	const live = new Map<string, string>();
	const lines: unknown[] = [];
	let bytes = {};
	for (let from = 0; from < values.length; from += batchCount) {
		const job = new FeatureJob(options);
		for (const [key, value] of live) job.restore({ key, value });
		for (const value of values.slice(from, from + batchCount)) job.process(value);
		const { results, changes } = job.take();
		bytes = job.stateBytes;
		for (const { key, value } of changes)
			if (value === null) live.delete(key);
			else live.set(key, value);
		for (const { to, key, value, cause } of results)
			lines.push([to, key, value, cause?.sentAtMs ?? null, cause?.phase]);
		lines.push(changes.map(({ key, value }) => [key, value]));
	}
	return { lines, left: leftOf([live], options), bytes };
}

function ofSpark(values: readonly Buffer[], options: FeatureJobOptions, batchCount: number) {
	const lines = jsonLinesOf(replay, {
		input: values.map(String).join("\n"),
		env: {
			...pythonEnv("scenarios/streams/late-features/spark", "scenarios/subjects/streams/spark"),
			WINDOW_MS: String(options.windowMs),
			DELAY_MS: String(options.delayMs),
			LATENESS_MS: String(options.latenessMs),
			TELLS_LATE: String(options.tellsLate),
			BATCH_COUNT: String(batchCount),
		},
	});
	const withStale = lines.pop();
	const stand = lines.pop() as { end: number; left: unknown; state_bytes: object };
	return { lines, withStale, ...stand };
}

for (const [seed, options, batchCount, who] of [
	[1, { ...rules, tellsLate: true }, 4_000, "one that corrects"],
	[2, { ...rules, tellsLate: true }, 333, "one that corrects, in batches"],
	[3, { ...rules, latenessMs: 0, tellsLate: false }, 1_000, "the naive twin"],
] as const)
	t.test(
		`on Spark the job gives and keeps byte for byte what it does in Node: ${who}`,
		{ skip: noPython },
		(t) => {
			const values = messages(seed);
			const wanted = ofNode(values, options, batchCount);
			const found = ofSpark(values, options, batchCount);
			t.same(found.left, wanted.left);
			t.match(
				found.withStale,
				{ staleCount: 1, stale: ["feature/0/user-1"] },
				"what is still stored of a window that is over is told",
			);
			t.equal(found.end, values.length);
			t.match(found.state_bytes, wanted.bytes);
			t.ok(wanted.lines.length > 300);
			t.equal(found.lines.length, wanted.lines.length);
			const other = wanted.lines.findIndex(
				(line, n) => JSON.stringify(line) !== JSON.stringify(found.lines[n]),
			);
			t.same(found.lines[other], wanted.lines[other], "the first that is another");
			t.end();
		},
	);
