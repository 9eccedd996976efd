import t from "tap";
import type {
	Field,
	RecordSchema,
	Schema,
} from "../../../../../scenarios/contracts/schema-evolution/avro.ts";
import type { Cell } from "../../../../../scenarios/contracts/schema-evolution/parquet/cells.ts";
import {
	type Column,
	columnsOf,
} from "../../../../../scenarios/contracts/schema-evolution/parquet/columns.ts";
import { rowReaderOf } from "../../../../../scenarios/contracts/schema-evolution/parquet/resolution.ts";

const record = (...fields: Field[]): RecordSchema => ({ type: "record", name: "R", fields });
const decimal = (precision: number, scale: number): Schema => ({
	type: "bytes",
	logicalType: "decimal",
	precision,
	scale,
});
const time = (unit: "millis" | "micros"): Schema => ({
	type: "long",
	logicalType: `timestamp-${unit}`,
});
const states = (symbols: string[], other?: string): Schema => ({
	type: "enum",
	name: "S",
	symbols,
	...(other === undefined ? {} : { default: other }),
});

/** What a reader of a field makes of a cell of a column that was written for another. */
function readOf(reader: Schema, writer: Schema, cell: Cell) {
	const columns = columnsOf(record({ name: "x", type: writer }));
	return rowReaderOf(record({ name: "x", type: reader }), columns)({ x: cell });
}

const followed: [what: string, reader: Schema, writer: Schema, cell: Cell, x: unknown][] = [
	["an int as a long", "long", "int", -7, -7],
	["an int as a float", "float", "int", 7, 7],
	["an int as a double", "double", "int", 7, 7],
	["a long as a float", "float", "long", 4_194_304n, 4_194_304],
	["a long as a double", "double", "long", 2n ** 53n, 2 ** 53],
	["a float as a double", "double", "float", 0.5, 0.5],
	["a text as bytes", "bytes", "string", "é", "c3a9"],
	["bytes as a text", "string", "bytes", Buffer.from("é"), "é"],
	["an enum as a text", "string", states(["A"]), Buffer.from("A"), "A"],
	["a symbol that is known", states(["A", "B"]), states(["A"]), Buffer.from("A"), "A"],
	["one that is not, by default", states(["A"], "A"), states(["B"]), Buffer.from("B"), "A"],
	["an amount of more digits", decimal(12, 2), decimal(9, 2), Buffer.from([5]), "05"],
	["what may not be null, where it may", ["null", "int"], "int", 3, 3],
	["a null", ["null", "int"], ["null", "int"], null, null],
	["a null's branch that is wider", ["null", "double"], ["null", "int"], 3, 3],
	[
		"items that are wider",
		{ type: "array", items: "long" },
		{ type: "array", items: "int" },
		[1, 2],
		[1, 2],
	],
	[
		"values of a map that are wider",
		{ type: "map", values: "long" },
		{ type: "map", values: "int" },
		{ a: 1 },
		{ a: 1 },
	],
];
for (const [what, reader, writer, cell, x] of followed)
	t.test(`${what} is read`, (t) => {
		t.same(readOf(reader, writer, cell), { x });
		t.end();
	});

const refused: [what: string, reader: Schema, writer: Schema, said: string][] = [
	["a long as an int", "int", "long", "R.x (type-differs): the reader has int, the column INT64"],
	["a double as a float", "float", "double", "R.x (type-differs)"],
	["a float as a long", "long", "float", "R.x (type-differs)"],
	["a number as a text", "string", "int", "R.x (type-differs)"],
	["a text as an enum", states(["A"]), "string", "R.x (type-differs)"],
	["micros as millis", time("millis"), time("micros"), "R.x (meaning-differs)"],
	["millis as micros", time("micros"), time("millis"), "R.x (meaning-differs)"],
	["a time as a number", "long", time("millis"), "R.x (meaning-differs)"],
	["an amount of another scale", decimal(9, 3), decimal(9, 2), "R.x (meaning-differs)"],
	["an amount of fewer digits", decimal(8, 2), decimal(9, 2), "R.x (meaning-differs)"],
	["an amount as bytes", "bytes", decimal(9, 2), "R.x (meaning-differs)"],
	["what may be null, where it may not", "int", ["null", "int"], "R.x (may-be-null)"],
	[
		"a fixed one of another size",
		{ type: "fixed", name: "F", size: 4 },
		{ type: "fixed", name: "F", size: 5 },
		"R.x (size-differs): the reader has 4 bytes, the column 5",
	],
	[
		"items of another type",
		{ type: "array", items: "boolean" },
		{ type: "array", items: "int" },
		"R.x (type-differs)",
	],
	[
		"a list as a map",
		{ type: "map", values: "int" },
		{ type: "array", items: "int" },
		"R.x (type-differs)",
	],
	["a group as a text", "string", record({ name: "y", type: "int" }), "R.x (type-differs)"],
	["one of two types", ["null", "int", "string"], "int", "R.x (no-column)"],
	["one of two types, written", "int", ["int", "string"], "R.x (no-column)"],
	["nothing but null", ["null"], ["null", "string"], "R.x (no-column)"],
	["a group of nothing", "int", record(), "R.x (no-column): a group has a column at least"],
	["a date", { type: "int", logicalType: "date" }, "int", "R.x (meaning-differs)"],
	["a date, written", "int", { type: "int", logicalType: "date" }, "R.x (no-column)"],
];
for (const [what, reader, writer, said] of refused)
	t.test(`${what} is not read, and the place and the rule are said`, (t) => {
		t.throws(() => readOf(reader, writer, null), { message: new RegExp(escaped(said)) });
		t.end();
	});

