import t from "tap";
import { conclude } from "../../../../scenarios/streams/kafka-partitioning/conclude.ts";
import type { Line } from "../../../../scenarios/streams/kafka-partitioning/record.ts";

const line = (pid: number, regressionCount: number, refusedCount: number): Line => ({
	atMs: 1,
	pid,
	parts: [],
	latency: {},
	regressionCount,
	refusedCount,
});

t.test("counts of a process go on from line to line, and those of all processes add up", (t) => {
	const samples = [{ fromMs: 5, toMs: 6, ends: [0], committed: [0] }];
	const records = { a: [line(1, 1, 0), line(1, 2, 1), line(2, 4, 0)], b: [line(3, 0, 2)] };
	const { refusedCount, order } = conclude({
		records,
		samples,
		partitions: 1,
		zeroMs: 0,
		phase: "steady",
	});
	t.equal(refusedCount, 3);
	t.equal(order.regressionCount, 6);
	t.end();
});
