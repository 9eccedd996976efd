import type { Rules } from "./mapping.ts";
import type { BatchResult, Reach } from "./run-batch.ts";
import { type Query, quoted, readTables } from "./shape.ts";
import { typeSql } from "./types.ts";

/** Of each field the column of its name, or null. */
function expressionsByName(rules: Rules, columns: readonly string[]): string[] {
	return rules.fields.map(({ name }) =>
		columns.includes(name) ? `${quoted(name)}::text` : "null",
	);
}

/** What a job does that trusts names, and that commits as it goes. */
export async function naiveBatch(
	rules: Rules,
	source: Query,
	target: Query,
	reach: Reach,
): Promise<BatchResult> {
	const into = quoted(rules.target.schema, rules.target.table);
	const key = quoted(rules.fields[0]!.name);
	const names = rules.fields.map(({ name }) => quoted(name));
	const columns = rules.fields.map(
		({ type }, i) =>
			`${names[i]} ${type.kind === "integer" ? "bigint" : type.kind === "text" ? "text" : typeSql(type)}`,
	);
	await target(`create schema if not exists ${quoted(rules.target.schema)}`);
	await target(`create table if not exists ${into} (${columns.join(", ")}, primary key (${key}))`);
	await target(
		`create table if not exists ${quoted(rules.target.schema, "mark")} (watermark bigint)`,
	);
	const { rows: marks } = await target(
		`select coalesce(max(watermark), 0)::text as mark from ${quoted(rules.target.schema, "mark")}`,
	);
	await reach("snapshot-taken");
	const tables = await readTables(source, rules.source.schema);
	const table = tables.find(({ name }) => name === rules.source.table) ?? tables[0]!;
	const there = table.columns.map(({ name }) => name);
	const mark = quoted(rules.source.watermark);
	const expressions = expressionsByName(rules, there).map((text, i) => `${text} as ${names[i]}`);
	const { rows } = await source(
		`select ${mark}::text as "*mark", ${expressions.join(", ")} from ${quoted(rules.source.schema, table.name)} where ${mark} > $1 order by ${mark}`,
		[marks[0]!.mark],
	);
	await reach("target-changed");
	for (let at = 0; at < rows.length; at += chunkRows) {
		const chunk = rows.slice(at, at + chunkRows);
		const values = rules.fields.map(({ name }) => chunk.map((row) => row[name]));
		const typed = rules.fields.map(
			({ type }, i) =>
				`u.c${i}::${type.kind === "integer" ? "bigint" : type.kind === "text" ? "text" : typeSql(type)}`,
		);
		await target(
			`insert into ${into} select ${typed.join(", ")} from unnest(${values.map((_, i) => `$${i + 1}::text[]`).join(", ")}) as u(${values.map((_, i) => `c${i}`).join(", ")})
			on conflict (${key}) do update set ${names
				.slice(1)
				.map((name) => `${name} = excluded.${name}`)
				.join(", ")}`,
			values,
		);
		await target(`insert into ${quoted(rules.target.schema, "mark")} values ($1)`, [
			chunk.at(-1)!["*mark"],
		]);
	}
	await reach("rows-loaded");
	await reach("committed");
	return {
		kind: "loaded",
		rowCount: rows.length,
		table: table.name,
		columns: there,
		mapped: rules.fields.map(({ name }) => ({
			field: name,
			how: "exact",
			score: 1,
			source: there.includes(name) ? { kind: "column", column: name } : { kind: "none" },
		})),
		migrations: [],
	};
}

const chunkRows = 500;