const lost: [what: string, reader: Schema, writer: Schema, cell: Cell, said: RegExp][] = [
	["a long that no float has", "float", "long", 2n ** 24n + 1n, /R\.x \(value-lost\): 16777217/],
	["a long that no double has", "double", "long", 2n ** 53n + 1n, /R\.x \(value-lost\)/],
	["a long that plain data has not", "long", "long", 2n ** 53n + 1n, /R\.x \(value-lost\)/],
	["an int that no float has", "float", "int", 2 ** 24 + 1, /R\.x \(value-lost\)/],
	["bytes that are no text", "string", "bytes", Buffer.from([0xff]), /./],
	["an unknown symbol", states(["A"]), states(["B"]), Buffer.from("B"), /R\.x \(symbol-unknown\)/],
	["a null where there is none", "int", "int", null, /R\.x \(may-be-null\)/],
];
for (const [what, reader, writer, cell, said] of lost)
	t.test(`${what} is an error, and not another value`, (t) => {
		t.throws(() => readOf(reader, writer, cell), said);
		t.end();
	});

t.test(
	"a column is found by its name, then by what it was called before, and never by its place",
	(t) => {
		const columns = columnsOf(
			record(
				{ name: "a", type: "string" },
				{ name: "b", type: "string" },
				{ name: "gone", type: "int" },
			),
		);
		const row = { a: "of a", b: "of b", gone: 1 };
		const read = (...fields: Field[]) => rowReaderOf(record(...fields), columns)(row);
		const [a, b]: [Field, Field] = [
			{ name: "a", type: "string" },
			{ name: "b", type: "string" },
		];
		t.same(read(b, a), { b: "of b", a: "of a" });
		t.same(read({ name: "new", aliases: ["x", "b"], type: "string" }), { new: "of b" });
		t.same(read({ name: "a", aliases: ["b"], type: "string" }), { a: "of a" });
		t.end();
	},
);

t.test("a column that is not there is its field's default, else null where it may be", (t) => {
	const read = (field: Omit<Field, "name">) =>
		rowReaderOf(
			record({ name: "x", ...field }),
			columnsOf(record({ name: "y", type: "int" })),
		)({
			y: 1,
		});
	t.same(read({ type: "int", default: 7 }), { x: 7 });
	t.same(read({ type: ["null", "int"], default: null }), { x: null });
	t.same(read({ type: ["int", "null"], default: 7 }), { x: 7 });
	t.same(read({ type: ["null", "int"] }), { x: null });
	t.same(read({ type: "bytes", default: "\u00ff" }), { x: "ff" });
	t.same(read({ type: { type: "array", items: "int" }, default: [] }), { x: [] });
	t.throws(() => read({ type: "int" }), {
		message: "R.x (no-default): the file has no such column",
	});
	t.end();
});

t.test("what is in a group is found as what is beside it", (t) => {
	const inner = (...fields: Field[]): Field => ({
		name: "in",
		type: { type: "record", name: "In", fields },
	});
	const columns: Column[] = columnsOf(record(inner({ name: "old", type: "int" })));
	const reader = record(
		inner(
			{ name: "more", type: "string", default: "" },
			{ name: "now", aliases: ["old"], type: "long" },
		),
	);
	t.same(rowReaderOf(reader, columns)({ in: { old: 5 } }), { in: { more: "", now: 5 } });
	t.throws(() => rowReaderOf(record(inner({ name: "other", type: "int" })), columns), {
		message: /^R\.in\.other \(no-default\)/,
	});
	t.end();
});

function escaped(text: string): string {
	return text.replace(/[().]/g, "\\$&");
}
