import fc from "fast-check";
import t from "tap";
import { type Batch, Batches } from "../../../../scenarios/streams/backlog-replay/batches.ts";
import { byKey } from "../../../../scenarios/streams/backlog-replay/by-key.ts";
import { coverageOf, type Range } from "../../../../scenarios/streams/backlog-replay/coverage.ts";
import {
	decode,
	encode,
	fingerprint,
	messageOf,
} from "../../../../scenarios/streams/backlog-replay/message.ts";

const mix = { seed: 1, keys: 50 };
const batchesOf = (offsets: readonly number[], size: number, end: number): Batch[] => {
	const batches = new Batches(3, size, end);
	return offsets.flatMap((offset) => [...batches.add({ offset, message: messageOf(offset, mix) })]);
};

t.test("batches begin at multiples of their size, and the last is as long as the log", (t) => {
	const all = batchesOf([0, 1, 2, 3, 4, 5, 6], 3, 7);
	t.match(all, [
		{ partition: 3, first: 0, last: 2 },
		{ first: 3, last: 5 },
		{ first: 6, last: 6 },
	]);
	t.same(
		all.map(({ messages }) => messages.map(({ n }) => n)),
		[[0, 1, 2], [3, 4, 5], [6]],
	);
	t.end();
});

t.test("who reads from the middle on has the same batches, and nothing beyond the end", (t) => {
	t.match(batchesOf([3, 4, 5, 6, 7, 8], 3, 7), [
		{ first: 3, last: 5 },
		{ first: 6, last: 6 },
	]);
	t.same(batchesOf([7, 8], 3, 7), []);
	t.end();
});

t.test("offsets that a log does not have leave no batch out", (t) => {
	t.match(batchesOf([0, 1, 4, 6], 3, 7), [
		{ first: 0, last: 2 },
		{ first: 3, last: 5 },
		{ first: 6, last: 6 },
	]);
	t.end();
});

t.test("every message is in one batch, whatever their size", (t) => {
	fc.assert(
		fc.property(fc.integer({ min: 1, max: 20 }), fc.nat(200), (size, end) => {
			const offsets = Array.from({ length: end }, (_, offset) => offset);
			const all = batchesOf(offsets, size, end);
			const { coveredCount, overlapCount } = coverageOf(all, end);
			const there = all.flatMap(({ messages }) => messages.map(({ n }) => n));
			return coveredCount === end && overlapCount === 0 && there.join() === offsets.join();
		}),
	);
	t.end();
});

t.test("coverage counts what is missing and what is twice, as a list of all offsets would", (t) => {
	const range = fc
		.record({ partition: fc.nat(2), first: fc.nat(40), length: fc.integer({ min: 1, max: 12 }) })
		.map(({ partition, first, length }): Range => ({ partition, first, last: first + length - 1 }));
	fc.assert(
		fc.property(fc.array(range), (ranges) => {
			const times = new Map<string, number>();
			for (const { partition, first, last } of ranges)
				for (let offset = first; offset <= last; offset++) {
					const place = `${partition}/${offset}`;
					times.set(place, (times.get(place) ?? 0) + 1);
				}
			const twice = [...times.values()].reduce((sum, count) => sum + count - 1, 0);
			const { coveredCount, overlapCount } = coverageOf(ranges, 100);
			return coveredCount === times.size && overlapCount === twice;
		}),
	);
	t.end();
});

t.test("a message is what it was when it comes out of the topic", (t) => {
	for (const n of [0, 1, 4_999_999]) t.same(decode(encode(messageOf(n, mix))), messageOf(n, mix));
	t.same(messageOf(7, mix), messageOf(7, mix));
	t.notSame(messageOf(7, mix), messageOf(7, { ...mix, seed: 2 }));
	t.end();
});

t.test("keys are spread evenly, and no two messages have one fingerprint", (t) => {
	const messages = Array.from({ length: 50_000 }, (_, n) => messageOf(n, mix));
	const perKey = Map.groupBy(messages, ({ key }) => key);
	t.equal(perKey.size, 50);
	for (const { length } of perKey.values()) t.ok(length > 800 && length < 1_200, `${length}`);
	const prints = new Set(messages.map(fingerprint));
	// Of 50,000 in 2^32 one pair in four may meet by chance.
	t.ok(prints.size > 49_990, `${prints.size}`);
	t.end();
});

t.test("by key there is the newest value, and the number and sum of all", (t) => {
	const one = { n: 5, key: 2, value: 50 };
	const older = { n: 4, key: 2, value: 40 };
	const other = { n: 9, key: 1, value: 90 };
	t.same(byKey([one, older, other]), [
		{ key: 1, version: 9, value: 90, count: 1, sum: fingerprint(other) },
		{ key: 2, version: 5, value: 50, count: 2, sum: fingerprint(one) + fingerprint(older) },
	]);
	t.end();
});
