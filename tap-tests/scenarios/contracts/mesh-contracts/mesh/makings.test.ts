import t from "tap";
import { firstMesh } from "../../../../../scenarios/contracts/mesh-contracts/mesh/first-mesh.ts";
import {
	modelSql,
	publishedRows,
} from "../../../../../scenarios/contracts/mesh-contracts/mesh/makings.ts";
import type {
	Making,
	Published,
	Publisher,
} from "../../../../../scenarios/contracts/mesh-contracts/mesh/mesh.ts";

const sales = firstMesh(1).publishers.sales;
sales.tables.orders!.rows = [
	{
		order_id: 1,
		customer_id: 7,
		status: "paid",
		placed_on: "2026-01-31",
		note: null,
		channel: "web",
	},
];
sales.tables.order_items!.rows = [
	{ order_id: 1, line_no: 1, sku: "a", quantity: 2, unit_cents: 150 },
	{ order_id: 1, line_no: 2, sku: "b", quantity: 1, unit_cents: 99 },
];
const column = (name: string): Making => ({ kind: "column", column: name });

function datasetOf(
	making: Making,
	type: string,
	rows: Published["rows"] = { kind: "all" },
): Published {
	const [first] = sales.datasets.orders_v1!.columns;
	return { ...sales.datasets.orders_v1!, rows, columns: [{ ...first!, name: "it", type, making }] };
}

t.test("each making is the same in SQL and in rows", (t) => {
	const rows: [making: Making, type: string, sql: string, cell: unknown][] = [
		[column("status"), "text", "(r.status)::text as it", "paid"],
		[column("order_id"), "text", "(r.order_id)::text as it", "1"],
		[column("note"), "text", "(r.note)::text as it", null],
		[
			column("placed_on"),
			"timestamp without time zone",
			"(r.placed_on)::timestamp",
			"2026-01-31T00:00:00",
		],
		[{ kind: "revenue" }, "bigint", "sum(i.quantity::bigint * i.unit_cents)", 399],
		[{ kind: "divided", of: { kind: "revenue" }, by: 100 }, "bigint", "trunc((select", 3],
		[{ kind: "plus", of: column("order_id"), by: 10 }, "integer", "(r.order_id) + 10", 11],
		[{ kind: "plus", of: column("placed_on"), by: 1 }, "date", "(r.placed_on) + 1", "2026-02-01"],
		[
			{ kind: "letters", of: column("status"), case: "upper" },
			"text",
			"upper((r.status)::text)",
			"PAID",
		],
		[{ kind: "letters", of: column("note"), case: "lower" }, "text", "lower((r.note)::text)", null],
		[
			{ kind: "nulled", of: column("status"), value: "paid" },
			"text",
			"nullif((r.status)::text, 'paid')",
			null,
		],
		[{ kind: "masked", value: "x" }, "text", "('x')::text", "x"],
	];
	for (const [making, type, sql, cell] of rows) {
		const dataset = datasetOf(making, type);
		t.ok(modelSql(dataset).includes(sql), `${sql} in ${modelSql(dataset)}`);
		t.same(publishedRows(dataset, sales), [{ it: cell }], sql);
	}
	t.end();
});

t.test("rows are all, some or each twice, and columns those of the contract", (t) => {
	const of = (rows: Published["rows"]) => datasetOf(column("status"), "text", rows);
	const without = (value: string) => of({ kind: "without", column: "status", value });
	t.equal(publishedRows(without("paid"), sales).length, 0);
	t.equal(publishedRows(without("other"), sales).length, 1);
	t.match(modelSql(without("paid")), /where r\.status is distinct from 'paid'/);
	t.equal(publishedRows(of({ kind: "twice" }), sales).length, 2);
	const hidden = of({ kind: "all" });
	hidden.columns[0]!.isDeclared = false;
	t.same(publishedRows(hidden, sales), [{}]);
	t.match(modelSql(hidden), "as it");
	hidden.columns[0]!.isBuilt = false;
	t.notMatch(modelSql(hidden), "as it");
	t.end();
});

t.test("no dataset of a seed is empty, and each order costs what its lines cost", (t) => {
	const { publishers } = firstMesh(5);
	for (const publisher of Object.values(publishers) as Publisher[])
		for (const dataset of Object.values(publisher.datasets))
			t.ok(publishedRows(dataset, publisher).length > 5);
	const [order] = publishedRows(publishers.sales.datasets.orders_v1!, publishers.sales);
	t.equal(order!.revenue_cents, publishers.sales.tables.orders!.rows[0]!.total_cents);
	t.end();
});
