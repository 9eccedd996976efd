import { spawnSync } from "node:child_process";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import t from "tap";
import type { RecordSchema } from "../../../../../scenarios/contracts/schema-evolution/avro.ts";
import { columnsOf } from "../../../../../scenarios/contracts/schema-evolution/parquet/columns.ts";
import {
	fileOf,
	openFile,
} from "../../../../../scenarios/contracts/schema-evolution/parquet/file.ts";
import { rowReaderOf } from "../../../../../scenarios/contracts/schema-evolution/parquet/resolution.ts";
import { drawnValue } from "../../../../../scenarios/contracts/schema-evolution/values.ts";
import { chanceOf } from "../../../../../scenarios/subjects/streams/chance.ts";
import { entriesOf } from "../accepted.ts";

/** A field of each sort, each also where it may be null. */
const everything: RecordSchema = {
	type: "record",
	name: "Everything",
	fields: [
		{ name: "id", type: "string" },
		{ name: "yes", type: "boolean" },
		{ name: "int", type: "int" },
		{ name: "long", type: ["null", "long"] },
		{ name: "float", type: ["null", "float"] },
		{ name: "double", type: ["double", "null"] },
		{ name: "raw", type: ["null", "bytes"] },
		{ name: "at", type: ["null", { type: "long", logicalType: "timestamp-micros" }] },
		{ name: "price", type: { type: "bytes", logicalType: "decimal", precision: 9, scale: 2 } },
		{ name: "sum", type: { type: "fixed", name: "Sum", size: 3 } },
		{ name: "state", type: ["null", { type: "enum", name: "State", symbols: ["A", "B"] }] },
		{ name: "list", type: { type: "array", items: ["null", "int"] } },
		{ name: "lists", type: { type: "array", items: { type: "array", items: "string" } } },
		{ name: "map", type: { type: "map", values: ["null", "long"] } },
		{
			name: "inner",
			type: [
				"null",
				{
					type: "record",
					name: "Inner",
					fields: [
						{ name: "text", type: ["null", "string"] },
						{ name: "flags", type: { type: "array", items: "boolean" } },
					],
				},
			],
		},
	],
};
const entry = { id: 12, subject: "orders", version: 3, schema: everything };

t.test("what is written into a file is read of it, whatever it is of", async (t) => {
	const values = Array.from({ length: 300 }, (_, n) => drawnValue(everything, n, chanceOf(1, n)));
	const { schemaId, columns, rows } = await openFile(fileOf(entry, values));
	t.equal(schemaId, 12);
	t.same(columns, columnsOf(everything), "the columns are in the file");
	t.same(rows.map(rowReaderOf(everything, columns)), values);
});

t.test("every version of long histories can be kept in a file of its own columns", async (t) => {
	let wrong = 0;
	for (const one of entriesOf(3, 150)) {
		const values = [1, 2, 3].map((n) => drawnValue(one.schema, n, chanceOf(2, n)));
		const { columns, rows } = await openFile(fileOf(one, values));
		const read = rowReaderOf(one.schema, columns);
		if (!t.same(rows.map(read), values, `${one.subject} ${one.version}`)) wrong++;
	}
	t.equal(wrong, 0);
});

t.test(
	"a file says in its metadata who has written it, and in its footer what a cell means",
	(t) => {
		const bytes = fileOf(entry, []);
		const { key_value_metadata, schema } = parquetMetadata(bytes);
		t.same(key_value_metadata, [
			{ key: "registry.schema.id", value: "12" },
			{ key: "registry.subject", value: "orders" },
			{ key: "registry.version", value: "3" },
		]);
		const element = (name: string) => schema.find((one) => one.name === name);
		t.match(element("price"), {
			type: "BYTE_ARRAY",
			converted_type: "DECIMAL",
			logical_type: { type: "DECIMAL", precision: 9, scale: 2 },
		});
		t.match(element("at"), {
			type: "INT64",
			converted_type: "TIMESTAMP_MICROS",
			logical_type: { type: "TIMESTAMP", unit: "MICROS" },
		});
		t.match(element("state"), { type: "BYTE_ARRAY", logical_type: { type: "ENUM" } });
		t.end();
	},
);

