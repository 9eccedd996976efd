import t from "tap";
import { decoder } from "../../../../scenarios/databases/cdc-lakehouse/capture/debezium/event.ts";
import {
	FirstRows,
	type Mark,
} from "../../../../scenarios/databases/cdc-lakehouse/capture/debezium/first-rows.ts";
import type { Snapshot } from "../../../../scenarios/databases/cdc-lakehouse/capture/feed.ts";
import { beginText, changeText, endText, tables, unsent } from "./debezium-records.ts";

const sameFiles: Pick<Mark, "before" | "now"> = {
	before: { customers: [1], orders: [2] },
	now: { customers: [1], orders: [2] },
};

/** What comes of these records, where the mark lies at this LSN; the offset of the first is 0. */
function settled(
	records: readonly (string | null)[],
	lsn: number,
	files = sameFiles,
): { readAt: number; settledAt: number; snapshot: Snapshot } | null {
	const decode = decoder(tables, unsent);
	const rows = new FirstRows(tables);
	let readAt = -1;
	for (const [offset, record] of records.entries()) {
		const told = rows.take(decode(record), offset);
		if (told.kind === "all-read") {
			readAt = offset;
			rows.marked({ lsn, ...files });
		}
		if (told.kind === "settled") return { readAt, settledAt: offset, snapshot: told.snapshot };
	}
	return null;
}

const rowsOf = ({ tables }: Snapshot, name: string) => tables.get(name)!.rows;

const customer = (id: number, more: object = {}) => ({ customer_id: id, name: `c${id}`, ...more });
const read = (id: number, snapshot: string) =>
	changeText({ op: "r", lsn: 5, table: "customers", after: customer(id), snapshot });
const readOrder = (id: number, snapshot: string) =>
	changeText({ op: "r", lsn: 5, after: { order_id: id, amount: id }, snapshot });
const order = (id: number, xid: number, lsn: number) =>
	changeText({ op: "c", xid, lsn, after: { order_id: id, amount: id } });
/** A message of an application is in the stream too; a mark is nothing else. */
const message = JSON.stringify({ op: "m", ts_ms: 1, source: { schema: "", table: "", lsn: 60 } });
const markEnd = endText(9, 70, { mark: 1 }).replace("public.mark", "LOGICAL_DECODING_MESSAGE");
const mark = [beginText(9, 60), message, markEnd];

t.test("nobody sees a table that was truncated while it was read before the truncate", (t) => {
	const records = [
		read(1, "first"),
		// Of the orders none was found: the truncate below was committed by then.
		read(2, "last"),
		...[beginText(7, 10), order(1, 7, 10), endText(7, 20, { orders: 1 })],
		...[beginText(8, 30), changeText({ op: "t", xid: 8, lsn: 30 }), order(2, 8, 32)],
		endText(8, 40, { orders: 2 }),
	];
	t.equal(settled(records, 60), null, "all that has come was committed before the mark");
	const { readAt, settledAt, snapshot } = settled([...records, ...mark], 60)!;
	t.same([readAt, settledAt], [1, records.length + 2]);
	t.same(snapshot.at, { lsn: 70, offset: records.length + 3 });
	t.same(rowsOf(snapshot, "orders"), [{ order_id: "2", amount: "2" }]);
	t.same(
		rowsOf(snapshot, "customers").map(({ customer_id }) => customer_id),
		["1", "2"],
	);
	t.end();
});

t.test("the first row says of which LSN the snapshot is, once", (t) => {
	const decode = decoder(tables, unsent);
	const rows = new FirstRows(tables);
	const told = [readOrder(1, "first"), readOrder(2, "true"), readOrder(3, "last")];
	t.same(
		told.map((record, offset) => rows.take(decode(record), offset)),
		[{ kind: "begun", lsn: 5 }, { kind: "more" }, { kind: "all-read" }],
	);
	t.end();
});

t.test("what is committed behind the mark is left to the stream", (t) => {
	const later = [beginText(10, 80), order(3, 10, 80), endText(10, 90, { orders: 1 })];
	const records = [readOrder(1, "first"), readOrder(2, "last"), ...later, ...mark];
	const { snapshot } = settled(records, 60)!;
	t.same(
		snapshot.at,
		{ lsn: 90, offset: 5 },
		"the first that ends behind it is as good as the mark",
	);
	t.equal(rowsOf(snapshot, "orders").length, 3);
	t.end();
});

