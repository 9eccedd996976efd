import { readFileSync } from "node:fs";
import type { RecordSchema } from "./avro.ts";
import { openFile } from "./parquet/file.ts";
import { rowReaderOf } from "./parquet/resolution.ts";

// What a reader of a schema sees of a Parquet file, a line of JSON for each row.
//
//   node read-file.ts v3.avsc orders-v1.parquet
//
// Exit code 1, with the place and the rule, where it can't read it.

const [schemaFile, parquetFile, ...more] = process.argv.slice(2);
if (schemaFile === undefined || parquetFile === undefined || more.length > 0) {
	console.error("usage: node read-file.ts READER.avsc FILE.parquet");
	process.exit(2);
}
const reader = JSON.parse(readFileSync(schemaFile, "utf8")) as RecordSchema;
try {
	const { columns, rows } = await openFile(readFileSync(parquetFile));
	const read = rowReaderOf(reader, columns);
	for (const row of rows) console.log(JSON.stringify(read(row)));
} catch (error) {
	console.error(`${parquetFile} by ${schemaFile}: ${String(error)}`);
	process.exitCode = 1;
}
