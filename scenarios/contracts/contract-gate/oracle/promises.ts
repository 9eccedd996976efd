import type { Contract, Property, Quality } from "../../../subjects/gate/odcs.ts";
import { countries, type Row, statuses, type Table } from "../../../subjects/shop/tables.ts";
import type { Shop } from "../shop/shop.ts";

// What contracts promise, and whether tables keep it: by sentences and by loops over rows, without SQL, a catalog or
// anything of the gate's.

/** A promise that is not kept: `orders.note presence`. */
export type Broken = string;

/** The promises about tables that the shop does not keep. Views are SQL, and nothing here reads that. */
export function brokenPromises({ contracts, tables }: Shop): Broken[] {
	return Object.values(contracts).flatMap(({ schema = [] }) =>
		schema
			.filter(({ physicalType }) => physicalType !== "view")
			.flatMap(({ name, properties = [], quality = [] }) => {
				const table = tables[name];
				if (table === undefined) return [`${name} presence`];
				const key = properties.filter(({ primaryKey }) => primaryKey === true);
				const isKept = key.map(({ name }) => name).join() === table.primaryKey.join();
				return [
					...(isKept ? [] : [`${name} primary-key`]),
					...properties.flatMap((property) => brokenOf(name, property, table)),
					...brokenRules(
						name,
						[quality, ...properties.map(({ quality = [] }) => quality)].flat(),
						tables,
					),
				];
			}),
	);
}

function brokenOf(table: string, property: Property, { columns, uniques }: Table): Broken[] {
	const { name, physicalType = "", required, unique } = property;
	const column = columns.find((one) => one.name === name);
	const broken = (rule: string) => `${table}.${name} ${rule}`;
	if (column === undefined) return [broken("presence")];
	const type = physicalType.replace(/^varchar/, "character varying").replace(/^int$/, "integer");
	return [
		...(column.type === type ? [] : [broken("type")]),
		...(required === true && !column.notNull ? [broken("nullability")] : []),
		...(unique === true && !uniques.includes(name) ? [broken("unique")] : []),
	];
}

function brokenRules(table: string, rules: readonly Quality[], tables: Shop["tables"]): Broken[] {
	return rules.flatMap(({ name = "" }) => {
		const wrong = wrongRows[name];
		if (wrong === undefined) return [`${table} ${name} unknown`];
		try {
			return wrong(tables as Tables) === 0 ? [] : [`${table} ${name}`];
		} catch {
			return [`${table} ${name} unreadable`];
		}
	});
}

type Tables = Record<"customers" | "orders" | "order_items", Table>;

const count = (rows: readonly Row[], isWrong: (row: Row) => boolean) => rows.filter(isWrong).length;

/** How many rows break a rule. */
const wrongRows: Record<string, ((tables: Tables) => number) | undefined> = {
	"country-accepted": ({ customers }) =>
		count(customers.rows, ({ country }) => !countries.includes(String(country))),
	"status-accepted": ({ orders }) =>
		count(orders.rows, ({ status }) => !statuses.includes(String(status))),
	"orders-there": ({ orders }) => (orders.rows.length > 0 ? 0 : 1),
	"customer-known": ({ customers, orders }) => {
		const known = new Set(customers.rows.map(({ customer_id }) => customer_id));
		return count(orders.rows, ({ customer_id }) => !known.has(customer_id!));
	},
	"total-positive": ({ orders }) =>
		count(orders.rows, ({ total_cents }) => !(Number(total_cents) > 0)),
	"total-of-items": ({ orders, order_items }) =>
		count(orders.rows, ({ order_id, total_cents }) => {
			const items = order_items.rows.filter((item) => item.order_id === order_id);
			const sum = items.reduce(
				(sum, item) => sum + Number(item.quantity) * Number(item.unit_cents),
				0,
			);
			return items.length > 0 && sum !== total_cents;
		}),
	"quantity-in-range": ({ order_items }) =>
		count(order_items.rows, ({ quantity }) => Number(quantity) < 1 || Number(quantity) > 100),
	"email-has-at": ({ customers }) =>
		count(customers.rows, ({ email }) => !String(email).includes("@")),
	"sku-given": ({ order_items }) => count(order_items.rows, ({ sku }) => sku === ""),
};

/** What a contract promises, a sentence each. */
function sentences({ id, schema = [] }: Contract): Set<string> {
	return new Set([
		`it is ${id}`,
		...schema.flatMap(({ name, properties = [], quality = [] }) => [
			`there is ${name}`,
			...quality.map((rule) => `${name}: ${ruleSentence(rule)}`),
			...properties.flatMap((property) => {
				const of = `${name}.${property.name}`;
				return [
					`there is ${of}`,
					`${of} is ${property.physicalType}`,
					...(["required", "unique", "primaryKey"] as const)
						.filter((mark) => property[mark] === true)
						.map((mark) => `${of} is ${mark}`),
					...(property.quality ?? []).map((rule) => `${of}: ${ruleSentence(rule)}`),
				];
			}),
		]),
	]);
}

function ruleSentence(rule: Quality): string {
	return JSON.stringify(rule, Object.keys(rule).sort());
}

/** By what a contract's version has to grow: a promise that is gone, one that is new, or neither. */
export function growthNeeded(before: Contract, after: Contract): "major" | "minor" | "none" {
	const [old, now] = [sentences(before), sentences(after)];
	if ([...old].some((sentence) => !now.has(sentence))) return "major";
	return [...now].some((sentence) => !old.has(sentence)) ? "minor" : "none";
}

/** Whether each contract's version grew by what it needs; those that are gone did not. */
export function versionsSuffice(before: Shop, after: Shop): boolean {
	return Object.entries(before.contracts).every(([file, contract]) => {
		const next = after.contracts[file];
		if (next === undefined) return false;
		const [old, now] = [contract, next].map(({ version }) => version.split(".").map(Number));
		const [majors, minors] = [now![0]! - old![0]!, now![1]! - old![1]!];
		const least = { major: [1, 0], minor: [0, 1], none: [0, 0] }[growthNeeded(contract, next)];
		return majors > least[0]! || (majors === least[0]! && (majors > 0 || minors >= least[1]!));
	});
}
