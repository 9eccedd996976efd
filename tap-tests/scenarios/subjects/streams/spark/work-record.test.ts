import { join } from "node:path";
import { fileURLToPath } from "node:url";
import t from "tap";
import { workOf } from "../../../../../scenarios/subjects/streams/work.ts";
import { readRecord } from "../../../../../scenarios/subjects/streams/work-record.ts";
import { jsonLinesOf, noPython, pythonEnv } from "../../../python.ts";

const program = fileURLToPath(new URL("told_work.py", import.meta.url));

t.test("what a query on Spark tells of its work is read as anybody's", { skip: noPython }, (t) => {
	const cwd = t.testdir();
	const printed = jsonLinesOf(program, { cwd, env: pythonEnv("scenarios/subjects/streams/spark") });
	const lines = readRecord(join(cwd, "work.ndjson"));
	t.same(
		lines.map(({ kind }) => kind),
		["session", "session", "commit", "commit", "latency", "cpu", "failure", "failure", "session"],
		"of a partition that it has had before a session is told only after a failure",
	);
	const work = workOf(lines, [10, 10], 0);
	t.match(work.sessions, [
		{ partition: 0, position: 0, restoredCount: 3, committed: 0 },
		{ partition: 1, position: 0, restoredCount: 3, committed: 0 },
		{ partition: 0, position: 20, restoredCount: 3, committed: 10 },
	]);
	t.ok(work.sessions[0]!.restoreMs >= 1_000, "from when there was no state");
	t.ok(work.sessions[2]!.restoreMs < 1_000, "from the failure");
	t.equal(work.failedCount, 2);
	t.equal(work.latency.count, 2, "of what was there before nobody waited for a result");
	t.ok(work.latency.p95Ms! >= 400 && work.latency.p50Ms! >= 40);
	t.match(work.state.at(-1)?.bytes, { feature: 201 });
	t.ok(work.cpuMs > 0);
	t.same(
		printed,
		[
			"the query works\n",
			[
				[1, 1],
				[999, 1],
				[1240, 1],
				[124_000, 1],
			],
		],
		"latencies are kept to three digits, and none is told shorter than it was",
	);
	t.end();
});
