import t from "tap";
import { monotonic } from "../../../../base/clock.ts";
import { epochOf, nowInRun } from "../../../../scenarios/databases/cdc-lakehouse/run-time.ts";
import { timelineOf } from "../../../../scenarios/databases/cdc-lakehouse/timeline.ts";

t.test("times are those of the run, whenever the machine and this process have begun", (t) => {
	const begunMs = Date.now() - 5_000;
	const zeroMs = Number(monotonic()) / 1e6 - 5_000;
	const nowMs = nowInRun(zeroMs);
	t.ok(nowMs >= 5_000 && nowMs < 10_000, `${nowMs}`);
	const apartMs = Math.abs(epochOf(zeroMs) - begunMs);
	t.ok(apartMs < 1_000, `${apartMs}`);
	const batch = {
		kind: "batch" as const,
		atMs: begunMs + 3_000,
		toLsn: 1,
		transactionCount: 1,
		changeCount: 7,
		tookMs: 1,
		lag: [[2_000, 1]] as [number, number][],
	};
	const timeline = timelineOf([batch], epochOf(zeroMs));
	t.match(timeline.at(-1), { changeCount: 7, batchCount: 1, lagMaxMs: 2 });
	t.ok(timeline.length >= 10 && timeline.length <= 20, `${timeline.length} stretches of 200 ms`);
	t.end();
});
