import { breaking } from "../../../subjects/gate/part.ts";
import { widened } from "../../../subjects/shop/tables.ts";
import type { Kind } from "./change.ts";
import {
	allowNull,
	columnOf,
	type Declared,
	declared,
	dropColumn,
	freshName,
	harmlessPart,
	oneOf,
	setType,
} from "./parts.ts";

// What a migration does to structure that a contract states.

const isKey = ({ property }: Declared) => property.primaryKey === true;

export const violatingStructure = {
	"column-dropped": (draw, shop) => {
		const at = oneOf(
			draw,
			declared(shop).filter((one) => !isKey(one)),
		);
		return at && breaking(dropColumn(at.table, at.column), [at.table, at.column], "presence");
	},
	"column-renamed": (draw, shop) => {
		const at = oneOf(
			draw,
			declared(shop).filter((one) => !isKey(one)),
		);
		if (at === null) return null;
		const { table, column } = at;
		const name = freshName(draw, column);
		const rename = harmlessPart(
			`rename ${table}.${column} to ${name}`,
			`alter table ${table} rename column ${column} to ${name};`,
			({ tables }) => {
				const renamed = tables[table]!;
				for (const one of renamed.columns) if (one.name === column) one.name = name;
				renamed.uniques = renamed.uniques.map((one) => (one === column ? name : one));
				renamed.rows = renamed.rows.map(({ [column]: cell, ...row }) => ({
					...row,
					[name]: cell!,
				}));
			},
		);
		return breaking(rename, [table, column], "presence");
	},
	"table-renamed": (draw, shop) => {
		const table = oneOf(draw, [...new Set(declared(shop).map(({ table }) => table))]);
		if (table === null) return null;
		const name = freshName(draw, table);
		const rename = harmlessPart(
			`rename ${table} to ${name}`,
			`alter table ${table} rename to ${name};`,
			({ tables }) => {
				tables[name] = tables[table]!;
				delete tables[table];
			},
		);
		return breaking(rename, [table], "presence");
	},
	"type-changed": (draw, shop) => {
		const at = oneOf(
			draw,
			declared(shop).filter(
				({ table, column }) => widened(columnOf(shop, table, column).type) !== null,
			),
		);
		if (at === null) return null;
		const { table, column } = at;
		const type = widened(columnOf(shop, table, column).type)!;
		return breaking(setType(table, column, type), [table, column], "type");
	},
	"null-allowed": (draw, shop) => {
		const at = oneOf(
			draw,
			declared(shop).filter((one) => one.property.required === true && !isKey(one)),
		);
		return at && breaking(allowNull(at.table, at.column), [at.table, at.column], "nullability");
	},
	"primary-key-dropped": (draw, shop) => {
		const tables = [
			...new Set(
				declared(shop)
					.filter(isKey)
					.map(({ table }) => table),
			),
		];
		const table = oneOf(draw, tables);
		if (table === null) return null;
		const drop = harmlessPart(
			`drop the primary key of ${table}`,
			`alter table ${table} drop constraint ${table}_pkey;`,
			({ tables }) => {
				tables[table]!.primaryKey = [];
			},
		);
		return breaking(drop, [table], "primary-key");
	},
	"unique-dropped": (draw, shop) => {
		const at = oneOf(
			draw,
			declared(shop).filter(({ property }) => property.unique === true),
		);
		if (at === null) return null;
		const { table, column } = at;
		const drop = harmlessPart(
			`let ${table}.${column} repeat`,
			`alter table ${table} drop constraint ${table}_${column}_key;`,
			({ tables }) => {
				tables[table]!.uniques = tables[table]!.uniques.filter((one) => one !== column);
			},
		);
		return breaking(drop, [table, column], "unique");
	},
} satisfies Record<string, Kind>;
