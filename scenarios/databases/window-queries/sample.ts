import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { expectedRows } from "./oracle/oracle.ts";
import { type Order, ordersOf } from "./orders.ts";
import { type Values, valuesFor } from "./parameters.ts";
import { type QueryFile, readQueries } from "./query-file.ts";
import { minuteText, type Row } from "./text.ts";

// The sample data set, its expected answers, and a psql script that asks all ten queries. Run by itself, this writes
// them into `sample/`.

const seed = 1;
const rows = 400;

/** File name → content, under `sample/`. */
export function sampleFiles(queries: readonly QueryFile[]): Record<string, string> {
	const orders = ordersOf(seed, rows);
	const asked = queries.map((query) => ({ query, values: valuesFor(query.id, seed, rows, 0) }));
	return {
		"orders.csv": csv(
			["order_id", "customer_id", "region", "category", "ordered_at", "amount_cents"],
			orders.map(rowOf),
		),
		"ask.psql": psqlScript(asked),
		...Object.fromEntries(
			asked.map(({ query, values }) => [
				`expected/${query.file.replace(/sql$/, "csv")}`,
				csv(
					query.columns.map(({ name }) => name),
					expectedRows(query.id, orders, values),
				),
			]),
		),
	};
}

function rowOf(order: Order): Row {
	const { orderId, customerId, region, category, minute, amountCents } = order;
	const amount = amountCents === null ? null : `${amountCents}`;
	return [`${orderId}`, `${customerId}`, region, category, minuteText(minute), amount];
}

/** As psql and COPY write it: null is nothing at all. No cell of ours needs quotes. */
function csv(names: readonly string[], rows: readonly Row[]): string {
	return [names, ...rows].map((row) => `${row.map((cell) => cell ?? "").join(",")}\n`).join("");
}

function psqlScript(asked: { query: QueryFile; values: Values }[]): string {
	const questions = asked.flatMap(({ query, values }) => [
		"",
		...Object.entries(values).map(([name, value]) => `\\set ${name} '${value}'`),
		`\\ir ../queries/${query.file}`,
	]);
	return [
		"-- Asks all ten queries of the sample, in this session alone. In this folder:",
		"--   psql --csv --quiet --file ask.psql | diff - <(cat expected/*.csv)",
		"set search_path = pg_temp;",
		"\\ir ../schema.sql",
		"\\copy orders from orders.csv with (format csv, header)",
		...questions,
		"",
	].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const folder = new URL("sample/", import.meta.url);
	const queries = readQueries(new URL("queries/", import.meta.url));
	for (const [name, content] of Object.entries(sampleFiles(queries))) {
		const path = fileURLToPath(new URL(name, folder));
		mkdirSync(dirname(path), { recursive: true });
		writeFileSync(path, content);
	}
}
