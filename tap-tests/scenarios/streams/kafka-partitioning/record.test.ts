import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import t from "tap";
import { deliveredOf } from "../../../../scenarios/streams/kafka-partitioning/delivered.ts";
import {
	compareLags,
	type LagSample,
} from "../../../../scenarios/streams/kafka-partitioning/lag.ts";
import { withMessage } from "../../../../scenarios/streams/kafka-partitioning/message.ts";
import { keyOrderOf } from "../../../../scenarios/streams/kafka-partitioning/order.ts";
import {
	countsOf,
	type Line,
	type PartEntry,
	partsOf,
	readRecord,
} from "../../../../scenarios/streams/kafka-partitioning/record.ts";

const sumOf = (from: number, to: number) => {
	let sum = 0;
	for (let n = from; n < to; n++) sum = withMessage(sum, n);
	return sum;
};

/** A part of a line of partition 0, whose messages are numbered as their offsets. */
const part = (
	atMs: number,
	from: number,
	to: number,
	{ consumer = "a", session = 1, committed = from } = {},
): PartEntry => ({
	atMs,
	consumer,
	pid: 1,
	session,
	partition: 0,
	from,
	to,
	committed,
	firstAtMs: session * 1_000,
	sum: sumOf(from, to),
	newKeys: [],
});

t.test("lines that join are one delivery", (t) => {
	t.same(deliveredOf([part(1, 0, 10), part(2, 10, 25)]), {
		count: 25,
		sum: sumOf(0, 25),
		skippedCount: 0,
		redeliveredCount: 0,
		sessionCount: 1,
	});
	t.same(deliveredOf([]), {
		count: 0,
		sum: 0,
		skippedCount: 0,
		redeliveredCount: 0,
		sessionCount: 0,
	});
	t.end();
});

t.test("what a killed consumer had not committed comes again, and counts once", (t) => {
	const next = { consumer: "b", session: 2 };
	t.same(deliveredOf([part(1, 0, 10), part(2, 10, 25), part(9, 10, 40, next)]), {
		count: 40,
		sum: sumOf(0, 40),
		skippedCount: 0,
		redeliveredCount: 15,
		sessionCount: 2,
	});
	const zombie = [part(1, 0, 10), part(9, 10, 40, next), part(10, 10, 25)];
	t.match(
		deliveredOf(zombie),
		{ count: 40, sum: sumOf(0, 40) },
		"whatever the one that was put out still wrote",
	);
	t.end();
});

t.test("what nobody processed is passed over, until somebody goes back to it", (t) => {
	const ahead = part(9, 30, 40, { consumer: "b", session: 2 });
	t.match(deliveredOf([part(1, 0, 10), ahead]), { count: 20, skippedCount: 20 });
	const back = part(20, 10, 50, { session: 3 });
	t.match(deliveredOf([part(1, 0, 10), ahead, back]), {
		count: 50,
		skippedCount: 0,
		sum: sumOf(0, 50),
	});
	t.end();
});

t.test("sessions that do not meet at a line's end leave the checksum untold", (t) => {
	const odd = part(9, 7, 40, { consumer: "b", session: 2 });
	t.match(deliveredOf([part(1, 0, 10), odd]), { sum: null });
	t.match(deliveredOf([part(1, 0, 10), part(2, 5, 12)]), { sum: null }, "nor one that goes back");
	t.end();
});

t.test("however often a partition changes hands, what was committed is delivered once", (t) => {
	// Each session writes lines of some lengths, commits all but the last few, and is killed.
	const session = fc.record({
		lengths: fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 5 }),
		lost: fc.nat(4),
	});
	fc.assert(
		fc.property(fc.array(session, { minLength: 1, maxLength: 6 }), (sessions) => {
			const parts: PartEntry[] = [];
			let committed = 0;
			let end = 0;
			for (const [i, { lengths, lost }] of sessions.entries()) {
				let at = committed;
				const ends: number[] = [];
				for (const length of lengths) {
					parts.push(part(parts.length, at, at + length, { session: i + 1, consumer: `c${i}` }));
					at += length;
					ends.push(at);
				}
				committed = ends.at(-1 - Math.min(lost, lengths.length)) ?? committed;
				end = at;
			}
			const { count, sum, skippedCount } = deliveredOf(parts);
			return count === end && sum === sumOf(0, end) && skippedCount === 0;
		}),
	);
	t.end();
});

