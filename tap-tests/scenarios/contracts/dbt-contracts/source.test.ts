import t from "tap";
import { accepted, shopOf } from "../../../../scenarios/contracts/dbt-contracts/source.ts";
import {
	insertSql,
	shopSql,
	tables,
} from "../../../../scenarios/contracts/dbt-contracts/tables.ts";
import { columnOf, sources, staging, testOf } from "./contract-files.ts";

t.test("the same seed makes the same shop, and another one another", (t) => {
	t.same(shopOf(1, 100), shopOf(1, 100));
	t.notSame(shopOf(1, 100), shopOf(2, 100));
	t.end();
});

t.test("every row of a shop is as the contract wants it", (t) => {
	for (const seed of [1, 2, 3]) {
		const { customers, products, orders, items } = shopOf(seed, 400);
		const ids = <T>(list: readonly T[], id: (row: T) => unknown) => new Set(list.map(id));
		const [customerIds, productIds, orderIds] = [
			ids(customers, (row) => row.customerId),
			ids(products, (row) => row.productId),
			ids(orders, (row) => row.orderId),
		];
		t.equal(orders.length, 400);
		t.equal(customerIds.size, customers.length);
		t.equal(productIds.size, products.length);
		t.equal(ids(products, (row) => row.sku).size, products.length);
		t.equal(orderIds.size, orders.length);
		t.equal(ids(items, (row) => `${row.orderId}/${row.lineNo}`).size, items.length);
		t.ok(
			customers.every(({ country }) => (accepted.country as readonly string[]).includes(country)),
		);
		t.ok(orders.every(({ status }) => (accepted.status as readonly string[]).includes(status)));
		t.ok(orders.every(({ customerId }) => customerIds.has(customerId)));
		t.ok(items.every(({ orderId }) => orderIds.has(orderId)));
		t.ok(items.every(({ productId }) => productIds.has(productId)));
		t.ok(items.every(({ unitPriceCents }) => Number.isInteger(unitPriceCents)));
		// So that a hundredth of any price is out of range, and a tenth more is not.
		t.ok(
			items.every(
				({ unitPriceCents: cents }) => cents >= 2 * accepted.cents.minimum && cents < 30_000,
			),
		);
	}
	t.end();
});

t.test("what the shop holds to be accepted is what the contract accepts", (t) => {
	const argumentsOf = (model: string, column: string, rule: string) =>
		testOf(columnOf(staging, model, column), rule);
	t.same(argumentsOf("stg_customers", "country", "accepted_values")?.values, accepted.country);
	t.same(argumentsOf("stg_products", "category", "accepted_values")?.values, accepted.category);
	t.same(argumentsOf("stg_orders", "status", "accepted_values")?.values, accepted.status);
	t.same(argumentsOf("stg_order_items", "unit_price_cents", "accepted_range"), accepted.cents);
	t.same(argumentsOf("stg_products", "list_price_cents", "accepted_range"), accepted.cents);
	t.same(argumentsOf("stg_order_items", "quantity", "accepted_range"), accepted.quantity);
	t.end();
});

t.test("every table that is delivered is a source, and every column of it is staged", (t) => {
	t.same(
		sources.map(({ name }) => name),
		Object.keys(tables),
	);
	for (const [table, columns] of Object.entries(tables)) {
		const model = staging.find(({ name }) => name === `stg_${table}`);
		t.same(
			model?.columns.map(({ name }) => name),
			Object.keys(columns),
			table,
		);
	}
	t.end();
});

t.test("rows go in by the thousands, and text is quoted", (t) => {
	const rows = Array.from({ length: 12_000 }, (_, i) => [i, `it's ${i}`]);
	const inserts = insertSql("raw.orders", rows);
	t.equal(inserts.length, 3);
	t.match(inserts[0], "insert into raw.orders values (0,'it''s 0'),(1,'it''s 1')");
	t.equal(inserts.join().match(/\(\d+,'/g)?.length, 12_000);
	t.same(insertSql("raw.orders", []), []);
	const origin = shopSql("origin", shopOf(1, 100)).join("\n");
	t.match(origin, "create table origin.orders (order_id integer, customer_id integer");
	t.end();
});
