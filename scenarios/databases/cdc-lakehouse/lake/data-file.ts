import { parquetReadObjects } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import type { Column, Row } from "./columns.ts";

const parquetTypes = {
	long: "INT64",
	integer: "INT32",
	boolean: "BOOLEAN",
	string: "STRING",
} as const;

/** Rows as a Parquet file. */
export function dataFileOf(rows: readonly Row[], columns: readonly Column[]): Uint8Array {
	const bytes = parquetWriteBuffer({
		columnData: columns.map(({ name, type }) => ({
			name,
			type: parquetTypes[type],
			nullable: true,
			data: rows.map((row) => cellOf(row[name] ?? null, type)),
		})),
	});
	return new Uint8Array(bytes);
}

/** The rows of a file; what lies in it of before a column was added has no such cell. */
export async function rowsIn(bytes: Buffer): Promise<Row[]> {
	const rows = await parquetReadObjects({ file: Uint8Array.from(bytes).buffer });
	return rows.map((row) =>
		Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, textOf(cell)])),
	);
}

function cellOf(
	text: string | null,
	type: Column["type"],
): bigint | number | boolean | string | null {
	if (text === null) return null;
	switch (type) {
		case "long":
			return BigInt(text);
		case "integer":
			return Number(text);
		case "boolean":
			return text === "t" || text === "true";
		case "string":
			return text;
		default:
			return type satisfies never;
	}
}

function textOf(cell: unknown): string | null {
	return cell === null || cell === undefined ? null : String(cell);
}
