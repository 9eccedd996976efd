import t from "tap";
import { decoder } from "../../../../scenarios/databases/cdc-lakehouse/capture/debezium/event.ts";
import { SnapshotRows } from "../../../../scenarios/databases/cdc-lakehouse/capture/debezium/snapshot-rows.ts";
import { Transactions } from "../../../../scenarios/databases/cdc-lakehouse/capture/debezium/transactions.ts";
import type { Transaction } from "../../../../scenarios/databases/cdc-lakehouse/capture/transaction.ts";
import {
	beginText,
	changeText,
	endText,
	tables,
	unsent,
	type Written,
} from "./debezium-records.ts";

const decode = decoder(tables, unsent);
const order = (id: number, more: Partial<Written> & { lsn: number }) =>
	changeText({ op: "c", after: { order_id: id, amount: id }, ...more });

/** All that these records come to, the first at offset 0. */
function given(records: readonly (string | null)[], fromLsn = 0): Transaction[] {
	const transactions = new Transactions({ lsn: fromLsn });
	return records.flatMap((record, offset) => transactions.take(decode(record), offset));
}

const keysOf = ({ changes }: Transaction) =>
	changes.map(({ change }) => (change.kind === "upsert" ? change.row.order_id : change.kind));

const first = [beginText(7, 10), order(1, { lsn: 10 }), order(2, { lsn: 12 })];
const firstEnd = endText(7, 20, { orders: 2 });
const second = [
	beginText(8, 30),
	order(3, { xid: 8, lsn: 30, afterLsn: 20 }),
	endText(8, 40, { orders: 1 }),
];

t.test("a transaction is given with its end, and goes on behind it", (t) => {
	const [one, other, ...rest] = given([...first, firstEnd, ...second]);
	t.match(one, { endLsn: 20, offset: 4, committedMs: 2_000 });
	t.same(keysOf(one!), ["1", "2"]);
	t.match(other, { endLsn: 40, offset: 7 });
	t.same(keysOf(other!), ["3"]);
	t.same(rest, []);
	t.same(given(first), [], "and not before");
	t.end();
});

t.test("a connector that was killed sends again what it had not noted as sent", (t) => {
	const all = [...first, firstEnd, ...second];
	t.same(given([...all, ...all, ...second]).map(keysOf), [["1", "2"], ["3"]], "all of it");
	t.same(
		given([...first, ...first, firstEnd]).map(keysOf),
		[["1", "2"]],
		"what had no end yet, from its begin",
	);
	t.same(
		given([...all, ...first, firstEnd, ...second], 20).map(keysOf),
		[["3"]],
		"and nothing that the tables have",
	);
	t.end();
});

t.test(
	"what a dead connector has left of a transaction belongs to it, though the next one does not count it",
	(t) => {
		const rest = [beginText(7, 10), order(2, { lsn: 12 }), order(3, { lsn: 14 })];
		const all = given([...first, ...rest, endText(7, 20, { orders: 2 })]);
		t.same(all.map(keysOf), [["1", "2", "3"]]);
		const nothing = given([...first, beginText(7, 10), endText(7, 20, {})]);
		t.same(nothing.map(keysOf), [["1", "2"]], "also where nothing but the end was left to be sent");
		t.end();
	},
);

t.test(
	"changes that come behind their transaction's end are waited for, and others behind them too",
	(t) => {
		const [begin, one, two] = first;
		const all = given([begin!, firstEnd, one!, ...second, two!]);
		t.same(all.map(keysOf), [["1", "2"], ["3"]]);
		t.same(
			all.map(({ endLsn, offset }) => [endLsn, offset]),
			[
				// The second is needed from its begin on, should nobody have committed it.
				[20, 3],
				[40, 7],
			],
		);
		const swapped = [...second.slice(0, 2), ...first, second[2]!, firstEnd];
		t.throws(() => given(swapped), /lacks/, "ends are in the order of commits, or one is missing");
		t.end();
	},
);

t.test(
	"a row that gets another key is one change, and another row's delete is not part of it",
	(t) => {
		const before = { order_id: 5, amount: 1 };
		const moved = [
			beginText(7, 10),
			changeText({ op: "d", lsn: 10, before }),
			null,
			order(6, { lsn: 10, after: { order_id: 6, amount: 1 } }),
			changeText({ op: "d", lsn: 12, before: { order_id: 9, amount: 1 } }),
			null,
			order(8, { lsn: 14 }),
			endText(7, 20, { orders: 4 }),
		];
		const [one] = given(moved);
		t.match(
			one!.changes.map(({ change }) => change),
			[
				{ kind: "upsert", oldKey: "5", row: { order_id: "6" } },
				{ kind: "delete", key: "9" },
				{ kind: "upsert", oldKey: null, row: { order_id: "8" } },
			],
		);
		t.equal(one!.changes.length, 3);
		t.end();
	},
);

t.test("rows of one record of the log, and tables truncated by one, are each a change", (t) => {
	const [one] = given([
		beginText(7, 10),
		order(1, { lsn: 10 }),
		order(2, { lsn: 10 }),
		changeText({ op: "t", lsn: 12, table: "orders" }),
		changeText({ op: "t", lsn: 12, table: "customers" }),
		endText(7, 20, { orders: 3, customers: 1 }),
	]);
	t.same(keysOf(one!), ["1", "2", "truncate", "truncate"]);
	t.end();
});

t.test("a transaction that the topic lacks is noticed by the next one", (t) => {
	t.throws(() => given(second, 10), /ended at 20, and what has come ends at 10/);
	t.same(given(second, 20).map(keysOf), [["3"]]);
	t.end();
});

t.test("rows of a snapshot are all given with the last", (t) => {
	const row = (id: number, snapshot: string) =>
		changeText({ op: "r", lsn: 5, after: { order_id: id, amount: id }, snapshot });
	const rows = new SnapshotRows(tables);
	const records = [row(4, "first"), row(5, "true"), row(6, "last")];
	const told = records.map((record, offset) => rows.take(decode(record), offset));
	t.same(told.slice(0, -1), [null, null]);
	t.same(told.at(-1)!.at, { lsn: 5, offset: 3 });
	const { tables: all } = told.at(-1)!;
	t.same(
		all.get("orders")!.rows.map(({ order_id }) => order_id),
		["4", "5", "6"],
	);
	t.same(all.get("customers")!.rows, [], "a table without rows is there as well");
	t.same(
		new SnapshotRows(tables).take(decode(beginText(7, 10)), 0)!.at,
		{ lsn: 9, offset: 0 },
		"where there was none at all, everything is yet to come",
	);
	t.end();
});
