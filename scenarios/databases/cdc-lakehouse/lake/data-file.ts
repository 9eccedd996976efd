import { open, readFile } from "node:fs/promises";
import { parquetReadObjects } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import type { Column, Row } from "./columns.ts";

const parquetTypes = {
	long: "INT64",
	integer: "INT32",
	boolean: "BOOLEAN",
	string: "STRING",
} as const;

/** Writes rows as a Parquet file that is not there yet, with `sync` onto the disk; how many bytes it has. */
export async function writeDataFile(
	path: string,
	rows: readonly Row[],
	columns: readonly Column[],
	sync: boolean,
): Promise<number> {
	const bytes = parquetWriteBuffer({
		columnData: columns.map(({ name, type }) => ({
			name,
			type: parquetTypes[type],
			nullable: true,
			data: rows.map((row) => cellOf(row[name] ?? null, type)),
		})),
	});
	const handle = await open(path, "wx");
	try {
		await handle.writeFile(Buffer.from(bytes));
		if (sync) await handle.sync();
	} finally {
		await handle.close();
	}
	return bytes.byteLength;
}

/** The rows of a file; what lies in it of before a column was added has no such cell. */
export async function readDataFile(path: string): Promise<Row[]> {
	const bytes = await readFile(path);
	const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
	const rows = await parquetReadObjects({ file });
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
