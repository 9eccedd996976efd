import t from "tap";
import { slicePairs, summaryOf } from "../../../daemon/duet/slices.ts";
import type { Turn } from "../../../daemon/record/duet.ts";
import type { MeteredInterval } from "../../../daemon/record/interval.ts";
import { encoded, view } from "../record/interval.ts";

/** Turns of a second each, from 1,000 ms on; `count` of both sides together. */
const turns = (count: number): Turn[] =>
	Array.from({ length: count }, (_, turn) => ({
		side: turn % 2 === 0 ? "a" : "b",
		fromMs: 1_000 + turn * 1_000,
		toMs: 2_000 + turn * 1_000,
	}));

/** An interval of 250 ms whose operations all took so long. */
const at = (fromMs: number, okCount: number, responseMs: number): MeteredInterval => {
	const responseUs = encoded(...new Array<number>(okCount).fill(responseMs));
	return {
		view: view(0, { fromMs, toMs: fromMs + 250, okCount }),
		responseUs,
		serviceUs: responseUs,
		responseMaxUs: responseMs * 1_000,
		phases: [],
	};
};

t.test("what ends from a turn's begin to the side's next one belongs to the turn", (t) => {
	const intervals = {
		a: [at(500, 9, 1), at(1_000, 10, 10), at(1_750, 10, 10), at(2_000, 1, 30), at(3_000, 20, 20)],
		b: [at(2_000, 10, 40), at(4_250, 5, 50)],
	};
	const pairs = slicePairs(intervals, "orders", turns(4));
	t.same(
		pairs.map(({ a, b }) => [a.okCount, b.okCount]),
		[
			[21, 10],
			[20, 5],
		],
		"the warm-up is not in it, the last to end after the first turn is",
	);
	t.same(pairs[0]!.a.lengthMs, 1_000);
	t.equal(pairs[0]!.a.responseUs.length, 3, "its histograms come along");
	t.same(slicePairs(intervals, "others", turns(4))[0]!.a, {
		lengthMs: 1_000,
		okCount: 0,
		errorCount: 0,
		responseUs: [],
	});
	t.end();
});

t.test("what failed and what is unknown are errors alike", (t) => {
	const failed = at(1_000, 10, 10);
	Object.assign(failed.view, { failCount: 2, unknownCount: 3 });
	const [pair] = slicePairs({ a: [failed], b: [] }, "orders", turns(2));
	t.match(pair!.a, { okCount: 10, errorCount: 5 });
	t.end();
});

t.test("a side is told as a whole: counts, rate, and its quantiles", (t) => {
	const intervals = { a: [at(1_000, 90, 10), at(3_000, 10, 100)], b: [] };
	const slices = slicePairs(intervals, "orders", turns(4)).map(({ a }) => a);
	const { okCount, okPerSec, responseUs } = summaryOf(slices);
	t.equal(okCount, 100);
	t.equal(okPerSec, 50);
	t.same(
		responseUs.map((us) => Math.round(us! / 1_000)),
		[10, 10, 10, 100, 100, 100],
	);
	t.same(summaryOf([]).responseUs, [null, null, null, null, null, null]);
	t.end();
});