t.test("the library's own reading loses what ours keeps: micros, and digits", async (t) => {
	const schema: RecordSchema = {
		...everything,
		fields: everything.fields.filter(({ name }) => name === "at" || name === "price"),
	};
	const value = { at: 1_234_567, price: "075bcd15" };
	const bytes = fileOf({ ...entry, schema }, [value]);
	const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
	t.match(await parquetReadObjects({ file: file as ArrayBuffer }), [
		{ at: new Date(1_234), price: 1_234_567.8900000001 },
	]);
	const { columns, rows } = await openFile(bytes);
	t.same(rows.map(rowReaderOf(schema, columns)), [value]);
});

t.test("a file of another's hand is read by what its footer says", async (t) => {
	const bytes = Buffer.from(
		parquetWriteBuffer({
			schema: [
				{ name: "root", num_children: 2 },
				// As they were written before there were logical types.
				{ name: "id", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "REQUIRED" },
				{
					name: "at",
					type: "INT64",
					converted_type: "TIMESTAMP_MILLIS",
					repetition_type: "OPTIONAL",
				},
			],
			columnData: [
				{ name: "id", data: ["a", "b"] },
				{ name: "at", data: [5n, null] },
			],
		}),
	);
	t.same(await openFile(bytes), {
		schemaId: 0,
		columns: [
			{ name: "id", isOptional: false, type: { kind: "BYTE_ARRAY", means: "string" } },
			{ name: "at", isOptional: true, type: { kind: "INT64", means: "timestamp-millis" } },
		],
		rows: [
			{ id: "a", at: 5n },
			{ id: "b", at: null },
		],
	});
});

t.test("what is no file, or has columns that are not known here, is not opened", async (t) => {
	const unknown = (element: object) =>
		Buffer.from(
			parquetWriteBuffer({
				schema: [
					{ name: "root", num_children: 1 },
					{ name: "x", repetition_type: "REQUIRED", type: "INT32", ...element },
				],
				columnData: [{ name: "x", data: [] }],
			}),
		);
	const nanos = { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "NANOS" };
	await t.rejects(openFile(unknown({ type: "INT64", logical_type: nanos })), {
		message: "column x is INT64 TIMESTAMP NANOS, which is not read here",
	});
	await t.rejects(openFile(unknown({ converted_type: "UINT_32" })), /column x is INT32 UINT_32/);
	await t.rejects(openFile(unknown({ repetition_type: "REPEATED" })), /column x is repeated/);
	await t.rejects(openFile(Buffer.from("no file at all")));
	const torn = fileOf(entry, [drawnValue(everything, 1, chanceOf(1, 1))]);
	await t.rejects(openFile(torn.subarray(0, -9)));
});

t.test("what a reader sees of a file can be asked for by hand", async (t) => {
	const schema: RecordSchema = { ...everything, fields: [{ name: "id", type: "string" }] };
	const folder = t.testdir({
		"rows.parquet": fileOf({ ...entry, schema }, [{ id: "a" }, { id: "b" }]),
		"new.avsc": JSON.stringify({
			...schema,
			fields: [{ name: "key", aliases: ["id"], type: "string" }],
		}),
		"other.avsc": JSON.stringify({ ...schema, fields: [{ name: "id", type: "int" }] }),
	});
	const script = new URL(
		"../../../../../scenarios/contracts/schema-evolution/read-file.ts",
		import.meta.url,
	).pathname;
	const read = (...args: string[]) =>
		spawnSync(process.execPath, [script, ...args], { cwd: folder, encoding: "utf8" });
	t.match(read("new.avsc", "rows.parquet"), { status: 0, stdout: '{"key":"a"}\n{"key":"b"}\n' });
	t.match(read("other.avsc", "rows.parquet"), {
		status: 1,
		stderr: /^rows\.parquet by other\.avsc: Unfit: Everything\.id \(type-differs\)/,
	});
	t.match(read("new.avsc"), { status: 2, stderr: /^usage: / });
});
