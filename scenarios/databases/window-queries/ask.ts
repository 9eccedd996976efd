import type { CellReaders } from "faultline";
import type pg from "pg";
import type { QueryResult } from "pg";
import { type Explained, shapeOf, spilledBytes } from "./explain.ts";
import { type Values, valuesFor } from "./parameters.ts";
import { ProcessorTime } from "./processor-time.ts";
import type { QueryFile } from "./query-file.ts";
import { schemaFor } from "./table.ts";
import { type Cell, comparable } from "./text.ts";
import { isTold, type Work } from "./work.ts";

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
 * What the server says of the work of each query on the tables of these sizes, each time with other parameters. The
 * repeats go round and round, so that whatever else the machine does falls on all sizes alike; there are more than
 * `repeats` where those leave it open how the work grows.
 */
export async function workOf(
	client: pg.Client,
	queries: readonly QueryFile[],
	{ seed, sizes, repeats }: { seed: number; sizes: readonly number[]; repeats: number },
): Promise<Work[]> {
	const works = new Map<string, Work>();
	const processor = await ProcessorTime.open(client);
	const clock = processor === null ? "wall" : "processor";
	const take = async (query: QueryFile, rows: number, round: number): Promise<void> => {
		const values = valuesFor(query.id, seed, rows, round);
		const key = `${query.id} ${rows}`;
		const work = works.get(key) ?? (await plannedWork(client, query, rows, values));
		const ms =
			processor === null
				? (await explain(client, query, values))["Execution Time"]
				: await processor.of(() => client.query(questionOf(query, values)));
		works.set(key, { ...work, clock, timesMs: [...work.timesMs, ms] });
	};
	try {
		for (let round = 0; round < repeatsMost * repeats; round++) {
			if (round >= repeats && isTold(queries, [...works.values()])) break;
			for (const rows of sizes) {
				await client.query(`set search_path = ${schemaFor(rows)}`);
				for (const query of queries) await take(query, rows, round);
			}
		}
	} finally {
		await processor?.close();
	}
	return [...works.values()];
}

/** Times what was asked for, and no more, however far the times lie apart. */
const repeatsMost = 4;

async function plannedWork(
	client: pg.Client,
	query: QueryFile,
	rows: number,
	values: Values,
): Promise<Omit<Work, "clock">> {
	const explained = await explain(client, query, values);
	return {
		query: query.id,
		rows,
		timesMs: [],
		spilledBytes: spilledBytes(explained),
		shape: shapeOf(explained.Plan),
	};
}

async function explain(client: pg.Client, query: QueryFile, values: Values): Promise<Explained> {
	const { text, values: list } = questionOf(query, values);
	const answer = await client.query<{ "QUERY PLAN": [Explained] }>(
		`explain (analyze, timing off, buffers, format json) ${text}`,
		list,
	);
	return answer.rows[0]!["QUERY PLAN"][0];
}
