import type { Content } from "./content.ts";
import type { Decision } from "./decide.ts";
import type { FieldSource, Memory, Rules } from "./mapping.ts";
import { literal, type Query, quoted, readTables, type Table } from "./shape.ts";

/** The value of a field in a row of the source, as SQL. */
function expressionOf(source: Exclude<FieldSource, { kind: "none" }>): string {
	switch (source.kind) {
		case "column":
			return quoted(source.column);
		case "scaled":
			return `(${quoted(source.column)} * ${source.factor})`;
		case "joined":
			return `concat_ws(${literal(source.separator)}, ${source.columns.map((name) => quoted(name)).join(", ")})`;
		case "part":
			return `split_part(${quoted(source.column)}, ${literal(source.separator)}, ${source.part})`;
		case "local":
			return `(${quoted(source.column)} at time zone ${literal(source.zone)})`;
		default:
			return source satisfies never;
	}
}

/**
 * Begins a transaction that sees the tables of a schema as they are at one moment: their columns, and all rows whose
 * writers have ended. `guard` is a second connection, which keeps writers and changes of the tables out for that moment.
 *
 * A table that is rewritten looks empty to whoever has taken his snapshot before, and a row whose number was drawn early
 * may be committed late, behind a mark that has gone past it; so locks come first, and the snapshot while nobody writes.
 */
export async function beginSnapshot(reader: Query, guard: Query, schema: string): Promise<Table[]> {
	await guard("begin");
	try {
		for (const { name } of await readTables(guard, schema))
			await guard(`lock table ${quoted(schema, name)} in share mode`);
		await reader("begin isolation level repeatable read read only");
		const tables = await readTables(guard, schema);
		for (const { name } of tables)
			await reader(`lock table ${quoted(schema, name)} in access share mode`);
		await reader("select 1");
		return tables;
	} finally {
		await guard("rollback");
	}
}

const sampledRows = 60;

/** What the columns of a table hold: in the newest rows, and in those that were sampled last time. */
export async function sampleTable(
	query: Query,
	{ source }: Rules,
	{ name, columns }: Table,
	memory: Memory | null,
): Promise<Map<string, Content>> {
	const names = columns.map((column) => column.name);
	if (!names.includes(source.key) || !names.includes(source.watermark)) return new Map();
	const known = new Set(
		Object.values(memory?.columns ?? {}).flatMap(({ content }) => Object.keys(content.sample)),
	);
	const texts = names.map((column) => `${quoted(column)}::text as ${quoted(column)}`).join(", ");
	const from = quoted(source.schema, name);
	const { rows } = await query(
		`(select ${texts} from ${from} where ${quoted(source.key)}::text = any($1))
		union (select ${texts} from ${from} order by ${from}.${quoted(source.watermark)} desc limit ${sampledRows})`,
		[[...known]],
	);
	const contents = new Map<string, Content>();
	for (const column of names) {
		const sample = Object.fromEntries(
			rows.map((row) => [row[source.key] as string, row[column] as string | null]),
		);
		contents.set(column, { sample });
	}
	return contents;
}

/** As much of a sample as is kept: rows that stay, by an order that has nothing to do with when they came. */
export function keptSample({ sample }: Content): Content {
	const keys = Object.keys(sample).toSorted((a, b) => mixed(a) - mixed(b));
	return {
		sample: Object.fromEntries(keys.slice(0, sampledRows).map((key) => [key, sample[key]!])),
	};
}

/** FNV-1a: the same for the same text, and else as good as drawn. */
function mixed(text: string): number {
	let hash = 0x811c9dc5;
	for (let i = 0; i < text.length; i++)
		hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
	return hash;
}

/** Rows of the source as the target's fields, as text, chunk by chunk in the order of the watermark. */
export async function* readRows(
	query: Query,
	{ source }: Rules,
	table: string,
	decisions: readonly Decision[],
	after: string,
	chunkRows: number,
): AsyncGenerator<{ watermark: string; fields: Record<string, string | null> }[]> {
	const fields = decisions.flatMap(({ field, source: from }) =>
		from.kind === "none" ? [] : [`(${expressionOf(from)})::text as ${quoted(field.name)}`],
	);
	const mark = quoted(source.watermark);
	await query(
		`declare changed no scroll cursor for select ${mark}::text as "*mark", ${fields.join(", ")}
		from ${quoted(source.schema, table)} where ${mark} > ${literal(after)}::bigint order by ${mark}`,
	);
	for (;;) {
		const { rows } = await query(`fetch ${chunkRows} from changed`);
		if (rows.length === 0) break;
		yield rows.map(({ "*mark": watermark, ...row }) => ({
			watermark: watermark as string,
			fields: row as Record<string, string | null>,
		}));
	}
	await query("close changed");
}
