import { pick } from "faultline";
import { always, both } from "../../../subjects/gate/part.ts";
import {
	insertSql,
	type Row,
	statuses,
	type Table,
	widened,
} from "../../../subjects/shop/tables.ts";
import { property, ruleOf, type ShopRule } from "../shop/contracts.ts";
import type { Kind, Part } from "./change.ts";
import {
	addColumn,
	allowNull,
	bumped,
	columnOf,
	declare,
	declared,
	dropColumn,
	editContract,
	freshName,
	harmlessPart,
	isDroppable,
	objectOf,
	oneOf,
	propertyOf,
	setRows,
	setType,
	someKeys,
} from "./parts.ts";
import { readme } from "./violating-repository.ts";

// What whoever reads by the contracts does not notice, or was told of by a version.

/** May come along with anything: nothing else hangs on it. */
export const companions = {
	"column-added": (draw, shop) =>
		addColumn(pick(draw, Object.keys(shop.tables)), freshName(draw, "extra")),
	"table-added": (draw) => {
		const name = freshName(draw, "list");
		return harmlessPart(
			`add table ${name}`,
			`create table ${name} (id integer not null, constraint ${name}_pkey primary key (id));`,
			({ tables }) => {
				tables[name] = newTable();
			},
		);
	},
	"readme-changed": (draw) => readme(freshName(draw, "line")),
	"index-added": (draw, shop) => {
		const table = pick(draw, Object.keys(shop.tables));
		const { name } = pick(draw, shop.tables[table]!.columns);
		return harmlessPart(`index ${table}.${name}`, `create index on ${table} (${name});`);
	},
	"comment-added": (draw, shop) => {
		const table = pick(draw, Object.keys(shop.tables));
		return harmlessPart(
			`comment on ${table}`,
			`comment on table ${table} is '${freshName(draw, "it")}';`,
		);
	},
} satisfies Record<string, Kind>;

function newTable(): Table {
	const columns = [{ name: "id", type: "integer", notNull: true }];
	return { columns, primaryKey: ["id"], uniques: [], rows: [] };
}

