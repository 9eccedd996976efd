import t from "tap";
import { type LakeFacts, lake } from "../../../../scenarios/databases/cdc-lakehouse/checks.ts";
import {
	type HeldLog,
	heldLogOf,
	mebibyte,
} from "../../../../scenarios/databases/cdc-lakehouse/held-log.ts";
import type { Read } from "../../../../scenarios/databases/cdc-lakehouse/names.ts";
import {
	countedChanges,
	hiddenGarbage,
	joinedStarts,
	levelPins,
} from "../../../../scenarios/databases/cdc-lakehouse/oracle/commits.ts";
import {
	balancedReads,
	equalReads,
	servedReads,
} from "../../../../scenarios/databases/cdc-lakehouse/oracle/reads.ts";
import type { CommitState } from "../../../../scenarios/databases/cdc-lakehouse/oracle/replay.ts";
import type { Version } from "../../../../scenarios/databases/cdc-lakehouse/reader/log-replay.ts";

// Histories by hand, each of which the oracle must or must not find something in.

const commits: CommitState[] = [10, 20, 30].map((lsn, n) => ({
	lsn,
	sums: { customers: `c${lsn}`, orders: `o${lsn}` },
	changeCounts: { customers: n + 1, orders: 2 * (n + 1) },
}));

/** A table's versions: each with where it is, how many changes it says that it has, and from where the stream came. */
function versions(...all: [lsn: number, changeCount: number, fromLsn?: number][]): Version[] {
	return all.map(([lsn, changeCount, fromLsn], n) => ({
		version: n,
		lsn,
		files: new Map([[`file-${n}`, 1]]),
		columns: [],
		rowsAdded: 1,
		info: {
			operation: n === 0 ? "SNAPSHOT" : "STREAMING UPDATE",
			timestamp: 100 * n,
			fromLsn: n === 0 ? null : (fromLsn ?? all[n - 1]![0]),
			changeCount,
		},
	}));
}

const right = new Map([
	["customers", versions([10, 1], [20, 1], [30, 1])],
	["orders", versions([10, 2], [20, 2], [30, 2])],
]);

const read = (lsn: number, more: object = {}): Read => ({
	kind: "read",
	lsn,
	sums: { customers: `c${lsn}`, orders: `o${lsn}` },
	balanced: true,
	...more,
});

t.test("a right history has nothing wrong in it", async (t) => {
	const reads = [read(10), read(30), { kind: "none" } as const];
	t.same(equalReads(reads, commits), { count: 2, wrongCount: 0, first: null });
	t.equal(balancedReads(reads).wrongCount, 0);
	t.equal(levelPins(right).wrongCount, 0);
	t.equal(countedChanges(right, commits).wrongCount, 0);
	t.equal(joinedStarts(right, [{ atMs: 150, fromLsn: 20 }]).wrongCount, 0);
	t.equal(hiddenGarbage(right, ["orders/file-9"]).wrongCount, 0);
});

t.test(
	"a table that is ahead of the others is no error, where none can be pinned there",
	async (t) => {
		const ahead = new Map([
			["customers", versions([10, 1], [20, 1], [30, 1])],
			["orders", versions([10, 2], [20, 2])],
		]);
		t.equal(levelPins(ahead).wrongCount, 0);
		const lateOne = new Map([
			["customers", versions([10, 1], [20, 1], [30, 1, 10])],
			["orders", versions([10, 2], [30, 4])],
		]);
		t.equal(
			countedChanges(lateOne, commits).wrongCount,
			0,
			"what a table has is not counted again",
		);
		t.equal(joinedStarts(lateOne, []).wrongCount, 0);
	},
);

t.test("a read of other rows than the source had is found", async (t) => {
	t.match(equalReads([read(20, { sums: { customers: "c20", orders: "o10" } })], commits), {
		wrongCount: 1,
		first: "orders at 0/14: o10; the source had o20",
	});
	t.match(equalReads([read(5)], commits).first, /the source had nothing/);
});

