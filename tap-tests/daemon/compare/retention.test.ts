import t from "tap";
import { acceptRuns } from "../../../daemon/compare/accept.ts";
import { BaselineStore } from "../../../daemon/compare/baseline-store.ts";
import { applyRetention, expired } from "../../../daemon/compare/retention.ts";
import { briefOf } from "../../../daemon/record/brief.ts";
import type { RunDocument } from "../../../daemon/record/document.ts";
import { RunStore } from "../../../daemon/record/store.ts";
import { runDocument } from "../record/run-document.ts";
import { accepting, doneRun } from "./accepted.ts";

const nowMs = Date.parse("2026-02-01T00:00:00.000Z");
const none = new Set<string>();
/** A run that ended so many days ago; ids say the same. */
const aged = (days: number, more: Partial<RunDocument> = {}) =>
	doneRun(
		{},
		{
			runId: `r${String(100 - days).padStart(3, "0")}`,
			endedAt: new Date(nowMs - days * 86_400_000).toISOString(),
			...more,
		},
	);
const newestFirst = (...runs: RunDocument[]) =>
	runs.map(briefOf).sort((a, b) => (a.runId < b.runId ? 1 : -1));

t.test("runs beyond the count go, and those that are too old", (t) => {
	const runs = newestFirst(aged(1), aged(2), aged(3), aged(40));
	t.same(expired(runs, { runs: 10, days: 30 }, nowMs, none), ["r060"]);
	t.same(expired(runs, { runs: 2, days: 30 }, nowMs, none), ["r097", "r060"]);
	t.same(expired(runs, { runs: 10, days: 50 }, nowMs, none), []);
	t.same(expired([], { runs: 1, days: 1 }, nowMs, none), []);
	t.end();
});

t.test("what has not ended, or is held, stays", (t) => {
	const runs = newestFirst(aged(40, { state: "steady" }), aged(41), aged(42));
	t.same(expired(runs, { runs: 1, days: 1 }, nowMs, new Set(["r058"])), ["r059"]);
	const waiting = runDocument({ state: "aborted", endedAt: null });
	t.same(expired([briefOf(waiting)], { runs: 9, days: 1 }, nowMs, none), [waiting.runId]);
	t.end();
});

t.test("a baseline's source outlives every limit, as long as it is one", (t) => {
	const folder = t.testdir({ runs: {}, baselines: {} });
	const store = new RunStore(`${folder}/runs`);
	t.teardown(() => store.close());
	const baselines = new BaselineStore(`${folder}/baselines`);
	const runs = [aged(90), aged(91), aged(92), aged(1)];
	for (const run of runs) store.create(run);
	baselines.save(acceptRuns(null, [runs[0]!], accepting).baseline);
	const keep = { runs: 100, days: 30 };
	const options = { nowMs, needed: ["r009"] };
	t.same(applyRetention(store, baselines, keep, options), ["r008"]);
	t.same(
		store.list(9, null).map(({ runId }) => runId),
		["r099", "r010", "r009"],
	);
	t.notOk(store.has("r008"));
	baselines.save(acceptRuns(null, [runs[3]!], accepting).baseline);
	t.same(applyRetention(store, baselines, keep, { nowMs, needed: [] }), ["r010", "r009"]);
	t.end();
});
