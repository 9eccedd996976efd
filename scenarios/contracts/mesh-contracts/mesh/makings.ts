import type { Cell, Row } from "../../../subjects/shop/tables.ts";
import type { Making, Published, PublishedColumn, Publisher, RowsOf } from "./mesh.ts";

// What datasets are made of, twice: as the SQL of a model, and by loops over the rows that the seed has. The one never looks
// at the other.

/** The model of a dataset: a query, with the tables as dbt and the gate both resolve them. */
export function modelSql({ columns, source, rows, remark }: Published): string {
	const lines = columns
		.filter(({ isBuilt }) => isBuilt)
		.map(({ name, type, making }) => `\t(${makingSql(making)})::${type} as ${name}`);
	return `${remark === "" ? "" : `-- ${remark}\n`}select\n${lines.join(",\n")}\nfrom ${rawSql(source)} as r\n${rowsSql(rows)}`;
}

function rawSql(table: string): string {
	return `{{ source('raw', '${table}') }}`;
}

function makingSql(making: Making): string {
	switch (making.kind) {
		case "column":
			return `r.${making.column}`;
		case "revenue":
			return `select coalesce(sum(i.quantity::bigint * i.unit_cents), 0) from ${rawSql("order_items")} as i where i.order_id = r.order_id`;
		case "divided":
			return `trunc((${makingSql(making.of)})::numeric / ${making.by})`;
		case "plus":
			return `(${makingSql(making.of)}) + ${making.by}`;
		case "letters":
			return `${making.case}((${makingSql(making.of)})::text)`;
		case "nulled":
			return `nullif((${makingSql(making.of)})::text, '${making.value}')`;
		case "masked":
			return `'${making.value}'`;
		default:
			return making satisfies never;
	}
}

function rowsSql(rows: RowsOf): string {
	switch (rows.kind) {
		case "all":
			return "";
		case "without":
			return `where r.${rows.column} is distinct from '${rows.value}'\n`;
		case "twice":
			return "cross join generate_series(1, 2) as twice\n";
		default:
			return rows satisfies never;
	}
}

/** The rows of a dataset as its contract has them, a cell for each column that is declared. */
export function publishedRows(dataset: Published, publisher: Publisher): Row[] {
	const columns = dataset.columns.filter(({ isDeclared, isBuilt }) => isDeclared && isBuilt);
	return rowsOf(dataset, publisher).map((row) =>
		Object.fromEntries(columns.map((column) => [column.name, cellOf(column, row, publisher)])),
	);
}

function rowsOf({ source, rows }: Published, { tables }: Publisher): Row[] {
	const all = tables[source]!.rows;
	switch (rows.kind) {
		case "all":
			return all;
		case "without":
			return all.filter((row) => row[rows.column] !== rows.value);
		case "twice":
			return all.flatMap((row) => [row, row]);
		default:
			return rows satisfies never;
	}
}

function cellOf({ making, type }: PublishedColumn, row: Row, publisher: Publisher): Cell {
	const cell = madeOf(making, row, publisher);
	if (cell === null) return null;
	if (type.startsWith("timestamp")) return `${cell}T00:00:00`;
	return /^(?:text|character)/.test(type) ? String(cell) : cell;
}

function madeOf(making: Making, row: Row, publisher: Publisher): Cell {
	switch (making.kind) {
		case "column":
			return row[making.column] ?? null;
		case "revenue":
			return publisher.tables
				.order_items!.rows.filter(({ order_id }) => order_id === row.order_id)
				.reduce((sum, item) => sum + Number(item.quantity) * Number(item.unit_cents), 0);
		case "divided":
			return onNumber(madeOf(making.of, row, publisher), (value) => Math.trunc(value / making.by));
		case "plus": {
			const cell = madeOf(making.of, row, publisher);
			return typeof cell === "string"
				? dayAfter(cell, making.by)
				: onNumber(cell, (value) => value + making.by);
		}
		case "letters":
			return onText(madeOf(making.of, row, publisher), (text) =>
				making.case === "upper" ? text.toUpperCase() : text.toLowerCase(),
			);
		case "nulled":
			return onText(madeOf(making.of, row, publisher), (text) =>
				text === making.value ? null : text,
			);
		case "masked":
			return making.value;
		default:
			return making satisfies never;
	}
}

function onNumber(cell: Cell, of: (value: number) => number): Cell {
	return cell === null ? null : of(Number(cell));
}

function onText(cell: Cell, of: (text: string) => Cell): Cell {
	return cell === null ? null : of(String(cell));
}

function dayAfter(day: string, days: number): string {
	return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}