t.test(
	"half a transaction is found in what a reader saw, and in what one could have seen",
	async (t) => {
		t.equal(balancedReads([read(10, { balanced: false })]).wrongCount, 1);
		const uneven = new Map([
			["customers", versions([10, 1], [30, 2])],
			["orders", versions([10, 2], [20, 2], [30, 2])],
		]);
		t.match(levelPins(uneven), {
			wrongCount: 1,
			first: "customers stands at 0/A, orders stands at 0/14",
		});
	},
);

t.test("changes that are left out, or come twice, are found", async (t) => {
	const less = new Map([...right, ["orders", versions([10, 2], [20, 1], [30, 2])]]);
	t.match(countedChanges(less, commits), {
		wrongCount: 1,
		first: "orders version 1 brings 1 changes up to 0/14, the source made 2",
	});
	const twice = new Map([...right, ["orders", versions([10, 2], [20, 2], [20, 2], [30, 2])]]);
	t.equal(countedChanges(twice, commits).wrongCount, 1);
});

t.test("a start that is not where the tables are is found, and so is a gap", async (t) => {
	t.match(
		joinedStarts(right, [{ atMs: 150, fromLsn: 30 }]).first,
		"a consumer went on at 0/1E, and the tables were at 0/14",
	);
	const gap = new Map([...right, ["orders", versions([10, 2], [30, 2, 20])]]);
	t.match(joinedStarts(gap, []).first, "orders version 1 goes on at 0/14, and had come to 0/A");
});

t.test("a dead writer's file in a version is found", async (t) => {
	t.match(hiddenGarbage(right, ["orders/file-1"]), { count: 1, wrongCount: 1 });
});

t.test(
	"a read that breaks off is found, but not one that took longer than files are kept",
	async (t) => {
		const broken = (tookMs: number): Read => ({ kind: "broken", lsn: 10, error: "gone", tookMs });
		t.match(servedReads([read(10), broken(50)], 100), {
			count: 2,
			wrongCount: 1,
			first: "after 50 ms: gone",
		});
		t.same(servedReads([read(10), broken(150)], 100), { count: 1, wrongCount: 0, first: null });
	},
);

t.test("where nobody has said that a last vacuum is done, what it would leave is not told", (t) => {
	const finding = { count: 3, wrongCount: 0, first: null };
	const judged = (vacuumed: boolean, wrongCount = 0) => {
		const observed = { garbageHidden: finding, filesKept: { ...finding, wrongCount }, vacuumed };
		return lake.checks!["no-garbage-visible"]!.judge({ observed } as unknown as LakeFacts).ok;
	};
	t.equal(judged(true), true);
	t.equal(judged(false), "cannot_tell_here");
	t.equal(judged(false, 1), false);
	t.end();
});

t.test("who is told of a slot only once the disk is full was not told in time", (t) => {
	const room = 8;
	const readings = [1, 3, 7, 9, 2].map((mib, n) => ({ atMs: 100 * n, bytes: mib * mebibyte }));
	const full = heldLogOf(readings, room * mebibyte);
	t.same(full, { maxBytes: 9 * mebibyte, fullAtMs: 300 });
	const never = heldLogOf(readings.slice(0, 3), room * mebibyte);
	t.same(never, { maxBytes: 7 * mebibyte, fullAtMs: null });
	const judged = (heldLog: HeldLog, firedMs: number[]) => {
		const params = { logRoomMiB: room };
		const alerts = [{ rule: "slot-holds-the-log", firedMs }];
		const facts = { params, observed: { heldLog }, alerts } as unknown as LakeFacts;
		return lake.checks!["slot-told-in-time"]!.judge(facts);
	};
	t.match(judged(full, [200]), {
		ok: true,
		message:
			"the slot held 9.0 of the 8 MiB that there are; it was told at 200 ms, and full at 300 ms",
	});
	t.equal(judged(full, [300]).ok, false);
	t.equal(judged(full, []).ok, false);
	t.equal(judged(never, []).ok, true);
	t.equal(judged(heldLogOf([], room), []).ok, true);
	t.end();
});
