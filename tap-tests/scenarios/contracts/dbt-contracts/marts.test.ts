import t from "tap";
import {
	differingRows,
	digestSql,
	digestsOf,
	martNames,
	martRows,
} from "../../../../scenarios/contracts/dbt-contracts/marts.ts";
import {
	minutesInDay,
	type Shop,
	shopOf,
} from "../../../../scenarios/contracts/dbt-contracts/source.ts";
import { marts } from "./contract-files.ts";

const shop: Shop = {
	customers: [
		{ customerId: 1, email: "a", country: "AT", signedUpDay: -1 },
		{ customerId: 2, email: "b", country: "DE", signedUpDay: 0 },
	],
	products: [
		{ productId: 1, sku: "S1", category: "books", listPriceCents: 500 },
		{ productId: 2, sku: "S2", category: "tools", listPriceCents: 990 },
	],
	orders: [
		{ orderId: 1, customerId: 1, status: "shipped", orderedMinute: minutesInDay - 1 },
		{ orderId: 2, customerId: 1, status: "returned", orderedMinute: minutesInDay },
		{ orderId: 3, customerId: 1, status: "paid", orderedMinute: 31 * minutesInDay },
	],
	items: [
		{ orderId: 1, lineNo: 1, productId: 1, quantity: 2, unitPriceCents: 500 },
		{ orderId: 1, lineNo: 2, productId: 2, quantity: 1, unitPriceCents: 900 },
		{ orderId: 2, lineNo: 1, productId: 1, quantity: 1, unitPriceCents: 500 },
	],
};

t.test("the marts of a shop that was worked out by hand", (t) => {
	t.same(martRows(shop), {
		fct_orders_v1: [
			"1|1|2026-01-01|shipped|1900",
			"2|1|2026-01-02|returned|500",
			"3|1|2026-02-01|paid|0",
		],
		fct_orders_v2: [
			"1|1|2026-01-01|shipped|3|1900|1900",
			"2|1|2026-01-02|returned|1|500|0",
			"3|1|2026-02-01|paid|0|0|0",
		],
		dim_customers: ["1|AT|2025-12-31|2026-01-01|3|1900", "2|DE|2026-01-01|-|0|0"],
		category_days: ["2026-01-01|books|2|1000", "2026-01-01|tools|1|900", "2026-01-02|books|1|0"],
	});
	t.end();
});

t.test("a digest is of the rows in any order, and of nothing else", (t) => {
	const rows = martRows(shop);
	const reversed = { ...rows, dim_customers: rows.dim_customers.toReversed() };
	t.same(digestsOf(reversed), digestsOf(rows));
	const changed = martRows({ ...shop, items: shop.items.slice(1) });
	const differing = martNames.filter((name) => digestsOf(rows)[name] !== digestsOf(changed)[name]);
	t.same(differing, [...martNames], "a line less is seen in every mart");
	t.match(digestsOf(rows).fct_orders_v1, /^3:[0-9a-f]{32}$/);
	t.end();
});

t.test("the rows in which two states differ are counted on both sides", (t) => {
	const rows = martRows(shop);
	t.equal(differingRows(rows, rows), 0);
	const moved = {
		...rows,
		dim_customers: ["1|NL|2025-12-31|2026-01-01|3|1900", rows.dim_customers[1]!],
	};
	t.equal(differingRows(rows, moved), 2);
	t.equal(differingRows(moved, rows), 2);
	t.end();
});

t.test("the query reads every column that the contract of a mart has", (t) => {
	const parts = digestSql("marts").split("(select count(*)");
	for (const { name, columns } of marts) {
		const relation = name === "fct_orders" ? "fct_orders_v2" : name;
		const part = parts.find((part) => part.includes(` from marts.${relation})`));
		const line = part?.split("from (select ")[1]?.split(" as line ")[0] ?? "";
		const read = [...line.matchAll(/coalesce\((\w+)::text/g)];
		t.same(
			read.map(([, column]) => column),
			columns.map((column) => column.name),
			relation,
		);
	}
	t.end();
});

t.test("a shop of some size has rows in every mart, and revenue in them", (t) => {
	const rows = martRows(shopOf(5, 500));
	t.equal(rows.fct_orders_v1.length, 500);
	t.ok(rows.category_days.length > 100);
	t.ok(
		rows.dim_customers.some((row) => row.endsWith("|0|0")),
		"customers who never ordered too",
	);
	t.end();
});
