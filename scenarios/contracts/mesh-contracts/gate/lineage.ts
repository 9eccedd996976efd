// Which columns of which datasets a query reads, as the database itself notes it for a view: not by its text.

/** Views of the schema `asked`, with each column that they read as `sales.orders_v1` and `status`. */
export const lineageSql = `select distinct v.relname as view, n.nspname || '.' || c.relname as dataset, a.attname as column
	from pg_depend d
	join pg_rewrite r on d.classid = 'pg_rewrite'::regclass and r.oid = d.objid
	join pg_class v on v.oid = r.ev_class and v.relnamespace = 'asked'::regnamespace
	join pg_class c on d.refclassid = 'pg_class'::regclass and c.oid = d.refobjid and c.oid <> v.oid
	join pg_namespace n on n.oid = c.relnamespace
	left join pg_attribute a on a.attrelid = c.oid and a.attnum = d.refobjsubid and a.attnum > 0`;

/**
 * Views of the schema `asked` that read whole rows, by the tree that the database keeps of a view: no column of such a row is
 * noted as one that is read, so that nobody could know what they rely on.
 */
export const wholeRowsSql = `select v.relname as view from pg_rewrite r join pg_class v on v.oid = r.ev_class
	where v.relnamespace = 'asked'::regnamespace and r.ev_action::text like '%:varattno 0 %'`;

export interface LineageRow {
	view: string;
	/** Null of a dataset that is read without a column of it, as by `count(*)`. */
	column: string | null;
	dataset: string;
}
