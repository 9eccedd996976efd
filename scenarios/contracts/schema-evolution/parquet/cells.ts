import { wholeOfBytes } from "../decimal.ts";
import type { Plain } from "../oracle/projected.ts";
import type { Column, ColumnType } from "./columns.ts";

/** What is in a row's place of a column, before anybody has said what it means to him. */
export type Cell = null | boolean | number | bigint | string | Uint8Array | Cell[] | Row;
export type Row = { [name: string]: Cell };

/** A value of a schema as the cell that its column has; the value is one of that schema. */
export function cellOf(value: Plain, { type }: Column): Cell {
	return value === null ? null : cellOfType(value, type);
}

function cellOfType(value: Plain, type: ColumnType): Cell {
	switch (type.kind) {
		case "BOOLEAN":
		case "INT32":
		case "FLOAT":
		case "DOUBLE":
			return value as boolean | number;
		case "INT64":
			return BigInt(value as number);
		case "BYTE_ARRAY":
			if (type.means === "string" || type.means === "enum") return value as string;
			return type.means === "bytes" ? bytesIn(value) : wholeOfBytes(bytesIn(value));
		case "FIXED_LEN_BYTE_ARRAY":
			return bytesIn(value);
		case "group":
			return rowOf(value, type.columns);
		case "list":
			return (value as Plain[]).map((item) => cellOf(item, type.element));
		case "map":
			return Object.fromEntries(
				Object.entries(value as { [key: string]: Plain }).map(([key, one]) => [
					key,
					cellOf(one, type.value),
				]),
			);
		default:
			return type satisfies never;
	}
}

export function rowOf(value: Plain, columns: readonly Column[]): Row {
	const named = value as { [name: string]: Plain };
	return Object.fromEntries(
		columns.map((column) => [column.name, cellOf(named[column.name] ?? null, column)]),
	);
}

/** Bytes are hexadecimal in plain data. */
function bytesIn(value: Plain): Buffer {
	return Buffer.from(value as string, "hex");
}
