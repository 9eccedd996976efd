import { pick, type Stream } from "faultline";
import {
	changed,
	columnOf,
	type Edit,
	type EditKind,
	edit,
	pickColumn,
	relaid,
	type State,
} from "./edit.ts";
import { statusType } from "./layout.ts";

// Changes that a mapping has to follow by itself.

/** Names that say nearly the same. */
const nearNames: Record<string, string[]> = {
	customer_name: ["customer_full_name", "cust_name"],
	street: ["street_line", "ship_street"],
	city: ["city_name", "ship_city"],
	quantity: ["qty", "order_quantity"],
	amount_cents: ["total_amount_cents", "amt_cents"],
	weight_g: ["weight_grams", "wt_g"],
	status: ["order_status", "current_status"],
	placed_at: ["order_placed_at", "placed_ts"],
	note: ["order_note", "note_text"],
	email: ["customer_email", "email_addr"],
};

/** As the mapping's file declares them. */
const aliases: Record<string, string> = {
	customer_name: "buyer",
	email: "mail_address",
	city: "town",
};

const farNames = ["f_17", "legacy_03", "attr_b", "zz_value"];
/** Of these no two rows are alike, so that what stands at the same keys tells them by itself. */
const manyValued = ["customer_name", "email", "street", "amount_cents", "placed_at"];

function renaming(
	draw: Stream,
	state: State,
	schema: string,
	namesOf: Record<string, readonly string[]>,
): Edit | null {
	const { layout } = state;
	const names = new Set(layout.columns.map(({ name }) => name));
	const options = Object.entries(namesOf).flatMap(([field, list]) => {
		const column = columnOf(layout, field);
		const free = list.filter((name) => !names.has(name));
		return column === undefined ? [] : free.map((to) => ({ field, from: column.name, to }));
	});
	if (options.length === 0) return null;
	const { field, from, to } = pick(draw, options);
	return edit(
		{
			...state,
			layout: changed(layout, from, { name: to }, { [field]: { kind: "column", column: to } }),
		},
		{
			text: `rename ${from} to ${to}`,
			statements: [`alter table ${schema}.${layout.table} rename column ${from} to ${to}`],
			touches: [field, from, to],
			sameBefore: true,
		},
	);
}

const more: Record<
	string,
	{ type: string; constant: string | null; draw: (draw: Stream) => string }
> = {
	coupon_code: {
		type: "varchar(12)",
		constant: null,
		draw: (draw) => `C-${Math.floor(draw() * 1_000)}`,
	},
	channel: { type: "text", constant: null, draw: (draw) => (draw() < 0.5 ? "web" : "shop") },
	gift: { type: "boolean", constant: null, draw: (draw) => (draw() < 0.5 ? "true" : "false") },
	priority: {
		type: "varchar(10)",
		constant: "standard",
		draw: (draw) => (draw() < 0.8 ? "standard" : "express"),
	},
	tax_cents: { type: "integer", constant: "0", draw: (draw) => String(Math.floor(draw() * 5_000)) },
	is_business: {
		type: "boolean",
		constant: "false",
		draw: (draw) => (draw() < 0.5 ? "true" : "false"),
	},
};

export const columnsToCome = Object.keys(more);

function adding(draw: Stream, state: State, schema: string, withDefault: boolean): Edit | null {
	const left = state.columnsLeft.filter((one) => (more[one]!.constant !== null) === withDefault);
	if (left.length === 0) return null;
	const name = pick(draw, left);
	const { type, constant, draw: value } = more[name]!;
	const drawn = (stream: Stream) => (constant === null && stream() < 0.3 ? null : value(stream));
	const byDefault = constant === null ? "" : ` not null default '${constant}'`;
	return edit(
		{
			...state,
			layout: relaid(state.layout, [], [{ name, type, holds: { kind: "field", field: name } }], {
				[name]: { kind: "column", column: name },
			}),
			room: { ...state.room, more: { ...state.room.more, [name]: drawn } },
			columnsLeft: state.columnsLeft.filter((one) => one !== name),
		},
		{
			text: `add ${name} ${type}${byDefault}`,
			statements: [
				`alter table ${schema}.${state.layout.table} add column ${name} ${type}${byDefault}`,
			],
			touches: [name],
			filled: constant === null ? {} : { [name]: constant },
			sameBefore: constant === null,
		},
	);
}

