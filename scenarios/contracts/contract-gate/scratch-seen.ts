import { pause } from "faultline";
import { gateRole } from "./scratch-role.ts";
import type { Cell, Shop, Table } from "./shop/shop.ts";

type Ask = (text: string) => Promise<Record<string, unknown>[]>;

/** What main's migrations make, held against what the seed has in mind. */
export type Rebuilt = { tablesCount: number; wrong: string[] };

export async function makeScratchRole(
	run: (text: string) => Promise<unknown>,
	database: string,
): Promise<void> {
	const { name, password } = gateRole(database);
	await run(`create role "${name}" login password '${password}'`);
	await run(`grant connect, create on database "${database}" to "${name}"`);
}

const leftLimitMs = 10_000;

/** What checks have left: schemas, relations, transactions. A session that is about to end is waited for. */
export async function leftInScratch(ask: Ask, database: string): Promise<string[]> {
	const { name } = gateRole(database);
	const untilMs = performance.now() + leftLimitMs;
	for (;;) {
		const rows = await ask(`
			select 'schema ' || nspname as what from pg_namespace where nspowner = '${name}'::regrole
			union all select relkind::text || ' ' || relname from pg_class where relowner = '${name}'::regrole and relkind in ('r', 'v', 'm', 'S', 'f')
			union all select 'function ' || proname from pg_proc where proowner = '${name}'::regrole
			union all select 'transaction ' || gid from pg_prepared_xacts where database = current_database()
			union all select 'session ' || state from pg_stat_activity where usename = '${name}' and xact_start is not null`);
		const left = rows.map(({ what }) => String(what));
		const passes = left.length > 0 && left.every((what) => what.startsWith("session"));
		if (!passes || performance.now() > untilMs) return left;
		await pause(50);
	}
}

/** All migrations of main once more, in a schema that is gone afterwards, by another role and another path. */
export async function rebuild(
	ask: Ask,
	migrations: readonly string[],
	{ tables }: Pick<Shop, "tables">,
): Promise<Rebuilt> {
	const tablesCount = Object.keys(tables).length;
	await ask("begin; create schema rebuilt; set local search_path to rebuilt");
	try {
		for (const sql of migrations) await ask(sql);
		const columns = await ask(`
			select table_name, column_name, is_nullable, case
				when character_maximum_length is not null then data_type || '(' || character_maximum_length || ')' else data_type end as type
			from information_schema.columns where table_schema = 'rebuilt' order by table_name, ordinal_position`);
		const keys = await ask(`
			select table_name, constraint_type, string_agg(column_name, ',' order by ordinal_position) as columns
			from information_schema.table_constraints join information_schema.key_column_usage using (table_schema, table_name, constraint_name)
			where table_schema = 'rebuilt' and constraint_type in ('PRIMARY KEY', 'UNIQUE') group by 1, 2, constraint_name`);
		const found = [...new Set(columns.map(({ table_name }) => String(table_name)))];
		const names = [...new Set([...found, ...Object.keys(tables)])];
		const wrong: string[] = [];
		for (const name of names) {
			const table = tables[name];
			const structure = [columns, keys].flatMap((rows) =>
				rows.filter(({ table_name }) => table_name === name).map(lineOf),
			);
			const wanted = table === undefined ? [] : linesOf(name, table);
			if (structure.sort().join("\n") !== wanted.sort().join("\n"))
				wrong.push(`${name} is built otherwise`);
			else if (!(await hasRows(ask, name, table!))) wrong.push(`${name} has other rows`);
		}
		return { tablesCount, wrong };
	} catch (error) {
		return { tablesCount, wrong: [`main can't be built: ${String(error)}`] };
	} finally {
		await ask("rollback");
	}
}

function lineOf(row: Record<string, unknown>): string {
	return Object.values(row).join(" ");
}

function linesOf(name: string, { columns, primaryKey, uniques }: Table): string[] {
	return [
		...columns.map((one) => `${name} ${one.name} ${one.notNull ? "NO" : "YES"} ${one.type}`),
		...(primaryKey.length === 0 ? [] : [`${name} PRIMARY KEY ${primaryKey.join(",")}`]),
		...uniques.map((unique) => `${name} UNIQUE ${unique}`),
	];
}

async function hasRows(ask: Ask, name: string, { columns, rows }: Table): Promise<boolean> {
	const names = columns.map((column) => column.name);
	const list = names.map((column) => `"${column}"::text`).join(", ");
	const found = await ask(`select ${list} from rebuilt."${name}"`);
	const text = (cell: Cell | undefined) =>
		cell === null || cell === undefined ? null : String(cell);
	const lines = (some: readonly Record<string, unknown>[]) =>
		some.map((row) => JSON.stringify(names.map((column) => text(row[column] as Cell)))).sort();
	return JSON.stringify(lines(found)) === JSON.stringify(lines(rows));
}
