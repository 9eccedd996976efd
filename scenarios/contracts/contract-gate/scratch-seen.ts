import type { Cell, Table } from "../../subjects/shop/tables.ts";
import type { Shop } from "./shop/shop.ts";

type Ask = (text: string) => Promise<Record<string, unknown>[]>;

/** What main's migrations make, held against what the seed has in mind. */
export type Rebuilt = { tablesCount: number; wrong: string[] };

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
