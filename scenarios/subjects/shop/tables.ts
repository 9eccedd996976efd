import { pick, stream } from "faultline/subject";

// The tables of a shop, as a seed has them: structure, rows, and the SQL that makes both. Nothing of them has met a database.

export type Cell = string | number | null;
export type Row = Record<string, Cell>;

export interface Column {
	name: string;
	/** As Postgres itself writes it: `character varying(80)`. */
	type: string;
	notNull: boolean;
}

export interface Table {
	columns: Column[];
	primaryKey: string[];
	/** Of one column each. */
	uniques: string[];
	rows: Row[];
}

export const countries = ["AT", "CH", "DE", "FR", "IT", "NL"];
export const statuses = ["placed", "paid", "shipped", "returned", "cancelled"];

const column = (name: string, type: string, notNull = true): Column => ({ name, type, notNull });

/** Tables as they are at first. `segment` and `channel` are in no contract. */
const firstTables: Record<string, Omit<Table, "rows">> = {
	customers: {
		columns: [
			column("customer_id", "integer"),
			column("email", "character varying(80)"),
			column("country", "character varying(2)"),
			column("first_name", "character varying(40)", false),
			column("last_name", "character varying(40)", false),
			column("segment", "text", false),
		],
		primaryKey: ["customer_id"],
		uniques: ["email"],
	},
	orders: {
		columns: [
			column("order_id", "integer"),
			column("customer_id", "integer"),
			column("status", "character varying(20)"),
			column("placed_on", "date"),
			column("total_cents", "integer"),
			column("note", "character varying(200)", false),
			column("channel", "text", false),
		],
		primaryKey: ["order_id"],
		uniques: [],
	},
	order_items: {
		columns: [
			column("order_id", "integer"),
			column("line_no", "smallint"),
			column("sku", "character varying(20)"),
			column("quantity", "smallint"),
			column("unit_cents", "integer"),
		],
		primaryKey: ["order_id", "line_no"],
		uniques: [],
	},
};

/** A shop's tables with their rows; the same for the same seed. */
export function shopTables(seed: number): Record<string, Table> {
	const tables = Object.fromEntries(
		Object.entries(firstTables).map(([name, table]): [string, Table] => [
			name,
			{ ...structuredClone(table), rows: [] },
		]),
	);
	fill(tables, seed);
	return tables;
}

/** What makes these tables, and fills them. */
export function tablesSql(
	tables: Readonly<Record<string, Table>>,
): Record<"create" | "insert", string> {
	const all = Object.entries(tables);
	return {
		create: all.map(([name, table]) => createSql(name, table)).join("\n"),
		insert: all.map(([name, { rows }]) => insertSql(name, rows)).join("\n"),
	};
}

function fill({ customers, orders, order_items }: Record<string, Table>, seed: number): void {
	const draw = stream(seed, "shop");
	const names = ["Ada", "Ben", "Cleo", "Dora", "Emil", "Fritz"];
	for (let id = 1; id <= 12; id++)
		customers!.rows.push({
			customer_id: id,
			email: `customer-${id}@example.org`,
			country: pick(draw, countries),
			first_name: pick(draw, names),
			last_name: `${pick(draw, names)}son`,
			segment: pick(draw, ["a", "b"]),
		});
	for (let id = 1; id <= 24; id++) {
		const items = Array.from({ length: 1 + Math.floor(draw() * 3) }, (_, line) => ({
			order_id: id,
			line_no: line + 1,
			sku: `SKU-${1 + Math.floor(draw() * 40)}`,
			quantity: 1 + Math.floor(draw() * 5),
			unit_cents: 100 * (1 + Math.floor(draw() * 90)),
		}));
		order_items!.rows.push(...items);
		orders!.rows.push({
			order_id: id,
			customer_id: 1 + Math.floor(draw() * 12),
			status: pick(draw, statuses),
			placed_on: `2026-01-${String(1 + Math.floor(draw() * 28)).padStart(2, "0")}`,
			total_cents: items.reduce((sum, item) => sum + item.quantity * item.unit_cents, 0),
			note: draw() < 0.3 ? `note ${id}` : null,
			channel: pick(draw, ["web", "shop"]),
		});
	}
}

/** A type that holds all that the other does, and is another all the same; null where none is known. */
export function widened(type: string): string | null {
	const [, size] = /^character varying\((\d+)\)$/.exec(type) ?? [];
	if (size !== undefined) return `character varying(${2 * Number(size)})`;
	return (
		{ smallint: "integer", integer: "bigint", date: "timestamp without time zone" }[type] ?? null
	);
}

export function createSql(
	name: string,
	{ columns, primaryKey, uniques }: Omit<Table, "rows">,
): string {
	const lines = [
		...columns.map((one) => `${one.name} ${one.type}${one.notNull ? " not null" : ""}`),
		`constraint ${name}_pkey primary key (${primaryKey.join(", ")})`,
		...uniques.map((unique) => `constraint ${name}_${unique}_key unique (${unique})`),
	];
	return `create table ${name} (\n\t${lines.join(",\n\t")}\n);`;
}

export function insertSql(name: string, rows: readonly Row[]): string {
	if (rows.length === 0) return "";
	const columns = Object.keys(rows[0]!);
	const lines = rows.map((row) => `\t(${columns.map((one) => cellSql(row[one]!)).join(", ")})`);
	return `insert into ${name} (${columns.join(", ")}) values\n${lines.join(",\n")};`;
}

export function cellSql(cell: Cell): string {
	if (cell === null) return "null";
	return typeof cell === "number" ? String(cell) : `'${cell.replaceAll("'", "''")}'`;
}
