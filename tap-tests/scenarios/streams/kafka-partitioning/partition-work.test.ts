import t from "tap";
import { withMessage } from "../../../../scenarios/streams/kafka-partitioning/message.ts";
import {
	type Arrival,
	PartitionWork,
} from "../../../../scenarios/streams/kafka-partitioning/partition-work.ts";

/** A worker on messages whose key is their number mod 2, with what it processed and when. */
function workOf(from = 0) {
	const processed: [n: number, endMs: number][] = [];
	const seen = { regressions: 0 };
	const work = new PartitionWork({
		partition: 3,
		session: 1,
		from,
		keys: 10,
		onProcessed: ({ n }, endMs) => processed.push([n, endMs]),
		onRegression: () => seen.regressions++,
	});
	return { work, processed, seen };
}

const arrival = (offset: number, n = offset): Arrival => ({
	offset,
	message: { intendedAtMs: 0, n, key: n % 2, phase: 1 },
});
const arrivals = (...offsets: number[]) => offsets.map((offset) => arrival(offset));

t.test("each message takes its cost, one after another, whenever it is looked at", (t) => {
	const { work, processed } = workOf();
	work.take(arrivals(0, 1), 100);
	t.equal(work.advance(105, 10), 110, "when the first will be done");
	t.same(processed, []);
	work.take(arrivals(2), 108);
	t.equal(work.advance(135, 10), null);
	t.same(
		processed,
		[
			[0, 110],
			[1, 120],
			[2, 130],
		],
		"a late look costs no capacity",
	);
	work.take(arrivals(3), 200);
	work.advance(210, 10);
	t.same(processed.at(-1), [3, 210], "and idle time gives none");
	t.end();
});

t.test("a message without cost is done when it is there", (t) => {
	const { work, processed } = workOf();
	work.take(arrivals(0, 1, 2), 50);
	t.equal(work.advance(50, 0), null);
	t.same(
		processed.map(([, endMs]) => endMs),
		[50, 50, 50],
	);
	t.end();
});

t.test("a process that stood still did no work meanwhile", (t) => {
	const { work, processed } = workOf();
	work.take(arrivals(0, 1), 100);
	work.advance(111, 10);
	work.stoodStill(111, 1_111);
	work.advance(1_111, 10);
	t.same(processed, [[0, 110]]);
	work.advance(1_121, 10);
	t.same(processed.at(-1), [1, 1_121]);
	t.end();
});

t.test("a line says what was processed since the last one", (t) => {
	const { work } = workOf(5);
	t.equal(work.takeLine(), null);
	work.take(arrivals(5, 6, 7), 100);
	work.advance(120, 10);
	t.same(work.takeLine(), {
		partition: 3,
		session: 1,
		firstAtMs: 110,
		from: 5,
		to: 7,
		committed: 5,
		newKeys: [1, 0],
		sum: withMessage(withMessage(0, 5), 6),
	});
	t.equal(work.recorded, 7);
	work.committed = 7;
	work.advance(130, 10);
	t.match(work.takeLine(), { from: 7, to: 8, committed: 7, newKeys: [], firstAtMs: 110 });
	t.equal(work.takeLine(), null);
	t.end();
});

t.test("what is fetched twice is taken once", (t) => {
	const { work, processed } = workOf();
	work.take(arrivals(0, 1), 0);
	work.take(arrivals(0, 1, 2), 0);
	t.equal(work.waitingCount, 3);
	work.advance(0, 0);
	work.take(arrivals(2, 3), 0);
	work.advance(0, 0);
	t.same(
		processed.map(([n]) => n),
		[0, 1, 2, 3],
	);
	t.end();
});

t.test(
	"a message that comes after a later one of its key is a regression, of another key it is none",
	(t) => {
		const { work, seen } = workOf();
		work.take([arrival(0, 4), arrival(1, 3), arrival(2, 2), arrival(3, 6)], 0);
		work.advance(0, 0);
		t.equal(seen.regressions, 1, "2 after 4; 3 has another key");
		t.end();
	},
);

t.test("thousands of messages are let go of as they are done", (t) => {
	const { work, processed } = workOf();
	const many = Array.from({ length: 10_000 }, (_, i) => i);
	work.take(arrivals(...many), 0);
	work.advance(9_000, 1);
	t.equal(processed.length, 9_000);
	t.equal(work.waitingCount, 1_000);
	work.advance(10_000, 1);
	t.same([work.waitingCount, work.position], [0, 10_000]);
	t.end();
});
