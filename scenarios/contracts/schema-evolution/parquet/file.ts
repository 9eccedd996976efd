import { parquetMetadata, parquetReadObjects, parquetSchema } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import type { Plain } from "../oracle/projected.ts";
import type { Entry } from "../registered.ts";
import { cellOf, type Row } from "./cells.ts";
import { type Column, columnsOf } from "./columns.ts";
import { columnsIn, elementsOf, withoutDecimals } from "./elements.ts";
import { textOf } from "./exactly.ts";

// A Parquet file of values that were written by one version of a schema. Of the version it says the registry's id in its
// key-value metadata, and its columns are its own: to read it nobody has to ask the registry.

const idKey = "registry.schema.id";

/** What a file has, as it lies there. */
export interface Opened {
	/** Of the schema that its rows were written with; 0 where it does not say. */
	schemaId: number;
	columns: Column[];
	rows: Row[];
}

/** Values of a registered schema as a file; throws an `Unfit` where they can't be kept in columns. */
export function fileOf({ id, subject, version, schema }: Entry, values: readonly Plain[]): Buffer {
	const columns = columnsOf(schema);
	const bytes = parquetWriteBuffer({
		schema: elementsOf(schema.name, columns),
		columnData: columns.map((column) => ({
			name: column.name,
			data: values.map((value) =>
				cellOf((value as { [name: string]: Plain })[column.name]!, column),
			),
		})),
		kvMetadata: [
			{ key: idKey, value: `${id}` },
			{ key: "registry.subject", value: subject },
			{ key: "registry.version", value: `${version}` },
		],
		statistics: false,
	});
	return Buffer.from(bytes);
}

/** Throws where the bytes are no Parquet file, or one with columns that are not known here. */
export async function openFile(bytes: Buffer): Promise<Opened> {
	const file = bytes.buffer.slice(
		bytes.byteOffset,
		bytes.byteOffset + bytes.byteLength,
	) as ArrayBuffer;
	const metadata = parquetMetadata(bytes);
	const said = metadata.key_value_metadata?.find(({ key }) => key === idKey)?.value;
	return {
		schemaId: Number(said ?? 0),
		columns: columnsIn(parquetSchema(metadata)),
		rows: await parquetReadObjects({
			file,
			metadata: withoutDecimals(metadata),
			utf8: false,
			parsers: raw,
		}),
	};
}

/** Of times the library makes dates of whole milliseconds, and of bytes that are no text a text: here they stay. */
const raw = {
	timestampFromMilliseconds: (millis: bigint) => millis,
	timestampFromMicroseconds: (micros: bigint) => micros,
	stringFromBytes: textOf,
};
