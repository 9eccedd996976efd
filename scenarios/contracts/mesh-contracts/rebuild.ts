import type { Row } from "../../subjects/shop/tables.ts";
import type { Domain, Mesh } from "./mesh/mesh.ts";
import { type AllPublished, type Published, publishedOf } from "./oracle/broken.ts";

type Ask = (text: string) => Promise<Record<string, unknown>[]>;

/** What publishers' mains make, and where that is not what the seed publishes. */
export type Rebuilt = {
	published: Record<string, { columns: { name: string; type: string }[]; rows: Row[] }>;
	wrong: string[];
};

/** What a publisher has on main: the SQL of its migrations in their order, and of each model by its path. */
export interface OnMain {
	migrations: readonly string[];
	models: ReadonlyMap<string, string>;
}

/** All of a publisher's main once more, in a schema that is gone afterwards, by another role and another path. */
export async function rebuild(
	ask: Ask,
	domain: Domain,
	{ migrations, models }: OnMain,
	wanted: Mesh,
): Promise<Rebuilt> {
	const all: AllPublished = publishedOf(wanted);
	const names = Object.keys(all).filter((name) => name.startsWith(`${domain}.`));
	const rebuilt: Rebuilt = { published: {}, wrong: [] };
	await ask("begin; create schema rebuilt; set local search_path to rebuilt");
	try {
		for (const sql of migrations) await ask(sql);
		for (const name of names) {
			const relation = name.slice(domain.length + 1);
			const sql = models.get(`models/${relation}.sql`);
			if (sql === undefined) {
				rebuilt.wrong.push(`${name} is published no more`);
				continue;
			}
			const found = await made(ask, relation, sql, all[name]!);
			rebuilt.published[name] = found;
			if (textOf(found) !== textOf(all[name]!)) rebuilt.wrong.push(`${name} is made otherwise`);
		}
	} catch (error) {
		rebuilt.wrong.push(`what ${domain} has on main can't be built: ${String(error)}`);
	} finally {
		await ask("rollback");
	}
	return rebuilt;
}

/** What a model makes, as far as it is to be published: columns that it should not have nobody gets. */
async function made(ask: Ask, relation: string, sql: string, wanted: Published) {
	const resolved = sql.replaceAll(/\{\{ source\('raw', '([a-z0-9_]+)'\) \}\}/g, "rebuilt.$1");
	await ask(`create view "${relation}" as ${resolved}`);
	const columns = (
		await ask(
			`select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute where attrelid = '"${relation}"'::regclass and attnum > 0 order by attnum`,
		)
	)
		.map(({ name, type }) => ({ name: String(name), type: String(type) }))
		.filter(({ name }) => wanted.columns.some((one) => one.name === name));
	const [row] = await ask(`select coalesce(json_agg(t), '[]') as rows from "${relation}" as t`);
	const names = columns.map(({ name }) => name);
	const rows = (row!.rows as Row[]).map((one) =>
		Object.fromEntries(names.map((name) => [name, one[name] ?? null])),
	);
	return { columns, rows };
}

/** The same text for the same columns and rows, in whatever order. */
function textOf({ columns, rows }: Published): string {
	const names = columns.map(({ name }) => name).sort();
	const lines = rows.map((row) => JSON.stringify(names.map((name) => row[name] ?? null)));
	const types = columns.map(({ name, type }) => `${name} ${type}`);
	return JSON.stringify([types.sort(), lines.sort()]);
}
