import { countries, statuses } from "../../../subjects/shop/tables.ts";
import type { Alias, ConsumerTest, ExpectationName } from "./mesh.ts";

// The SQL of what consumers ask, by the names that their tests say they read.

/** A dataset, and a column of it, as a test has them: `orders` and `orders.status`. */
interface Names {
	from(alias: Alias): string;
	column(alias: Alias, meaning: string): string;
}

function namesOf({ reads }: ConsumerTest): Names {
	const read = (alias: Alias) => {
		const found = reads.find((one) => one.alias === alias);
		if (found === undefined) throw new Error(`the test reads no ${alias}`);
		return found;
	};
	return {
		from: (alias) => `${read(alias).dataset} as ${alias}`,
		column(alias, meaning) {
			const column = read(alias).columns.find((one) => one.meaning === meaning);
			if (column === undefined) throw new Error(`the test reads no ${meaning} of ${alias}`);
			return `${alias}.${column.name}`;
		},
	};
}

/** The query itself. */
export function querySql(test: ConsumerTest): string {
	const { shape, reads } = test;
	const { from, column } = namesOf(test);
	switch (shape.kind) {
		case "revenue-by-country": {
			const [country, day] = [column("customers", "country"), `${column("orders", "day")}::date`];
			return `select ${country}, ${day} as day, sum(${column("orders", "revenue")}) as revenue
from ${from("orders")}
join ${from("customers")} on ${column("customers", "customer")} = ${column("orders", "customer")}
where ${column("orders", "status")} <> 'cancelled'
group by ${country}, ${day}
`;
		}
		case "lines-to-pick":
			return `select ${column("items", "sku")}, sum(${column("items", "quantity")}) as pieces
from ${from("items")}
join ${from("orders")} on ${column("orders", "order")} = ${column("items", "order")}
where ${column("orders", "status")} in ('placed', 'paid')
group by ${column("items", "sku")}
`;
		case "customers-by-segment":
			return `select ${column("customers", "segment")}, count(${column("customers", "customer")}) as customers_count
from ${from("customers")}
group by ${column("customers", "segment")}
`;
		case "count-by": {
			const { alias } = reads[0]!;
			const by = column(alias, shape.meaning);
			return `select ${by}, count(*) as rows_count\nfrom ${from(alias)}\ngroup by ${by}\n`;
		}
		default:
			return shape satisfies never;
	}
}

/** What has to hold: a query with one number, and what that has to be. */
export type Expectation = { name: string; query: string } & (
	| { mustBe: number }
	| { mustBeGreaterThan: number }
);

export function expectationOf(name: ExpectationName, test: ConsumerTest): Expectation {
	const { from, column } = namesOf(test);
	const none = (query: string) => ({ name, query, mustBe: 0 });
	const unknown = (alias: Alias, meaning: string, known: readonly string[]) =>
		none(
			`select count(*) from ${from(alias)} where ${column(alias, meaning)} is null or ${column(alias, meaning)} not in (${known.map((one) => `'${one}'`).join(", ")})`,
		);
	switch (name) {
		case "every-order-has-a-customer":
			return none(
				`select count(*) from ${from("orders")} where not exists (select from ${from("customers")} where ${column("customers", "customer")} = ${column("orders", "customer")})`,
			);
		case "revenue-agrees":
			return none(
				`select count(*) from ${from("orders")} where ${column("orders", "revenue")} is distinct from (select coalesce(sum(${column("items", "quantity")}::bigint * ${column("items", "price")}), 0) from ${from("items")} where ${column("items", "order")} = ${column("orders", "order")})`,
			);
		case "lines-have-orders":
			return none(
				`select count(*) from ${from("items")} where not exists (select from ${from("orders")} where ${column("orders", "order")} = ${column("items", "order")})`,
			);
		case "quantity-positive":
			return none(
				`select count(*) from ${from("items")} where ${column("items", "quantity")} is null or ${column("items", "quantity")} <= 0`,
			);
		case "status-known":
			return unknown("orders", "status", statuses);
		case "country-known":
			return unknown("customers", "country", countries);
		case "segment-known":
			return unknown("customers", "segment", ["a", "b"]);
		case "none-cancelled":
			return none(
				`select count(*) from ${from("orders")} where ${column("orders", "status")} = 'cancelled'`,
			);
		case "rows-there":
			return {
				name,
				query: `select count(*) from ${from(test.reads[0]!.alias)}`,
				mustBeGreaterThan: 0,
			};
		default:
			return name satisfies never;
	}
}
