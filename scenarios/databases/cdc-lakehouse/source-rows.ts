interface Client {
	query(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
}

/** A row as Postgres writes its cells. */
export type SourceRow = Record<string, string | null>;

/** All rows of a publication's tables as a statement gives them, all of one moment. */
export async function sourceRows(
	client: Client,
	publication: string,
): Promise<Map<string, SourceRow[]>> {
	await client.query("begin isolation level repeatable read read only");
	try {
		const { rows: tables } = await client.query(
			`select tablename as name, format('%I.%I', schemaname, tablename) as qualified,
			   (select string_agg(format('%1$I::text as %1$I', attname), ', ') from pg_attribute
			    where attrelid = format('%I.%I', schemaname, tablename)::regclass
			      and attnum > 0 and not attisdropped) as cells
			 from pg_publication_tables where pubname = $1`,
			[publication],
		);
		const found = new Map<string, SourceRow[]>();
		for (const { name, qualified, cells } of tables) {
			const { rows } = await client.query(`select ${cells} from ${qualified}`);
			found.set(String(name), rows as SourceRow[]);
		}
		return found;
	} finally {
		await client.query("commit");
	}
}
