import { type ColumnType, readType } from "./types.ts";

/** A column of the source as its catalog has it. */
export interface Column {
	name: string;
	type: ColumnType;
	nullable: boolean;
	/** As SQL, where it is a constant; null of none, and of what is worked out anew for each row. */
	constant: string | null;
}

export interface Table {
	name: string;
	columns: Column[];
}

/** Runs one statement. */
export type Query = (
	text: string,
	values?: unknown[],
) => Promise<{ rows: Record<string, unknown>[] }>;

const constantSql = /^(?:'(?:[^']|'')*'|-?\d+(?:\.\d+)?|true|false)(?:::[a-z ]+(?:\([\d,]+\))?)?$/;

/** All tables of a schema. */
export async function readTables(query: Query, schema: string): Promise<Table[]> {
	const { rows } = await query(
		`select c.relname as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
			not a.attnotnull as nullable, pg_get_expr(d.adbin, d.adrelid) as default,
			case when t.typtype = 'e' then (select array_agg(enumlabel::text order by enumsortorder) from pg_enum where enumtypid = t.oid) end as labels
		from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
			join pg_type t on t.oid = a.atttypid
			left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
		where c.relnamespace = to_regnamespace($1) and c.relkind in ('r', 'p')
		order by c.relname, a.attnum`,
		[schema],
	);
	const tables = new Map<string, Table>();
	for (const row of rows as unknown as CatalogRow[]) {
		const table = tables.get(row.table) ?? { name: row.table, columns: [] };
		tables.set(row.table, table);
		table.columns.push({
			name: row.name,
			type: readType(row.type, row.labels),
			nullable: row.nullable,
			constant: row.default !== null && constantSql.test(row.default) ? row.default : null,
		});
	}
	return [...tables.values()];
}

interface CatalogRow {
	table: string;
	name: string;
	type: string;
	nullable: boolean;
	default: string | null;
	labels: string[] | null;
}

/** A name as SQL takes it, whatever it is. */
export function quoted(...names: string[]): string {
	return names.map((name) => `"${name.replaceAll('"', '""')}"`).join(".");
}

export function literal(text: string): string {
	return `'${text.replaceAll("'", "''")}'`;
}
