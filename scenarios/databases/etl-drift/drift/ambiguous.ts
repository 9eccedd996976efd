import { pick } from "faultline";
import { tableItself } from "../job/mapping.ts";
import { changed, columnOf, type EditKind, edit, pickColumn, relaid, type State } from "./edit.ts";
import { type Holds, separator, zone } from "./layout.ts";

// Changes of which nothing in the source says how they are meant: a mapping that goes on has guessed.

/** A number that comes back in another unit, under a name that is nearly the old one. */
function unitChanged(field: "amount_cents" | "weight_g", to: string, by: number): EditKind {
	return (_draw, state, schema) => {
		const { layout } = state;
		const column = columnOf(layout, field);
		if (column === undefined) return null;
		const table = `${schema}.${layout.table}`;
		const type = "numeric(16,3)";
		const source = { kind: "scaled", column: to, factor: by } as const;
		return edit(
			{
				...state,
				layout: relaid(
					layout,
					[column.name],
					[{ name: to, type, holds: { kind: "larger", field, by } }],
					{ [field]: source },
				),
			},
			{
				text: `${column.name} becomes ${to}, in units of ${by}`,
				statements: [
					`alter table ${table} add column ${to} ${type}`,
					`update ${table} set ${to} = ${column.name} / ${by}.0`,
					`alter table ${table} drop column ${column.name}`,
				],
				touches: [field, column.name, to],
				truth: {
					kind: "ambiguous",
					rule: "gone",
					place: [field, column.name, to],
					answers: [{ field, source }],
				},
			},
		);
	};
}

const swappable = [
	["customer_name", "email"],
	["street", "city"],
] as const;

