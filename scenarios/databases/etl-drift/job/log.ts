import type { Field, Memory } from "./mapping.ts";
import { type Migration, migrationSql } from "./migrations.ts";
import { literal, type Query, quoted } from "./shape.ts";
import { typeSql } from "./types.ts";

// The log: what each batch did to the target, and the rows that it brought, in the target's own transactions. Played from
// its beginning it makes the target again.

export const logSchema = "etl";

export const logSql = [
	`create schema if not exists ${logSchema}`,
	`create table if not exists ${logSchema}.batches (batch bigint primary key, loaded_at timestamptz not null default now(),
		migrations jsonb not null, fields jsonb not null, memory jsonb not null, watermark text not null, row_count bigint not null)`,
	`create table if not exists ${logSchema}.landed (batch bigint, n bigint, fields jsonb not null, primary key (batch, n))`,
];

/** A batch as the log has it. */
export interface LoggedBatch {
	batch: string;
	migrations: Migration[];
	/** Those that its rows bring. */
	fields: Pick<Field, "name" | "type">[];
}

export async function lastBatch(
	query: Query,
): Promise<{ batch: string; memory: Memory; watermark: string } | null> {
	const { rows } = await query(
		`select batch::text, memory, watermark from ${logSchema}.batches order by batches.batch desc limit 1`,
	);
	return (rows[0] as { batch: string; memory: Memory; watermark: string } | undefined) ?? null;
}

export async function hasBatch(query: Query, batch: number): Promise<boolean> {
	const { rows } = await query(`select 1 from ${logSchema}.batches where batch = $1`, [batch]);
	return rows.length > 0;
}

/** Puts rows that have landed into a table, over those with the same key. */
export function loadSql(
	table: string,
	key: string,
	fields: readonly Pick<Field, "name" | "type">[],
): string {
	const names = fields.map(({ name }) => quoted(name));
	const values = fields.map(({ name, type }) => {
		// A number in another unit comes with decimals, which an integer does not read.
		const through = type.kind === "integer" ? "::numeric" : "";
		return `(fields->>${literal(name)})${through}::${typeSql(type)}`;
	});
	const others = names.filter((name) => name !== quoted(key));
	return `insert into ${table} (${names.join(", ")})
		select ${values.join(", ")} from ${logSchema}.landed where batch = $1 and n >= $2 and n < $3 order by n
		on conflict (${quoted(key)}) do update set ${others.map((name) => `${name} = excluded.${name}`).join(", ")}`;
}

/** Makes a table by all that the log says, from nothing. */
export async function replay(query: Query, table: string, key: string): Promise<void> {
	const { rows } = await query(
		`select batch::text, migrations, fields from ${logSchema}.batches order by batches.batch`,
	);
	for (const { batch, migrations, fields } of rows as unknown as LoggedBatch[]) {
		for (const migration of migrations)
			for (const statement of migrationSql(migration, table)) await query(statement);
		await query(loadSql(table, key, fields), [batch, 0, Number.MAX_SAFE_INTEGER]);
	}
}
