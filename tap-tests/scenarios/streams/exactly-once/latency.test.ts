import t from "tap";
import { latencyOfWork } from "../../../../scenarios/streams/exactly-once/latency.ts";
import type { WrittenAttempt } from "../../../../scenarios/streams/exactly-once/oracle/attempts.ts";

const attempt = (offsets: number[], committedAtMs: number | null) =>
	({ partition: 1, offsets, committedAtMs }) as unknown as WrittenAttempt;
const payments = [0, 1, 2].map((n) => ({ n, partition: 1, offset: 10 + n }));
const dueAt = (n: number) => ({ intendedMs: 100 * n, startedMs: 0, endedMs: 0 });
const times = new Map(payments.map(({ n }) => [n, dueAt(n)]));
const zeroMs = 5_000;

t.test(
	"it is from when a payment was due until the first attempt that has it is committed",
	(t) => {
		const attempts = [attempt([10], null), attempt([11], 5_900), attempt([10, 11], 5_130)];
		const { count, p50Ms, p95Ms } = latencyOfWork(attempts, payments, times, zeroMs);
		t.equal(count, 2, "one that is not committed has none");
		t.equal(Math.round(p50Ms!), 30);
		t.equal(Math.round(p95Ms!), 130, "and not until one that did it again");
		t.end();
	},
);

t.test("what was committed by a broker before its answer came took no time", (t) => {
	const { p50Ms } = latencyOfWork([attempt([12], 5_150)], payments, times, zeroMs);
	t.ok(p50Ms !== null && p50Ms < 1);
	t.same(latencyOfWork([], payments, times, zeroMs).count, 0);
	t.end();
});
