import { FaultlineError } from "../../base/errors.ts";
import type { Target } from "../target.ts";
import { onPostgres, type PostgresUndo, planOnPostgres } from "./postgres-undo.ts";

/** What kinds keep that lock a table: its name as SQL, quoted and with its schema. */
export interface TableUndo extends PostgresUndo {
	table: string;
}

/** The schema of such a kind's parameter. */
export const tableParam = {
	type: "string",
	minLength: 1,
	maxLength: 127,
	description: "name of the table, or schema.name",
};

const tables = `
	select format('%I.%I', n.nspname, c.relname) as table,
		case when pg_table_is_visible(c.oid) then array[c.relname, n.nspname || '.' || c.relname]
			else array[n.nspname || '.' || c.relname] end as names
	from pg_class c join pg_namespace n on n.oid = c.relnamespace
	where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema')
	order by c.relname`;

/** Finds the table by its name as it is in the catalog; `FLT_NO_PATH` with those that there are. */
export async function planOnTable(
	target: Target,
	on: string,
	table: string,
	faultId: string,
): Promise<TableUndo> {
	const undo = await planOnPostgres(target, on, faultId);
	const { rows } = await onPostgres(undo.url, (client) =>
		client.query<{ table: string; names: string[] }>(tables),
	);
	const found = rows.find(({ names }) => names.includes(table));
	if (found !== undefined) return { ...undo, table: found.table };
	throw new FaultlineError(
		"FLT_NO_PATH",
		`there is no table "${table}" behind path "${on}"`,
		rows.length === 0
			? "there is none"
			: `there are: ${rows.map(({ names }) => names[0]).join(", ")}`,
	);
}

/** A statement that waits for whoever holds the table, and reads nothing. */
export function touch({ table }: TableUndo): { statement: string } {
	return { statement: `select from ${table} limit 0` };
}
