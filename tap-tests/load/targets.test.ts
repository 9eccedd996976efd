import t from "tap";
import {
	breaker,
	fifoPool,
	frozen,
	groupCommit,
	limiter,
	processorSharing,
	type Target,
} from "../../load/bench/simulated/targets.ts";

/** When each of these arrivals ended, and how; all of it is asked for now and then on the way. */
function ends(target: Target, arrivals: readonly (readonly [atMs: number, workMs: number])[]) {
	const seen: [id: number, atMs: number, ok: boolean][] = [];
	const read = (atMs: number) => {
		for (const end of target.endedBy(atMs))
			seen.push([end.id, Math.round(100 * end.atMs) / 100, end.ok]);
	};
	for (const [id, [atMs, workMs]] of arrivals.entries()) {
		read(atMs);
		target.arrive(id, atMs, workMs);
	}
	for (let next = target.nextMs(); next < 1e9; next = target.nextMs()) read(next + 1e-6);
	return seen;
}

t.test("a pool works in order, so many at a time", async (t) => {
	t.same(
		ends(fifoPool(1), [
			[0, 10],
			[1, 5],
			[30, 5],
		]),
		[
			[0, 10, true],
			[1, 15, true],
			[2, 35, true],
		],
	);
	t.same(
		ends(fifoPool(2), [
			[0, 10],
			[1, 5],
			[2, 5],
		]),
		[
			[1, 6, true],
			[0, 10, true],
			[2, 11, true],
		],
	);
});

t.test("those that share a processor slow each other down", async (t) => {
	t.same(ends(processorSharing(1), [[0, 10]]), [[0, 10, true]]);
	t.same(
		ends(processorSharing(1), [
			[0, 10],
			[5, 5],
		]),
		[
			[0, 15, true],
			[1, 15, true],
		],
	);
	t.same(
		ends(processorSharing(1), [
			[0, 10],
			[5, 1],
		]),
		[
			[1, 7, true],
			[0, 11, true],
		],
	);
	t.same(
		ends(processorSharing(2), [
			[0, 10],
			[5, 5],
		]),
		[
			[0, 10, true],
			[1, 10, true],
		],
	);
});

t.test("what comes during a commit goes into the next", async (t) => {
	t.same(
		ends(groupCommit(10), [
			[0, 1],
			[2, 1],
			[4, 1],
			[30, 1],
		]),
		[
			[0, 11, true],
			[1, 21, true],
			[2, 21, true],
			[3, 41, true],
		],
	);
});

t.test("a limiter refuses what comes faster than its rate, but for a burst", async (t) => {
	const seen = ends(limiter(0.1, 2), [
		[0, 5],
		[1, 5],
		[2, 5],
		[12, 5],
	]);
	t.same(
		seen.map(([id, , ok]) => [id, ok]),
		[
			[2, false],
			[0, true],
			[1, true],
			[3, true],
		],
	);
});

t.test("clients that lose patience ask nobody for a while", async (t) => {
	const crowd = Array.from({ length: 8 }, (_, i) => [i, 100] as const);
	const seen = ends(breaker(1, 20), [...crowd, [60, 1], [900, 1]]);
	t.equal(seen.filter(([id, , ok]) => id < 8 && ok).length, 0, "all of the crowd was given up");
	t.same(
		seen.find(([id]) => id === 8),
		[8, 60.1, false],
		"the breaker is open",
	);
	t.same(
		seen.find(([id]) => id === 9),
		[9, 901, true],
		"and closed again",
	);
});

t.test("in a frozen target nothing moves", async (t) => {
	t.same(
		ends(frozen(fifoPool(1), 5, 105), [
			[0, 10],
			[50, 10],
			[200, 10],
		]),
		[
			[0, 110, true],
			[1, 120, true],
			[2, 210, true],
		],
	);
});
