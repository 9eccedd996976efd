import t from "tap";
import { LatencyCounts } from "../../../../chaos/subject/latency-counts.ts";
import { workOf } from "../../../../scenarios/subjects/streams/work.ts";
import type { Line } from "../../../../scenarios/subjects/streams/work-record.ts";
import { readRecord } from "../../../../scenarios/subjects/streams/work-record.ts";

const session = (atMs: number, partition: number, position: number, restoredCount = 0): Line => ({
	kind: "session",
	atMs,
	partition,
	position,
	restoredCount,
	restoreMs: 12.4,
});
const commit = (atMs: number, partition: number, from: number, to: number, bytes = 0): Line => ({
	kind: "commit",
	atMs,
	partition,
	from,
	to,
	resultCount: 1,
	bytes: { windows: bytes, ids: 2 * bytes },
});
const zeroMs = 1_000;

t.test("a replay lasts from the first that was ready to the last partition's last message", (t) => {
	const lines = [
		commit(1_500, 1, 0, 40),
		session(1_100, 0, 0),
		commit(1_300, 0, 0, 100),
		session(1_150, 1, 0),
		commit(1_700, 1, 40, 51),
		commit(1_900, 1, 51, 80),
	];
	t.same(workOf(lines, [90, 50, 0], zeroMs).replay, { fromMs: 100, toMs: 700 });
	t.equal(workOf(lines, [90, 81, 0], zeroMs).replay, null, "it did not come to the end");
	t.equal(workOf(lines, [0, 0, 0], zeroMs).replay, null, "there was nothing");
	t.end();
});

t.test("state is summed up over the partitions as they were last", (t) => {
	const lines = [commit(1_100, 0, 0, 1, 10), commit(1_200, 1, 0, 1, 5), commit(1_300, 0, 1, 2, 1)];
	t.same(workOf(lines, [], zeroMs).state, [
		{ atMs: 100, bytes: { windows: 10, ids: 20 } },
		{ atMs: 200, bytes: { windows: 15, ids: 30 } },
		{ atMs: 300, bytes: { windows: 6, ids: 12 } },
	]);
	const many = Array.from({ length: 1_600 }, (_, n) => commit(2_000 + n, 0, n, n + 1, n));
	const { state } = workOf(many, [], zeroMs);
	t.equal(state.length, 400);
	t.equal(state.at(-1)?.bytes.windows, 1_599, "of a stretch the greatest is kept");
	t.end();
});

t.test("a session is told with what had been committed by then", (t) => {
	const lines = [
		session(1_100, 0, 0),
		commit(1_200, 0, 0, 70),
		session(1_400, 0, 70, 9),
		commit(1_500, 1, 0, 3),
	];
	t.match(workOf(lines, [], zeroMs).sessions, [
		{ partition: 0, atMs: 100, position: 0, committed: 0 },
		{ partition: 0, atMs: 400, position: 70, committed: 70, restoredCount: 9, restoreMs: 12 },
	]);
	t.end();
});

t.test("latencies are of steady state, what each process has last said, put together", (t) => {
	const said = (atMs: number, pid: number, ...ms: number[]): Line => {
		const counts = new LatencyCounts();
		for (const one of ms) counts.recordMs(one);
		return { kind: "latency", atMs, pid, byPhase: { steady: counts.entries, faulting: [] } };
	};
	const lines = [said(1_200, 7, 10), said(1_300, 7, 10, 20), said(1_250, 8, 30, 40)];
	const { latency } = workOf(lines, [], zeroMs);
	t.same(
		[latency?.count, latency?.p50Ms, latency?.maxMs].map((one) => Math.round(one!)),
		[4, 20, 40],
	);
	t.equal(workOf([], [], zeroMs).latency?.p95Ms, null);
	t.end();
});

t.test("sessions that failed are counted, and the first of them are told", (t) => {
	const failed = Array.from(
		{ length: 30 },
		(_, n): Line => ({
			kind: "failure",
			atMs: 1_100 + n,
			partition: 2,
			why: "fenced",
		}),
	);
	const work = workOf(failed, [], zeroMs);
	t.equal(work.failedCount, 30);
	t.equal(work.failed.length, 20);
	t.same(work.failed[0], { partition: 2, atMs: 100, why: "fenced" });
	t.end();
});

t.test("a line that its writer's death has torn is not read", (t) => {
	const folder = t.testdir({
		"work.ndjson": `${JSON.stringify(session(1, 0, 0))}\n{"kind":"comm`,
	});
	t.equal(readRecord(`${folder}/work.ndjson`).length, 1);
	t.same(readRecord(`${folder}/none.ndjson`), []);
	t.end();
});

t.test("what the processor did is summed up over all processes, each as it told last", (t) => {
	const cpu = (pid: number, atMs: number, cpuMs: number): Line => ({
		kind: "cpu",
		atMs,
		pid,
		cpuMs,
	});
	const lines = [cpu(7, 1_100, 10), cpu(8, 1_400, 5), cpu(7, 1_300, 25), cpu(8, 1_200, 2)];
	t.equal(workOf(lines, [], zeroMs).cpuMs, 30);
	t.equal(workOf([], [], zeroMs).cpuMs, 0);
	t.end();
});
