import t from "tap";
import { AbortWatch } from "../../../daemon/watch/abort-watch.ts";
import type { AbortCondition } from "../../../scenarios/contract/plan.ts";
import { view } from "../record/interval.ts";

const errors: AbortCondition = { load: "orders", signal: "error_pct", is: "above", value: 20 };

function seen(condition: AbortCondition, intervals: Parameters<typeof view>[1][]) {
	const watch = new AbortWatch(condition, 3_000);
	return intervals.map((interval, index) => watch.see(view(index, interval)));
}

t.test("an error rate is taken over the window as a whole, not in each interval of it", (t) => {
	const [bad, good] = [{ failCount: 90, okCount: 10 }, { okCount: 100 }];
	t.same(seen(errors, [good, bad, good]), [null, null, "orders.error_pct above 20 over 3000 ms"]);
	t.same(seen(errors, [bad, good, good, good]), [
		null,
		null,
		"orders.error_pct above 20 over 3000 ms",
		null,
	]);
	const few = { failCount: 20, okCount: 80 };
	t.same(seen(errors, [few, few, few]), [null, null, null], "at the limit is not above it");
	t.end();
});

t.test("a window in which nothing ended has no error rate, but no throughput either", (t) => {
	t.same(seen(errors, [{}, {}, {}]), [null, null, null]);
	const starved: AbortCondition = { ...errors, signal: "ok_per_sec", is: "below", value: 5 };
	t.same(seen(starved, [{}, { okCount: 9 }, {}]), [
		null,
		null,
		"orders.ok_per_sec below 5 over 3000 ms",
	]);
	t.end();
});

t.test("a latency must be beyond its limit all through the window", (t) => {
	const slow: AbortCondition = {
		...errors,
		signal: "response_p99_ms",
		value: 100,
		windowMs: 2_000,
	};
	const at = (responseP99Ms: number | null) => ({ responseP99Ms });
	t.same(seen(slow, [at(200), at(50), at(200), at(200)]), [
		null,
		null,
		null,
		"orders.response_p99_ms above 100 over 2000 ms",
	]);
	t.same(
		seen(slow, [at(200), at(null), at(200)]),
		[null, null, null],
		"what is unknown is no breach",
	);
	t.end();
});

t.test("other loads and gauges do not count", (t) => {
	const watch = new AbortWatch({ gauge: "lag", is: "above", value: 10, windowMs: 200 }, 3_000);
	const lag = (fromMs: number, value: number | null, gauge = "lag") =>
		watch.see({ gauge, value, case: null, fromMs, toMs: fromMs + 100 });
	t.equal(watch.see(view(0, { failCount: 5 })), null);
	t.equal(lag(0, 50), null, "the window is not full");
	t.equal(lag(100, 50, "depth"), null);
	t.equal(lag(100, 50), "lag above 10 over 200 ms");
	t.equal(lag(200, null), null);
	t.end();
});
