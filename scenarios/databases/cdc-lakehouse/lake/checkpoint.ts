import { parquetReadObjects, type SchemaElement } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import type { Action } from "./actions.ts";

// What all versions up to one come to, in one file (Delta's PROTOCOL.md, classic checkpoints): who opens the table reads it and
// what comes behind, and not each version since the first. Each row is one action, in the column of its kind.

/** What is no change of a table by itself is in no checkpoint. */
export type KeptAction = Exclude<Action, { commitInfo: unknown }>;

const utf8 = { type: "BYTE_ARRAY", converted_type: "UTF8" } as const;
const optional = { repetition_type: "OPTIONAL" } as const;

const text = (name: string): SchemaElement[] => [{ name, ...utf8, ...optional }];
const integer = (name: string): SchemaElement[] => [{ name, type: "INT32", ...optional }];
const long = (name: string): SchemaElement[] => [{ name, type: "INT64", ...optional }];
const boolean = (name: string): SchemaElement[] => [{ name, type: "BOOLEAN", ...optional }];
const struct = (name: string, ...fields: SchemaElement[][]): SchemaElement[] => [
	{ name, num_children: fields.length, ...optional },
	...fields.flat(),
];
const texts = (name: string): SchemaElement[] => [
	{ name, converted_type: "LIST", num_children: 1, ...optional },
	{ name: "list", repetition_type: "REPEATED", num_children: 1 },
	{ name: "element", ...utf8, ...optional },
];
const textByText = (name: string): SchemaElement[] => [
	{ name, converted_type: "MAP", num_children: 1, ...optional },
	{ name: "key_value", repetition_type: "REPEATED", num_children: 2 },
	{ name: "key", ...utf8, repetition_type: "REQUIRED" },
	{ name: "value", ...utf8, ...optional },
];

const kinds = {
	txn: [text("appId"), long("version")],
	add: [
		text("path"),
		textByText("partitionValues"),
		long("size"),
		long("modificationTime"),
		boolean("dataChange"),
		text("stats"),
		textByText("tags"),
	],
	remove: [text("path"), long("deletionTimestamp"), boolean("dataChange")],
	metaData: [
		text("id"),
		struct("format", text("provider"), textByText("options")),
		text("schemaString"),
		texts("partitionColumns"),
		textByText("configuration"),
	],
	protocol: [integer("minReaderVersion"), integer("minWriterVersion")],
} as const;
type Kind = keyof typeof kinds;

const schema: SchemaElement[] = [
	{ name: "root", num_children: Object.keys(kinds).length },
	...Object.entries(kinds).flatMap(([name, fields]) => struct(name, ...fields)),
];

export function checkpointOf(actions: readonly KeptAction[]): Uint8Array {
	const columnData = Object.keys(kinds).map((name) => ({
		name,
		data: actions.map((action) => written((action as Record<string, unknown>)[name] ?? null)),
	}));
	return new Uint8Array(parquetWriteBuffer({ columnData, schema }));
}

export async function actionsIn(checkpoint: Buffer): Promise<KeptAction[]> {
	const rows = await parquetReadObjects({ file: Uint8Array.from(checkpoint).buffer });
	return rows.map((row) => {
		const [kind] = (Object.keys(kinds) as Kind[]).filter((name) => row[name] != null);
		return { [kind!]: read(row[kind!]) } as unknown as KeptAction;
	});
}

const longs = new Set(["version", "size", "modificationTime", "deletionTimestamp"]);

/** Numbers of 64 bits are BigInts to Parquet. */
function written(value: unknown): unknown {
	if (value === null) return null;
	return Object.fromEntries(
		Object.entries(value as object).map(([name, cell]) => [
			name,
			longs.has(name) ? BigInt(cell as number) : cell,
		]),
	);
}

function read(value: unknown): unknown {
	return Object.fromEntries(
		Object.entries(value as object).map(([name, cell]) => [
			name,
			typeof cell === "bigint" ? Number(cell) : cell,
		]),
	);
}
