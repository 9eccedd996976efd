import type { FieldSource } from "../job/mapping.ts";
import { type Order, timeText, valueIn } from "./world.ts";

/** What a column of the source holds of an order. */
export type Holds =
	| { kind: "field"; field: string }
	/** An amount or weight in the larger unit, by so many of the smaller. */
	| { kind: "larger"; field: "amount_cents" | "weight_g"; by: number }
	/** An amount in a smaller unit, so many to one. */
	| { kind: "smaller"; field: "amount_cents"; by: number }
	| { kind: "first name" }
	| { kind: "last name" }
	| { kind: "street and city" }
	| { kind: "local time" };

export interface SourceColumn {
	name: string;
	type: string;
	holds: Holds;
}

/** The table of the source as it is at some time, and where each field of the target is in it: the truth of the mapping. */
export interface Layout {
	table: string;
	columns: readonly SourceColumn[];
	sources: Readonly<Record<string, FieldSource>>;
}

export const zone = "Europe/Berlin";
const winterHoursEast = 1;
export const statusType = "order_status";
export const firstStatuses = ["placed", "paid", "shipped"];
export const separator = ", ";

const firstTypes: Record<string, string> = {
	order_id: "bigint",
	customer_name: "varchar(60)",
	email: "varchar(80)",
	street: "varchar(80)",
	city: "varchar(40)",
	amount_cents: "integer",
	quantity: "smallint",
	weight_g: "integer",
	status: statusType,
	placed_at: "timestamptz",
	note: "varchar(40)",
};

export const firstLayout: Layout = {
	table: "orders",
	columns: Object.entries(firstTypes).map(([name, type]) => ({
		name,
		type,
		holds: { kind: "field", field: name },
	})),
	sources: Object.fromEntries(
		Object.keys(firstTypes).map((name) => [name, { kind: "column", column: name }]),
	),
};

/** What stands in a column of an order's row, as text. */
export function cellOf({ holds }: SourceColumn, order: Order): string | null {
	switch (holds.kind) {
		case "field":
			return valueIn(order, holds.field);
		case "larger": {
			const value = valueIn(order, holds.field);
			return value === null ? null : (Number(value) / holds.by).toFixed(Math.log10(holds.by));
		}
		case "smaller":
			return String(order.amountCents * holds.by);
		case "first name":
			return order.firstName;
		case "last name":
			return order.lastName;
		case "street and city":
			return `${order.street}${separator}${order.city}`;
		case "local time":
			return timeText(order.placedMinute, winterHoursEast);
		default:
			return holds satisfies never;
	}
}

/** Makes the source as it is at first. */
export function sourceSql(schema: string): string[] {
	const columns = firstLayout.columns.map(({ name, type }) =>
		type === statusType ? `${name} ${schema}.${type} not null` : `${name} ${type}`,
	);
	return [
		`create schema ${schema}`,
		`create type ${schema}.${statusType} as enum (${firstStatuses.map((label) => `'${label}'`).join(", ")})`,
		`create table ${schema}.orders (${columns.join(", ")}, change_no bigint not null, primary key (order_id))`,
		`create index on ${schema}.orders (change_no)`,
		// By which a round that was interrupted is known to be written, or not.
		`create table ${schema}_rounds (round integer primary key)`,
	];
}

/** Writes orders as the layout has them, over those with the same number: the statement and its values. */
export function writeSql(schema: string, { table, columns }: Layout, orders: readonly Order[]) {
	const all = [
		...columns.map((column) => ({
			name: column.name,
			type:
				column.type === statusType
					? `${schema}.${statusType}`
					: column.type.replace(/ not null.*$/, ""),
			cells: orders.map((order) => cellOf(column, order)),
		})),
		{ name: "change_no", type: "bigint", cells: orders.map(({ changeNo }) => String(changeNo)) },
	];
	const names = all.map(({ name }) => name);
	const key = columns.find(
		({ holds }) => holds.kind === "field" && holds.field === "order_id",
	)!.name;
	return {
		text: `insert into ${schema}.${table} (${names.join(", ")})
			select ${all.map(({ type }, i) => `c${i}::${type}`).join(", ")}
			from unnest(${all.map((_, i) => `$${i + 1}::text[]`).join(", ")}) as rows(${all.map((_, i) => `c${i}`).join(", ")})
			on conflict (${key}) do update set ${names
				.filter((name) => name !== key)
				.map((name) => `${name} = excluded.${name}`)
				.join(", ")}`,
		values: all.map(({ cells }) => cells),
	};
}
