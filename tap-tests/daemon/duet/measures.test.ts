import t from "tap";
import { measuresOfLoad, measuresOfRuns } from "../../../daemon/duet/measures.ts";
import type { MetricOutcome } from "../../../daemon/host/protocol.ts";
import { encoded } from "../record/interval.ts";

const metric = (side: string, given: Partial<MetricOutcome>): MetricOutcome => ({
	name: "mttr_ms",
	case: side,
	value: 1_000,
	unit: "ms",
	direction: "lower",
	portability: "machine",
	censored: false,
	...given,
});

t.test("two whole runs are compared by what both have of the machine's speed", (t) => {
	const a = [
		metric("a", {}),
		metric("a", { name: "rate", unit: "per_sec", direction: "higher", value: 100 }),
		metric("a", { name: "rows_lost_count", portability: "exact", value: 0 }),
		metric("a", { name: "only_of_a" }),
	];
	const b = [
		metric("b", { value: 2_000, censored: true }),
		metric("b", { name: "rate", unit: "per_sec", direction: "higher", value: 50 }),
		metric("b", { name: "rows_lost_count", portability: "exact", value: 3 }),
	];
	const [recovery, rate, ...others] = measuresOfRuns(a, b);
	t.match(recovery, { name: "mttr_ms", role: "gate", censored: ["b"] });
	t.ok(Math.abs(recovery!.worseLog! - Math.log(2)) < 1e-9);
	t.match(rate, { name: "rate", role: "advisory", censored: [] });
	t.ok(Math.abs(rate!.worseLog! - Math.log(2)) < 1e-9, "less of what should be much is worse");
	t.same(others, []);
	t.end();
});

t.test("what does not exist is told by nothing, and what is too small by its resolution", (t) => {
	const of = (a: number | null, b: number | null) =>
		measuresOfRuns([metric("a", { value: a })], [metric("b", { value: b })])[0]!.worseLog;
	t.equal(of(null, 5), null);
	t.equal(of(0, 0.5), 0, "both are below a millisecond");
	t.end();
});

t.test("a load is compared by median, tail, throughput, and errors where there are any", (t) => {
	const slice = (ms: number, errorCount: number) => ({
		lengthMs: 1_000,
		okCount: 3_000,
		errorCount,
		responseUs: [encoded(...new Array<number>(3_000).fill(ms))],
	});
	const pairs = [{ a: slice(10, 0), b: slice(20, 300) }];
	const measures = measuresOfLoad("orders", pairs, "gate");
	t.same(
		measures.map(({ name, matters }) => [name, matters]),
		[
			["orders.p50", true],
			["orders.p99", true],
			["orders.throughput", true],
			["orders.errors", true],
		],
	);
	t.ok(Math.abs(measures[0]!.worseLog! - Math.log(2)) < 0.01);
	const calm = measuresOfLoad("orders", [{ a: slice(10, 0), b: slice(10, 0) }], "gate");
	t.equal(calm.at(-1)!.matters, false);
	t.end();
});
