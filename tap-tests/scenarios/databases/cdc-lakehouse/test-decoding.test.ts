import t from "tap";
import { decode } from "../../../../scenarios/databases/cdc-lakehouse/oracle/test-decoding.ts";

const lines: [line: string, decoded: object, why: string][] = [
	["BEGIN", { kind: "begin" }, "a transaction begins"],
	[
		"message: transactional: 1 prefix: app, sz: 9 content:COMMIT 74",
		{ kind: "message" },
		"an application may write to the log what is no row",
	],
	["COMMIT 747", { kind: "commit" }, "and ends, with its number or without"],
	[
		"table public.orders: INSERT: id[bigint]:1 name[character varying]:'it''s [a]: b' gift[boolean]:true note[text]:null",
		{
			kind: "insert",
			table: "orders",
			row: { id: "1", name: "it's [a]: b", gift: "true", note: null },
		},
		"a text may hold what else begins a cell",
	],
	[
		"table public.orders: UPDATE: id[bigint]:1 note[text]:unchanged-toast-datum last[text]:'x'",
		{ kind: "update", table: "orders", old: null, row: { id: "1", note: undefined, last: "x" } },
		"what was not sent is told from what is null",
	],
	[
		"table public.orders: UPDATE: old-key: id[bigint]:1 note[text]:'new-tuple: x' new-tuple: id[bigint]:2 note[text]:''",
		{
			kind: "update",
			table: "orders",
			old: { id: "1", note: "new-tuple: x" },
			row: { id: "2", note: "" },
		},
		"a row of before may speak of a new one",
	],
	[
		"table public.orders: DELETE: id[bigint]:-1",
		{ kind: "delete", table: "orders", old: { id: "-1" } },
		"a delete has its key",
	],
	[
		"table public.orders, shop.customers: TRUNCATE: restart_seqs cascade",
		{ kind: "truncate", tables: ["orders", "customers"] },
		"several tables can be truncated at once",
	],
	[
		`table public."Odd name": INSERT: "a b"[timestamp with time zone]:'2026-01-01 00:00:00+00' tags[text[]]:'{a,b}' many[text]:'a
b'`,
		{
			kind: "insert",
			table: "Odd name",
			row: { "a b": "2026-01-01 00:00:00+00", tags: "{a,b}", many: "a\nb" },
		},
		"names with spaces, types with brackets, texts of several lines",
	],
];
for (const [line, decoded, why] of lines) t.test(why, async (t) => t.same(decode(line), decoded));

t.test("what is not known is no change that can be left out", async (t) => {
	t.throws(() => decode("streaming of TXN 7"), /what is not known/);
	t.throws(() => decode("table public.orders: MERGE: id[bigint]:1"), /not known: MERGE/);
	t.throws(
		() => decode("table public.orders: INSERT: id[bigint]:1 and more"),
		/goes on with and more/,
	);
});
