import { pick, type Stream } from "faultline";
import type { Contract, Property, SchemaObject } from "../../../subjects/gate/odcs.ts";
import {
	harmlessPart as harmlessPartOf,
	type NewValue,
	setRowsAt,
} from "../../../subjects/gate/part.ts";
import type { Table } from "../../../subjects/shop/tables.ts";
import { property } from "../shop/contracts.ts";
import type { Shop } from "../shop/shop.ts";
import type { Part } from "./change.ts";

// What changes are put together from: where something is, and what is done there in SQL and to what the seed has in mind.

/** A column that a contract has, of a table. */
export interface Declared {
	file: string;
	table: string;
	column: string;
	property: Property;
}

export function declared(shop: Shop): Declared[] {
	return Object.entries(shop.contracts).flatMap(([file, { schema = [] }]) =>
		schema
			.filter(({ name }) => shop.tables[name] !== undefined)
			.flatMap(({ name: table, properties = [] }) =>
				properties.map((property) => ({ file, table, column: property.name, property })),
			),
	);
}

/** Columns that no contract has. */
export function undeclared(shop: Shop): { table: string; column: string }[] {
	const known = new Set(declared(shop).map(({ table, column }) => `${table}.${column}`));
	return Object.entries(shop.tables).flatMap(([table, { columns }]) =>
		columns
			.filter(({ name }) => !known.has(`${table}.${name}`))
			.map(({ name: column }) => ({ table, column })),
	);
}

/** Neither key nor required, and no rule is about it: nothing but its name hangs on it. */
export function isPlain({ property }: Declared): boolean {
	return (
		property.primaryKey !== true &&
		property.required !== true &&
		property.unique !== true &&
		(property.quality ?? []).length === 0
	);
}

/** What rules, models and kinds of changes need to be there. */
const needed = new Set(
	"customer_id email country first_name last_name order_id status placed_on total_cents line_no sku quantity unit_cents".split(
		" ",
	),
);

/** A column that nothing but readers would miss. */
export function isDroppable(at: Declared): boolean {
	return isPlain(at) && !needed.has(at.column);
}

/** One of them; null of none. */
export function oneOf<T>(draw: Stream, some: readonly T[]): T | null {
	return some.length === 0 ? null : pick(draw, some);
}

export function columnOf(shop: Shop, table: string, column: string) {
	return shop.tables[table]!.columns.find(({ name }) => name === column)!;
}

export function objectOf(shop: Shop, file: string, table: string): SchemaObject {
	return shop.contracts[file]!.schema!.find(({ name }) => name === table)!;
}

export function propertyOf(shop: Shop, { file, table, column }: Declared): Property {
	return objectOf(shop, file, table).properties!.find(({ name }) => name === column)!;
}

/** The next version of a contract, after a change of this kind. */
export function bump(contract: Contract, by: "major" | "minor" | "patch"): void {
	const [major = 0, minor = 0, patch = 0] = contract.version.split(".").map(Number);
	const next = {
		major: [major + 1, 0, 0],
		minor: [major, minor + 1, 0],
		patch: [major, minor, patch + 1],
	};
	contract.version = next[by].join(".");
}

export function freshName(draw: Stream, prefix: string): string {
	return `${prefix}_${Math.floor(draw() * 1e9).toString(36)}`;
}

export const harmlessPart = harmlessPartOf<Shop>;

export function dropColumn(table: string, column: string): Part {
	return harmlessPart(
		`drop column ${table}.${column}`,
		`alter table ${table} drop column ${column};`,
		(shop) => removeColumn(shop.tables[table]!, column),
	);
}

function removeColumn(table: Table, column: string): void {
	table.columns = table.columns.filter(({ name }) => name !== column);
	table.uniques = table.uniques.filter((name) => name !== column);
	table.rows = table.rows.map(({ [column]: _, ...row }) => row);
}

export function addColumn(table: string, column: string, type = "text"): Part {
	return harmlessPart(
		`add column ${table}.${column}`,
		`alter table ${table} add column ${column} ${type};`,
		(shop) => {
			const added = shop.tables[table]!;
			added.columns.push({ name: column, type, notNull: false });
			for (const row of added.rows) row[column] = null;
		},
	);
}

export function setType(table: string, column: string, type: string): Part {
	return harmlessPart(
		`make ${table}.${column} ${type}`,
		`alter table ${table} alter column ${column} type ${type};`,
		(shop) => {
			columnOf(shop, table, column).type = type;
		},
	);
}

export function allowNull(table: string, column: string): Part {
	return harmlessPart(
		`allow null in ${table}.${column}`,
		`alter table ${table} alter column ${column} drop not null;`,
		(shop) => {
			columnOf(shop, table, column).notNull = false;
		},
	);
}

/** Sets a column of the rows whose `key` is one of these. */
export function setRows(
	table: string,
	key: string,
	column: string,
	keys: readonly number[],
	value: NewValue,
): Part {
	const rowsIn = ({ tables }: Shop) => tables[table]!.rows;
	return setRowsAt({ table, key, column, rowsIn }, keys, value);
}

/** The keys of some rows of a table, one at least. */
export function someKeys(draw: Stream, { rows }: Table, key: string): number[] {
	const keys = [...new Set(rows.map((row) => Number(row[key])))];
	const some = keys.filter(() => draw() < 0.2);
	return some.length > 0 ? some : [pick(draw, keys)];
}

/** Changes a contract, and nothing else. */
export function editContract(
	text: string,
	file: string,
	edit: (contract: Contract, shop: Shop) => void,
): Part {
	return harmlessPart(text, null, (shop) => edit(shop.contracts[file]!, shop));
}

/** Adds a column to a contract. */
export function declare(file: string, table: string, column: string, type: string): Part {
	return editContract(`have ${table}.${column} in the contract`, file, (_, shop) => {
		objectOf(shop, file, table).properties!.push(property(column, type));
	});
}

export function bumped(file: string, by: Parameters<typeof bump>[1]): Part {
	return editContract(`a ${by} version of ${file}`, file, (contract) => bump(contract, by));
}