t.test("rows of which cells were not sent, and that a truncate took, are not missed", (t) => {
	const update = (xid: number, lsn: number) =>
		changeText({
			op: "u",
			xid,
			lsn,
			table: "customers",
			after: customer(5, { profile: unsent }),
		});
	const truncate = changeText({ op: "t", xid: 8, lsn: 30, table: "customers" });
	const before = [beginText(7, 10), update(7, 10), endText(7, 20, { customers: 1 })];
	const rest = [beginText(8, 30), truncate, endText(8, 40, { customers: 1 }), ...mark];
	const first = readOrder(1, "last");
	const { snapshot } = settled([first, ...before, ...rest], 60)!;
	t.same(rowsOf(snapshot, "customers"), []);
	t.equal(rowsOf(snapshot, "orders").length, 1);

	const both = [beginText(8, 28), update(8, 28), truncate, endText(8, 40, { customers: 2 })];
	t.ok(settled([first, ...both, ...mark], 60), "also within one transaction");

	t.throws(
		() => settled([first, ...before, ...mark], 60),
		/customers lacks rows, such as 5, and nothing took them/,
		"without a truncate they are",
	);
	t.end();
});

t.test("where there was no row at all, the begin that says so is not lost", (t) => {
	const records = [beginText(7, 10), order(1, 7, 10), endText(7, 20, { orders: 1 }), ...mark];
	const { readAt, snapshot } = settled(records, 60)!;
	t.equal(readAt, 0);
	t.same(rowsOf(snapshot, "orders"), [{ order_id: "1", amount: "1" }]);
	t.same(snapshot.at, { lsn: 70, offset: 6 });
	t.end();
});

t.test(
	"a row that is deleted while others are read is gone, and one that is changed is changed",
	(t) => {
		const records = [
			readOrder(1, "first"),
			readOrder(2, "last"),
			beginText(7, 10),
			changeText({ op: "d", xid: 7, lsn: 10, before: { order_id: 1, amount: 1 } }),
			null,
			changeText({ op: "u", xid: 7, lsn: 12, after: { order_id: 2, amount: 9 } }),
			endText(7, 20, { orders: 2 }),
			...mark,
		];
		t.same(rowsOf(settled(records, 60)!.snapshot, "orders"), [{ order_id: "2", amount: "9" }]);
		t.end();
	},
);

t.test("a connector that begins another snapshot has spoilt the topic", (t) => {
	const again = changeText({
		op: "r",
		lsn: 90,
		after: { order_id: 1, amount: 1 },
		snapshot: "first",
	});
	const spoilt = /begun another snapshot, at 0\/5A/;
	const rows = [readOrder(1, "first"), readOrder(2, "true")];
	t.throws(() => settled([...rows, again], 60), spoilt, "before its last row");
	const only = again.replace('"first"', '"last"');
	t.throws(() => settled([...rows, only], 60), spoilt, "also one of a single row");
	const all = [...rows, readOrder(3, "last")];
	t.throws(() => settled([...all, again], 60), spoilt, "behind it");
	const stream = [beginText(7, 10), order(1, 7, 10), endText(7, 20, { orders: 1 })];
	t.throws(
		() => settled([...all, ...stream, again], 60),
		spoilt,
		"and behind a part of its stream",
	);
	t.end();
});

const rewritten = /rewritten while the snapshot was read.* no truncate took these: orders$/;

t.test("nobody begins with a table that was rewritten before it was read", (t) => {
	const others: Pick<Mark, "before" | "now"> = {
		...sameFiles,
		now: { customers: [1], orders: [3] },
	};
	const customers = [read(1, "first"), read(2, "last")];
	t.throws(() => settled([...customers, ...mark], 60, others), rewritten);
	const update = changeText({ op: "u", xid: 7, lsn: 10, after: { order_id: 1, amount: unsent } });
	const lacking = [beginText(7, 10), update, endText(7, 20, { orders: 1 })];
	t.throws(
		() => settled([...customers, ...lacking, ...mark], 60, others),
		rewritten,
		"and not refused as one that lacks rows for no reason",
	);

	const found = [read(1, "first"), readOrder(1, "last"), ...mark];
	t.ok(settled(found, 60, others), "of a file one row is found only where all are");
	const emptied = changeText({ op: "t", xid: 8, lsn: 30 });
	const truncated = [beginText(8, 28), emptied, order(2, 8, 32), endText(8, 40, { orders: 2 })];
	const { snapshot } = settled([...customers, ...truncated, ...mark], 60, others)!;
	t.same(
		rowsOf(snapshot, "orders"),
		[{ order_id: "2", amount: "2" }],
		"what was there before a truncate is of no importance",
	);
	const none = [beginText(7, 10), order(1, 7, 10), endText(7, 20, { orders: 1 }), ...mark];
	t.throws(() => settled(none, 60, others), rewritten, "also where no table had a row");
	t.end();
});

t.test("of a table in several files one may have been rewritten though rows were found", (t) => {
	const before = { customers: [1], orders: [2, 3] };
	const found = [read(1, "first"), readOrder(1, "last"), ...mark];
	const other = { before, now: { ...before, orders: [2, 4] } };
	t.throws(() => settled(found, 60, other), rewritten);
	t.ok(settled(found, 60, { before, now: before }));
	const grown = { before: sameFiles.before, now: { ...sameFiles.now, orders: [2, 3] } };
	t.throws(() => settled(found, 60, grown), rewritten, "nor where it has got more of them");
	t.end();
});
