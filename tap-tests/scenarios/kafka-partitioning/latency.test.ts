import { encodeIntoCompressedBase64 } from "hdr-histogram-js";
import t from "tap";
import { histogram, latencyOf } from "../../../scenarios/kafka-partitioning/latency.ts";
import type { Line } from "../../../scenarios/kafka-partitioning/record.ts";

const lineOf = (pid: number, valuesMs: number[]): Line => {
	const latency = histogram();
	for (const ms of valuesMs) latency.recordValue(ms * 1_000);
	return {
		...{ atMs: 1, pid, parts: [], regressionCount: 0 },
		latencyUs: { steady: encodeIntoCompressedBase64(latency) },
	};
};

t.test("percentiles are over the messages of all consumers, not of their percentiles", (t) => {
	const fast = Array.from({ length: 900 }, () => 1);
	const slow = Array.from({ length: 100 }, () => 100);
	const latency = latencyOf({ a: [lineOf(1, fast)], b: [lineOf(2, slow)] }, "steady");
	t.equal(latency.count, 1_000);
	t.equal(Math.round(latency.p50Ms!), 1);
	t.equal(Math.round(latency.p95Ms!), 100);
	t.equal(Math.round(latency.maxMs!), 100);
	t.equal(latency.curve.at(-1)![0], 99.9, "a thousand messages know no p99.99");
	t.end();
});

t.test("of no message there is no latency", (t) => {
	t.same(latencyOf({ a: [] }, "steady"), {
		...{ count: 0, p50Ms: null, p95Ms: null, p99Ms: null, maxMs: null, curve: [] },
	});
	t.end();
});