const wider: Record<string, string> = {
	quantity: "integer",
	amount_cents: "bigint",
	note: "varchar(200)",
	customer_name: "text",
};

export const mappable: Record<string, EditKind> = {
	"renamed-near": (draw, state, schema) => renaming(draw, state, schema, nearNames),
	"renamed-to-alias": (draw, state, schema) =>
		renaming(
			draw,
			state,
			schema,
			Object.fromEntries(Object.entries(aliases).map(([field, name]) => [field, [name]])),
		),
	"renamed-far": (draw, state, schema) =>
		renaming(draw, state, schema, Object.fromEntries(manyValued.map((field) => [field, farNames]))),
	"added-nullable": (draw, state, schema) => adding(draw, state, schema, false),
	"added-with-default": (draw, state, schema) => adding(draw, state, schema, true),
	"dropped-optional": (draw, state, schema) => {
		const { layout } = state;
		const chosen = pickColumn(draw, layout, ["weight_g", "note"]);
		if (chosen === null) return null;
		const { field } = chosen;
		const { name } = chosen.column;
		return edit(
			{ ...state, layout: relaid(layout, [name], [], { [field]: { kind: "none" } }) },
			{
				text: `drop ${name}`,
				statements: [`alter table ${schema}.${layout.table} drop column ${name}`],
				touches: [field, name],
			},
		);
	},
	widened: (draw, state, schema) => {
		const { layout, room } = state;
		const narrow = Object.keys(wider).filter((field) => !room.wide.has(field));
		const chosen = pickColumn(draw, layout, narrow);
		if (chosen === null) return null;
		const { field } = chosen;
		const { name } = chosen.column;
		const type = wider[field]!;
		return edit(
			{
				...state,
				layout: changed(layout, name, { type }),
				room: { ...room, wide: new Set([...room.wide, field]) },
			},
			{
				text: `widen ${name} to ${type}`,
				statements: [`alter table ${schema}.${layout.table} alter column ${name} type ${type}`],
				touches: [field, name],
				sameBefore: true,
			},
		);
	},
	reordered: (draw, state, schema) => {
		const { layout } = state;
		const chosen = pickColumn(draw, layout, ["city", "amount_cents", "quantity", "note"]);
		if (chosen === null) return null;
		const { field, column } = chosen;
		const table = `${schema}.${layout.table}`;
		return edit(
			{ ...state, layout: relaid(layout, [column.name], [column], {}) },
			{
				text: `move ${column.name} to the end`,
				statements: [
					`alter table ${table} add column moved ${column.type}`,
					`update ${table} set moved = ${column.name}`,
					`alter table ${table} drop column ${column.name}`,
					`alter table ${table} rename column moved to ${column.name}`,
				],
				touches: [field, column.name],
				sameBefore: true,
			},
		);
	},
	"label-added": (_draw, state, schema) => {
		const [label, ...labelsLeft] = state.labelsLeft;
		if (label === undefined || columnOf(state.layout, "status") === undefined) return null;
		return edit(
			{
				...state,
				labelsLeft,
				room: { ...state.room, statuses: [...state.room.statuses, label] },
			},
			{
				text: `add ${label} to ${statusType}`,
				alone: [`alter type ${schema}.${statusType} add value if not exists '${label}'`],
				statements: [],
				touches: ["status"],
			},
		);
	},
	"table-renamed": (_draw, state, schema) => {
		const names = ["orders", "sales_orders", "customer_orders"];
		const { table } = state.layout;
		const to = names[names.indexOf(table) + 1];
		if (!names.includes(table) || to === undefined) return null;
		return edit(
			{ ...state, layout: { ...state.layout, table: to } },
			{
				text: `rename the table ${table} to ${to}`,
				statements: [`alter table ${schema}.${table} rename to ${to}`],
				touches: ["*table"],
				sameBefore: true,
			},
		);
	},
};
