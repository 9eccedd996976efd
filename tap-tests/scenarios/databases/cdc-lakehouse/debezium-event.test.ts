import t from "tap";
import {
	decoder,
	type ToldChange,
} from "../../../../scenarios/databases/cdc-lakehouse/capture/debezium/event.ts";
import {
	beginText,
	changeText,
	endText,
	tables,
	unsent,
	type Written,
} from "./debezium-records.ts";

const decode = decoder(tables, unsent);
const changeIn = (written: Written) => decode(changeText(written)) as ToldChange;

t.test("cells are texts as Postgres writes them", (t) => {
	const after = { customer_id: 3, name: 'it\'s "x"', profile: null, vip: true };
	t.match(changeIn({ op: "c", lsn: 50, table: "customers", after, afterLsn: 40 }), {
		kind: "change",
		xid: "7",
		lsn: 50,
		afterLsn: 40,
		committedMs: 1_000,
		collection: "public.customers",
		table: "customers",
		shape: { key: ["customer_id"], columns: tables[0]!.columns },
		what: {
			op: "create",
			key: "3",
			row: { customer_id: "3", name: 'it\'s "x"', profile: null, vip: "true" },
		},
	});
	t.end();
});

t.test("a number beyond those that JavaScript has is what it was", (t) => {
	const text = changeText({ op: "c", lsn: 50, after: { order_id: 1, amount: 2 } });
	const large = text.replace('"amount":2', '"amount":9007199254740993');
	t.match(decode(large), { what: { row: { order_id: "1", amount: "9007199254740993" } } });
	t.end();
});

t.test("what stands for a cell that was not sent is none, and no text either", (t) => {
	const after = { customer_id: 3, name: "n", profile: unsent, vip: null };
	const { what } = changeIn({ op: "u", lsn: 50, table: "customers", after });
	t.same(what, {
		op: "update",
		key: "3",
		row: { customer_id: "3", name: "n", profile: undefined, vip: null },
	});
	t.ok("row" in what && "profile" in what.row, "it is a column still");
	t.end();
});

t.test("deletes, truncates and tombstones, and what is no row", (t) => {
	const source = { schema: "", table: "", lsn: 60 };
	const message = { op: "m", ts_ms: 1, source, message: { prefix: "app", content: "AAE=" } };
	t.same(decode(JSON.stringify(message)), { kind: "message" });
	const counted = endText(7, 20, { orders: 1, message: 2 });
	t.match(
		decode(counted.replace("public.message", "LOGICAL_DECODING_MESSAGE")),
		{ counts: new Map([["public.orders", 1]]) },
		"and that it is counted is no reason to wait for it",
	);
	const before = { order_id: 9, amount: null };
	t.same(changeIn({ op: "d", lsn: 50, before }).what, { op: "delete", key: "9" });
	const truncate = changeIn({ op: "t", lsn: 51 });
	t.same(truncate.what, { op: "truncate" });
	t.same(truncate.shape.columns, tables[1]!.columns, "its table is what it was");
	t.same(decode(null), { kind: "tombstone" });
	t.end();
});

t.test("begin and end of a transaction, with what was sent of it", (t) => {
	t.same(decode(beginText(7, 45)), { kind: "begin", xid: "7", lsn: 45 });
	t.same(decode(endText(7, 60, { orders: 2, customers: 1 })), {
		kind: "end",
		xid: "7",
		lsn: 60,
		committedMs: 2_000,
		counts: new Map([
			["public.orders", 2],
			["public.customers", 1],
		]),
	});
	t.end();
});

t.test("rows of a snapshot say whether they are its first or last", (t) => {
	const after = { order_id: 1, amount: 5 };
	const place = (snapshot: string) =>
		(decode(changeText({ op: "r", lsn: 5, after, snapshot })) as { place: string }).place;
	t.same(
		["first", "true", "first_in_data_collection", "last_in_data_collection", "last"].map(place),
		["first", "between", "between", "between", "last"],
	);
	t.end();
});

t.test("a column that is new is named, and known once the catalog has been asked again", (t) => {
	const written = { op: "c", lsn: 50, after: { order_id: 1, amount: 2, extra: "x" } };
	t.throws(() => changeIn(written), /orders has a column "extra"/);
	const [customers, orders] = tables;
	const wide = {
		...orders!,
		columns: [...orders!.columns, { name: "extra", type: "string" as const }],
	};
	const { shape } = decoder([customers!, wide], unsent)(changeText(written)) as ToldChange;
	t.same(
		shape.columns.map(({ name }) => name),
		["order_id", "amount", "extra"],
	);
	t.end();
});

t.test("what is not known is refused, and says what it was", (t) => {
	t.throws(() => decode('{"ts_ms":1}'), /neither a change nor a transaction's end: \{"ts_ms":1\}/);
	t.throws(() => changeIn({ op: "x", lsn: 1, after: { order_id: 1, amount: 1 } }), /not known: x/);
	t.throws(
		() => changeIn({ op: "c", lsn: 1, table: "others", after: {} }),
		/others is captured since/,
	);
	t.throws(
		() => changeIn({ op: "c", lsn: 1, after: { order_id: 1, amount: [1] } }),
		/column amount comes as \[1\]/,
	);
	t.end();
});