export const ambiguous: Record<string, EditKind> = {
	"amount-in-another-unit": unitChanged("amount_cents", "amount", 100),
	"weight-in-another-unit": unitChanged("weight_g", "weight_kg", 1_000),
	"unit-under-the-same-name": (_draw, state, schema) => {
		const { layout } = state;
		const column = columnOf(layout, "amount_cents");
		if (column === undefined) return null;
		const { name } = column;
		const [by, factor] = [10, 0.1];
		const source = { kind: "scaled", column: name, factor } as const;
		const holds: Holds = { kind: "smaller", field: "amount_cents", by };
		return edit(
			{
				...state,
				layout: changed(layout, name, { type: "bigint", holds }, { amount_cents: source }),
			},
			{
				text: `${name} holds ${by} times what it held`,
				statements: [
					`alter table ${schema}.${layout.table} alter column ${name} type bigint using ${name}::bigint * ${by}`,
				],
				touches: ["amount_cents", name],
				truth: {
					kind: "ambiguous",
					rule: "content",
					place: ["amount_cents", name],
					answers: [{ field: "amount_cents", source }],
				},
			},
		);
	},
	split: (_draw, state, schema) => {
		const { layout } = state;
		const column = columnOf(layout, "customer_name");
		if (column === undefined) return null;
		const table = `${schema}.${layout.table}`;
		const source = {
			kind: "joined",
			columns: ["first_name", "last_name"],
			separator: " ",
		} as const;
		const half = (name: string, kind: "first name" | "last name") => {
			const holds: Holds = { kind };
			return { name, type: "text", holds };
		};
		const answered = { ...source, columns: [...source.columns] };
		return edit(
			{
				...state,
				layout: relaid(
					layout,
					[column.name],
					[half("first_name", "first name"), half("last_name", "last name")],
					{ customer_name: answered },
				),
			},
			{
				text: `split ${column.name} into first_name and last_name`,
				statements: [
					`alter table ${table} add column first_name text, add column last_name text`,
					`update ${table} set first_name = split_part(${column.name}, ' ', 1), last_name = split_part(${column.name}, ' ', 2)`,
					`alter table ${table} drop column ${column.name}`,
				],
				touches: ["customer_name", column.name, "first_name", "last_name"],
				truth: {
					kind: "ambiguous",
					rule: "gone",
					place: ["customer_name", "first_name", "last_name"],
					answers: [{ field: "customer_name", source: answered }],
				},
			},
		);
	},
	merged: (_draw, state, schema) => {
		const { layout } = state;
		const [street, city] = [columnOf(layout, "street"), columnOf(layout, "city")];
		if (street === undefined || city === undefined) return null;
		const table = `${schema}.${layout.table}`;
		const part = (number: number) =>
			({ kind: "part", column: "address", separator, part: number }) as const;
		return edit(
			{
				...state,
				layout: relaid(
					layout,
					[street.name, city.name],
					[{ name: "address", type: "text", holds: { kind: "street and city" } }],
					{ street: part(1), city: part(2) },
				),
			},
			{
				text: `merge ${street.name} and ${city.name} into address`,
				statements: [
					`alter table ${table} add column address text`,
					`update ${table} set address = ${street.name} || '${separator}' || ${city.name}`,
					`alter table ${table} drop column ${street.name}, drop column ${city.name}`,
				],
				touches: ["street", "city", street.name, city.name, "address"],
				truth: {
					kind: "ambiguous",
					rule: "gone",
					place: ["street", "city", "address"],
					answers: [
						{ field: "street", source: part(1) },
						{ field: "city", source: part(2) },
					],
				},
			},
		);
	},
	"two-that-could-be-it": (draw, state, schema) => {
		const { layout } = state;
		const column = columnOf(layout, "email");
		// Once: afterwards both are there.
		if (column === undefined || Object.hasOwn(layout.sources, "email_contact")) return null;
		if (Object.hasOwn(layout.sources, "email_primary")) return null;
		const table = `${schema}.${layout.table}`;
		const names = ["email_primary", "email_contact"];
		const right = pick(draw, names);
		const holds: Holds = { kind: "field", field: "email" };
		const other = names.find((name) => name !== right)!;
		const source = { kind: "column", column: right } as const;
		// The first that holds a field is its column; the other goes on beside it with the same.
		const come = [right, other].map((name) => ({ name, type: column.type, holds }));
		return edit(
			{
				...state,
				layout: relaid(layout, [column.name], come, {
					email: source,
					[other]: { kind: "column", column: other },
				}),
			},
			{
				text: `${column.name} becomes ${right}, beside ${other}`,
				statements: [
					`alter table ${table} rename column ${column.name} to ${right}`,
					`alter table ${table} add column ${other} ${column.type}`,
					`update ${table} set ${other} = ${right}`,
				],
				touches: ["email", column.name, ...names],
				truth: {
					kind: "ambiguous",
					rule: "gone",
					place: ["email", ...names],
					answers: [{ field: "email", source }],
				},
			},
		);
	},
	swapped: (draw, state, schema) => {
		const { layout } = state;
		const pairs = swappable.flatMap(([a, b]) => {
			const [first, second] = [columnOf(layout, a), columnOf(layout, b)];
			return first === undefined || second === undefined ? [] : [{ a, b, first, second }];
		});
		if (pairs.length === 0) return null;
		const { a, b, first, second } = pick(draw, pairs);
		const table = `${schema}.${layout.table}`;
		const [source, other] = [second, first].map(
			({ name }) => ({ kind: "column", column: name }) as const,
		);
		const swap = changed(layout, first.name, { name: "*swapped" });
		const layoutAfter = changed(
			changed(swap, second.name, { name: first.name }),
			"*swapped",
			{ name: second.name },
			{ [a]: source!, [b]: other! },
		);
		return edit(
			{ ...state, layout: layoutAfter },
			{
				text: `swap ${first.name} and ${second.name}`,
				statements: [
					`alter table ${table} rename column ${first.name} to swapped`,
					`alter table ${table} rename column ${second.name} to ${first.name}`,
					`alter table ${table} rename column swapped to ${second.name}`,
				],
				touches: [a, b, first.name, second.name],
				truth: {
					kind: "ambiguous",
					rule: "content",
					place: [a, b, first.name, second.name],
					answers: [
						{ field: a, source: source! },
						{ field: b, source: other! },
					],
				},
			},
		);
	},
	"zone-lost": (_draw, state, schema) => {
		const { layout } = state;
		const column = columnOf(layout, "placed_at");
		if (column === undefined) return null;
		const { name } = column;
		const source = { kind: "local", column: name, zone } as const;
		return edit(
			{
				...state,
				layout: changed(
					layout,
					name,
					{ type: "timestamp", holds: { kind: "local time" } },
					{ placed_at: source },
				),
			},
			{
				text: `${name} becomes a time without zone`,
				statements: [
					`alter table ${schema}.${layout.table} alter column ${name} type timestamp using ${name} at time zone '${zone}'`,
				],
				touches: ["placed_at", name],
				truth: {
					kind: "ambiguous",
					rule: "type",
					place: ["placed_at", name],
					answers: [{ field: "placed_at", source }],
				},
			},
		);
	},
	"dropped-required": (draw, state, schema) => {
		const { layout } = state;
		const chosen = pickColumn(draw, layout, ["city", "quantity"]);
		if (chosen === null) return null;
		const { field } = chosen;
		const { name } = chosen.column;
		return edit(
			{ ...state, layout: relaid(layout, [name], [], { [field]: { kind: "none" } }) },
			{
				text: `drop ${name}, which is required`,
				statements: [`alter table ${schema}.${layout.table} drop column ${name}`],
				touches: [field, name],
				truth: {
					kind: "ambiguous",
					rule: "gone",
					place: [field, name],
					answers: [{ field, source: { kind: "none" } }],
				},
			},
		);
	},
	"two-tables": (_draw, state: State, schema) => {
		const { table } = state.layout;
		const [to, other] = ["orders_v2", "orders_v3"];
		if (table !== "orders" && table !== "sales_orders") return null;
		return edit(
			{ ...state, layout: { ...state.layout, table: to! } },
			{
				text: `${table} becomes ${to}, beside ${other}`,
				statements: [
					`alter table ${schema}.${table} rename to ${to}`,
					`create table ${schema}.${other} (like ${schema}.${to} including all)`,
					`insert into ${schema}.${other} select * from ${schema}.${to}`,
				],
				touches: [tableItself],
				truth: {
					kind: "ambiguous",
					rule: "table",
					place: [table, to!, other!],
					answers: [{ field: tableItself, source: { kind: "column", column: to! } }],
				},
			},
		);
	},
};