export const harmless = {
	...companions,
	"column-announced": (draw, shop) => {
		const at = oneOf(draw, declared(shop))!;
		const column = freshName(draw, "more");
		const announced = both(declare(at.file, at.table, column, "text"), bumped(at.file, "minor"));
		return both(addColumn(at.table, column), announced);
	},
	"drop-announced": (draw, shop) => {
		const at = oneOf(draw, declared(shop).filter(isDroppable));
		if (at === null) return null;
		return both(dropColumn(at.table, at.column), forgotten(at.file, at.table, at.column));
	},
	"type-announced": (draw, shop) => {
		const at = oneOf(
			draw,
			declared(shop).filter(({ table, column }) =>
				/^character varying/.test(columnOf(shop, table, column).type),
			),
		);
		if (at === null) return null;
		const type = widened(columnOf(shop, at.table, at.column).type)!;
		const edit = editContract(`say so in ${at.file}`, at.file, (_, shop) => {
			propertyOf(shop, at).physicalType = type.replace("character varying", "varchar");
		});
		return both(setType(at.table, at.column, type), both(edit, bumped(at.file, "major")));
	},
	"null-announced": (draw, shop) => {
		const at = oneOf(
			draw,
			declared(shop).filter(
				({ property }) => property.required === true && property.primaryKey !== true,
			),
		);
		if (at === null) return null;
		const edit = editContract(`say so in ${at.file}`, at.file, (_, shop) => {
			propertyOf(shop, at).required = false;
		});
		return both(allowNull(at.table, at.column), both(edit, bumped(at.file, "major")));
	},
	"rule-announced": (draw, shop) => {
		const at = oneOf(
			draw,
			declared(shop).flatMap((one) => {
				const rule = laterRules[one.column];
				const has = (one.property.quality ?? []).some(({ name }) => name === rule);
				return rule === undefined || has ? [] : [{ ...one, rule }];
			}),
		);
		if (at === null) return null;
		const edit = editContract(`add the rule ${at.rule} to ${at.file}`, at.file, (_, shop) => {
			const property = propertyOf(shop, at);
			property.quality = [...(property.quality ?? []), ruleOf(at.rule)];
		});
		return both(edit, bumped(at.file, "minor"));
	},
	"table-announced": (draw) => {
		const name = freshName(draw, "list");
		const add = harmlessPart(
			`add table ${name}`,
			`create table ${name} (id integer not null, constraint ${name}_pkey primary key (id));`,
			({ tables, contracts }) => {
				tables[name] = newTable();
				contracts[`${name}.odcs.yaml`] = {
					apiVersion: "v3.1.0",
					kind: "DataContract",
					id: `shop-${name}`,
					version: "1.0.0",
					status: "active",
					schema: [
						{
							name,
							physicalType: "table",
							properties: [
								property("id", "int", { primaryKey: true, primaryKeyPosition: 1, required: true }),
							],
						},
					],
				};
			},
		);
		return add;
	},
	"purpose-written": (draw, shop) => {
		const file = pick(draw, Object.keys(shop.contracts));
		const purpose = freshName(draw, "so that");
		return editContract(`say more of what ${file} is for`, file, (contract) => {
			contract.description = { purpose };
		});
	},
	"check-added": (draw) =>
		harmlessPart(
			"check quantities",
			`alter table order_items add constraint ${freshName(draw, "check")} check (quantity < 10000);`,
		),
	"rows-added": (draw, shop) => {
		const orders = shop.tables.orders!;
		const id = 1 + Math.max(...orders.rows.map(({ order_id }) => Number(order_id)));
		const items = [1, 2].map((line_no) => ({
			order_id: id,
			line_no,
			sku: `SKU-${line_no}`,
			quantity: 1 + Math.floor(draw() * 5),
			unit_cents: 250,
		}));
		const order: Row = {
			order_id: id,
			customer_id: 1 + Math.floor(draw() * 12),
			status: pick(draw, statuses),
			placed_on: "2026-02-01",
			total_cents: items.reduce((sum, item) => sum + item.quantity * item.unit_cents, 0),
		};
		return harmlessPart(
			`add order ${id}`,
			[insertSql("orders", [order]), insertSql("order_items", items)].join("\n"),
			({ tables }) => {
				tables.orders!.rows.push(whole(tables.orders!, order));
				tables.order_items!.rows.push(...items.map((item) => whole(tables.order_items!, item)));
			},
		);
	},
	"rows-changed": (draw, shop) =>
		setRows(
			"orders",
			"order_id",
			"status",
			someKeys(draw, shop.tables.orders!, "order_id"),
			always(pick(draw, statuses)),
		),
	"model-rewritten": (draw) => {
		const alias = freshName(draw, "o");
		return harmlessPart("write customer_totals in other words", null, ({ models }) => {
			models.customer_totals = `select ${alias}.customer_id, count(${alias}.order_id) as orders_count, sum(${alias}.total_cents) as total_cents\nfrom orders as ${alias} group by ${alias}.customer_id\n`;
		});
	},
	"model-added": (draw) => {
		const name = freshName(draw, "status_counts");
		return harmlessPart(`add the model ${name}`, null, ({ models }) => {
			models[name] = "select status, count(*) as orders_count from orders group by status\n";
		});
	},
	"renamed-and-back": (draw, shop) => {
		const { table, column } = oneOf(draw, declared(shop))!;
		const name = freshName(draw, "other");
		return harmlessPart(
			`rename ${table}.${column}, and back`,
			`alter table ${table} rename column ${column} to ${name};\nalter table ${table} rename column ${name} to ${column};`,
		);
	},
} satisfies Record<string, Kind>;

/** Rules that a contract gets later, by the column that they are about. */
const laterRules: Record<string, ShopRule | undefined> = {
	email: "email-has-at",
	sku: "sku-given",
};

/** With the columns that it says nothing of. */
function whole({ columns }: Table, row: Row): Row {
	return Object.fromEntries(columns.map(({ name }) => [name, row[name] ?? null]));
}

/** The contract no longer has a column, and says so by its version. */
export function forgotten(file: string, table: string, column: string): Part {
	const edit = editContract(`leave it out of ${file}`, file, (_, shop) => {
		const object = objectOf(shop, file, table);
		object.properties = object.properties!.filter(({ name }) => name !== column);
	});
	return both(edit, bumped(file, "major"));
}
