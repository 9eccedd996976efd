import type pg from "pg";
import type { QueryResult } from "pg";
import type { CellReaders } from "../../load/statements.ts";
import { type Explained, shapeOf, spilledBytes } from "./explain.ts";
import { type Values, valuesFor } from "./parameters.ts";
import type { QueryFile } from "./query-file.ts";
import { schemaFor } from "./table.ts";
import { type Cell, comparable } from "./text.ts";
import type { Work } from "./work.ts";

/** Every cell as Postgres' own text: what `pg` makes of a date depends on the time zone of whoever asks. */
const asText: CellReaders = { getTypeParser: () => (text) => text };

/** A query with its parameters, as a client of `pg` takes it. */
export function questionOf(query: QueryFile, values: Values) {
	return {
		text: query.text,
		values: query.parameters.map(({ name }) => values[name]),
		types: asText,
	};
}

/** The rows of its answer, each as it is compared. */
export function rowsOf({ rows }: Pick<QueryResult<Record<string, unknown>>, "rows">): string[] {
	return rows.map((row) => comparable(Object.values(row) as Cell[]));
}

/**
 * What the server says of the work of each query on the tables of these sizes. The repeats go round and round, so that
 * whatever else the machine does falls on all sizes alike.
 */
export async function workOf(
	client: pg.Client,
	queries: readonly QueryFile[],
	{ seed, sizes, repeats }: { seed: number; sizes: readonly number[]; repeats: number },
): Promise<Work[]> {
	const works = new Map<string, Work>();
	for (let round = 0; round < repeats; round++) {
		for (const rows of sizes) {
			await client.query(`set search_path = ${schemaFor(rows)}`);
			for (const query of queries) {
				const explained = await explain(client, query, valuesFor(query.id, seed, rows, 0));
				const { executionMs = [] } = works.get(`${query.id} ${rows}`) ?? {};
				works.set(`${query.id} ${rows}`, {
					...{ query: query.id, rows },
					executionMs: [...executionMs, explained["Execution Time"]],
					spilledBytes: spilledBytes(explained),
					shape: shapeOf(explained.Plan),
				});
			}
		}
	}
	return [...works.values()];
}

async function explain(client: pg.Client, query: QueryFile, values: Values): Promise<Explained> {
	const { text, values: list } = questionOf(query, values);
	const answer = await client.query<{ "QUERY PLAN": [Explained] }>(
		`explain (analyze, timing off, buffers, format json) ${text}`,
		list,
	);
	return answer.rows[0]!["QUERY PLAN"][0];
}