const sample = (atMs: number, committed: number, end = 100): LagSample => ({
	fromMs: atMs,
	toMs: atMs,
	ends: [end],
	committed: [committed],
});

t.test("the broker has what the last line says, or what it says was committed before", (t) => {
	const parts = [part(10, 0, 5), part(20, 5, 9), part(30, 9, 12, { committed: 5 })];
	const rows: [LagSample, disagrees: boolean, why: string][] = [
		[sample(5, 0), false, "nothing yet"],
		[sample(5, 1), true, "committed, and not written down"],
		[sample(15, 0), false, "the first line is being committed"],
		[sample(15, 5), false, "it is committed"],
		[sample(15, 6), true, "beyond what was processed"],
		[sample(25, 4), true, "behind what was said to be committed"],
		[sample(25, 9), false, "the second"],
		[sample(35, 5), false, "the second was not taken by the group, as the third says"],
		[sample(35, 12), false, "both"],
	];
	for (const [looked, disagrees, why] of rows)
		t.equal(compareLags([looked], [parts]).disagreements.length > 0, disagrees, why);
	const slow = { ...sample(15, 9), toMs: 22 };
	t.same(compareLags([slow], [parts]).disagreements, [], "a line was written while it was asked");
	t.match(compareLags([sample(15, 0), sample(25, 5)], [parts]), {
		comparedCount: 2,
		gapMaxCount: 5,
	});
	t.match(compareLags([sample(25, 1)], [parts]).disagreements, [
		{ partition: 0, committed: 1, least: 5, most: 9 },
	]);
	t.end();
});

t.test("a key that came in two partitions is split", (t) => {
	const keys = (...newKeys: number[]): PartEntry[] => [{ ...part(1, 0, 1), newKeys }];
	t.same(keyOrderOf([keys(1, 2), keys(3), keys(2)], 4), {
		keyCount: 3,
		splitKeyCount: 1,
		regressionCount: 4,
	});
	t.match(keyOrderOf([[...keys(1), ...keys(1)]], 0), { splitKeyCount: 0 }, "twice in one");
	t.end();
});

t.test("a torn last line is no line, and a record that is not there is empty", (t) => {
	const path = join(t.testdir(), "consumed.ndjson");
	const line: Line = {
		atMs: 1,
		pid: 1,
		parts: [],
		regressionCount: 0,
		refusedCount: 0,
		latency: {},
	};
	writeFileSync(path, `${JSON.stringify(line)}\n${JSON.stringify(line).slice(0, 20)}`);
	t.same(readRecord(path), [line]);
	t.same(readRecord(`${path}.not`), []);
	t.end();
});

t.test("parts are laid out by partition and time", (t) => {
	const line = (atMs: number, pid: number, partition: number): Line => ({
		atMs,
		pid,
		regressionCount: atMs,
		refusedCount: 0,
		latency: {},
		parts: [{ ...part(atMs, 0, 1), partition }],
	});
	const records = { a: [line(5, 1, 0), line(7, 2, 1)], b: [line(1, 3, 0), line(6, 3, 0)] };
	t.same(
		partsOf(records, 2).map((parts) =>
			parts.map(({ consumer, pid, atMs }) => [consumer, pid, atMs]),
		),
		[
			[
				["b", 3, 1],
				["a", 1, 5],
				["b", 3, 6],
			],
			[["a", 2, 7]],
		],
	);
	t.end();
});

t.test("of a process the last word counts, and a restarted one counts anew", (t) => {
	const line = (pid: number, latency: Line["latency"]): Line => ({
		atMs: 1,
		pid,
		parts: [],
		regressionCount: 0,
		refusedCount: 0,
		latency,
	});
	const records = {
		a: [
			line(1, { steady: [[5, 1]] }),
			line(1, { steady: [[5, 2]], warming: [[9, 9]] }),
			line(1, {}),
		],
		b: [line(2, { steady: [[5, 3]] }), line(3, { steady: [[5, 4]] })],
	};
	t.same(countsOf(records, "steady"), [[[5, 2]], [[5, 3]], [[5, 4]]]);
	t.same(countsOf(records, "warming"), [[[9, 9]]]);
	t.same(countsOf(records, "faulting"), []);
	t.end();
});
