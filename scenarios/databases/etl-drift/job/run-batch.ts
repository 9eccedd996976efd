import { type Decision, decide, type How } from "./decide.ts";
import { beginSnapshot, keptSample, readRows, sampleTable } from "./extract.ts";
import { hasBatch, lastBatch, loadSql, logSchema, logSql } from "./log.ts";
import type { Answer, FieldSource, Memory, Rules } from "./mapping.ts";
import { migrationSql, migrationsFor, migrationText } from "./migrations.ts";
import type { Question } from "./questions.ts";
import { type Query, quoted } from "./shape.ts";

/** What became of a batch. */
export type BatchResult =
	/** It is in the target, with all that it changed there; `columns` are the source's, as it found them. */
	| {
			kind: "loaded";
			rowCount: number;
			table: string;
			columns: string[];
			mapped: { field: string; how: How; score: number; source: FieldSource }[];
			migrations: string[];
	  }
	/** It was there before: nothing was done. */
	| { kind: "already" }
	/** Nothing was changed: these have to be answered first. */
	| { kind: "asked"; questions: Question[] };

/** The connections of a run: two to the source, one to the target. */
export interface Connections {
	reader: Query;
	guard: Query;
	target: Query;
}

/** Between what a run does, where it can be killed: told as it comes to each. */
export type JobStep = (typeof jobSteps)[number];
export const jobSteps = ["snapshot-taken", "target-changed", "rows-loaded", "committed"] as const;
export type Reach = (step: JobStep) => Promise<void>;

const chunkRows = 2_000;

/**
 * Loads what has changed in the source since the last batch, in one transaction of the target, with the migrations that it
 * takes and its line in the log: all of it is there afterwards, or nothing. The number of the batch makes a second run of it
 * do nothing.
 */
export async function runBatch(
	batch: number,
	rules: Rules,
	answers: readonly Answer[],
	{ reader, guard, target }: Connections,
	reach: Reach = async () => {},
): Promise<BatchResult> {
	await target("begin");
	// One at a time: what a killed run has left open ends with its connection.
	await target(`select pg_advisory_xact_lock(hashtext('${logSchema}'))`);
	for (const statement of logSql) await target(statement);
	if (await hasBatch(target, batch)) {
		await target("rollback");
		return { kind: "already" };
	}
	const last = await lastBatch(target);
	if (last !== null && Number(last.batch) > batch)
		throw new Error(
			`batch ${batch} comes after ${last.batch}, which is loaded: number it ${Number(last.batch) + 1}`,
		);
	const memory = last?.memory ?? null;
	const tables = await beginSnapshot(reader, guard, rules.source.schema);
	await reach("snapshot-taken");
	const contents = new Map<string, Awaited<ReturnType<typeof sampleTable>>>();
	for (const table of tables)
		contents.set(table.name, await sampleTable(reader, rules, table, memory));
	const outcome = decide(
		rules,
		memory,
		{
			tables,
			contentOf: (table, column) => contents.get(table)?.get(column) ?? null,
		},
		answers,
	);
	if (outcome.kind === "asked") {
		await Promise.all([target("rollback"), reader("rollback")]);
		return outcome;
	}
	const { table } = outcome;
	const typeOf = (name: string) => table.columns.find((column) => column.name === name)!.type;
	const { migrations, fields } = migrationsFor(
		rules,
		memory === null,
		outcome.decisions,
		outcome.added,
		typeOf,
	);
	const decisions: Decision[] = [
		...outcome.decisions.map((decision, i) => ({ ...decision, field: fields[i]! })),
		...outcome.added.map(({ name }, i) => ({
			field: fields[outcome.decisions.length + i]!,
			source: { kind: "column", column: name } as const,
			how: "exact" as const,
			score: 1,
		})),
	];
	const into = quoted(rules.target.schema, rules.target.table);
	if (memory === null) await target(`create schema if not exists ${quoted(rules.target.schema)}`);
	for (const migration of migrations)
		for (const statement of migrationSql(migration, into)) await target(statement);
	await reach("target-changed");
	const brought = decisions.flatMap(({ field, source }) =>
		source.kind === "none" ? [] : [{ name: field.name, type: field.type }],
	);
	const load = loadSql(into, rules.fields[0]!.name, brought);
	let rowCount = 0;
	let watermark = last?.watermark ?? "0";
	for await (const rows of readRows(reader, rules, table.name, decisions, watermark, chunkRows)) {
		await target(
			`insert into ${logSchema}.landed select $1, $2 + n - 1, row::jsonb from unnest($3::text[]) with ordinality as landing(row, n)`,
			[batch, rowCount, rows.map(({ fields }) => JSON.stringify(fields))],
		);
		await target(load, [batch, rowCount, rowCount + rows.length]);
		rowCount += rows.length;
		watermark = rows.at(-1)!.watermark;
	}
	await reader("rollback");
	const next: Memory = {
		table: table.name,
		fields,
		sources: Object.fromEntries(decisions.map(({ field, source }) => [field.name, source])),
		columns: Object.fromEntries(
			table.columns.map(({ name, type }) => {
				const content = contents.get(table.name)?.get(name) ?? { sample: {} };
				return [name, { type, content: keptSample(content) }];
			}),
		),
	};
	await target(
		`insert into ${logSchema}.batches (batch, migrations, fields, memory, watermark, row_count) values ($1, $2, $3, $4, $5, $6)`,
		[
			batch,
			JSON.stringify(migrations),
			JSON.stringify(brought),
			JSON.stringify(next),
			watermark,
			rowCount,
		],
	);
	await reach("rows-loaded");
	await target("commit");
	await reach("committed");
	return {
		kind: "loaded",
		rowCount,
		table: table.name,
		columns: table.columns.map(({ name }) => name),
		mapped: decisions.map(({ field, source, how, score }) => ({
			field: field.name,
			how,
			score,
			source,
		})),
		migrations: migrations.map(migrationText),
	};
}
