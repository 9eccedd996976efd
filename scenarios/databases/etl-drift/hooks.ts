import { codeOf, messageOf, type Truth } from "faultline";
import { sourceSql } from "./drift/layout.ts";
import { type Round, roundsOf } from "./drift/rounds.ts";
import { targetOf } from "./drift/truth.ts";
import { type FieldRow, fieldDigests } from "./field-digests.ts";
import { replay } from "./job/log.ts";
import { type Query, readTables } from "./job/shape.ts";
import { type P, sourceSchema } from "./params.ts";
import type { RoundReceipt } from "./play-round.ts";
import type { Expected, Observed } from "./record.ts";

/** What a run's data is made of. */
type Workload = Pick<P, "rounds" | "rows"> & { seed: number };

export function roundsFor({ seed, rounds, rows }: Workload): Round[] {
	return roundsOf(seed, rounds, rows, sourceSchema);
}

/** The source as it is at first, without an order in it. */
export async function arrangeSource(query: Query): Promise<void> {
	for (const statement of sourceSql(sourceSchema)) await query(statement);
}

const rowsAtOnce = 5_000;

/** How many orders a consumer of the target sees, as text. */
export async function countOrders(
	query: (text: string) => Promise<{ rows: Record<string, unknown>[] }>,
): Promise<string> {
	try {
		const { rows } = await query("select count(*)::text as count from warehouse.orders");
		return String(rows[0]!.count);
	} catch (error) {
		// Undefined table or schema: nothing has been loaded yet.
		if (/^(?:42P01|3F000)$/.test(codeOf(error) ?? "")) return "0";
		throw error;
	}
}

/** What is there once the load has ended. */
export async function observeDrift(
	query: Query,
	rounds: readonly RoundReceipt[],
	reads: ReadonlyMap<string, number>,
): Promise<Observed> {
	await query("set timezone = 'UTC'");
	const [table] = (await readTables(query, "warehouse")).filter(({ name }) => name === "orders");
	const fields = table?.columns.map(({ name }) => name) ?? [];
	const { rows: counts } = await query(
		fields.length === 0
			? "select 0 as distinct"
			: "select count(distinct order_id)::integer as distinct from warehouse.orders",
	);
	return {
		rounds: rounds.toSorted((a, b) => a.round - b.round),
		target: {
			...(await fieldDigests(fields.length === 0 ? [] : rowsIn(query, fields), fields)),
			distinctCount: Number(counts[0]!.distinct),
		},
		replayed: await replayBeside(query),
		reads: [...reads].map(([rowCount, count]) => ({ rowCount: Number(rowCount), count })),
	};
}

/** All rows of the target, as text. */
async function* rowsIn(query: Query, fields: readonly string[]): AsyncGenerator<FieldRow> {
	const texts = fields.map((field) => `"${field}"::text as "${field}"`);
	await query("begin");
	await query(
		`declare target no scroll cursor for select ${texts.join(", ")} from warehouse.orders`,
	);
	for (;;) {
		const { rows } = await query(`fetch ${rowsAtOnce} from target`);
		if (rows.length === 0) break;
		for (const row of rows)
			yield { key: String(row.order_id), value: (field) => (row[field] ?? null) as string | null };
	}
	await query("commit");
}

/** Plays the log into an empty schema and holds the two tables against each other. */
async function replayBeside(query: Query): Promise<Observed["replayed"]> {
	const { rows } = await query("select to_regclass('etl.batches') is not null as logged");
	if (rows[0]!.logged !== true) return null;
	await query("create schema replayed");
	try {
		await replay(query, "replayed.orders", "order_id");
	} catch (error) {
		return { kind: "broke", error: messageOf(error) };
	}
	const columns = async (schema: string) =>
		JSON.stringify(
			(await readTables(query, schema)).find(({ name }) => name === "orders")?.columns,
		);
	const only = async (one: string, other: string) => {
		const { rows } = await query(
			`select count(*)::integer as count from (table ${one}.orders except all table ${other}.orders) as differing`,
		);
		return Number(rows[0]!.count);
	};
	const sameColumns = (await columns("warehouse")) === (await columns("replayed"));
	return {
		kind: "played",
		sameColumns,
		onlyInTarget: sameColumns ? await only("warehouse", "replayed") : 0,
		onlyInReplay: sameColumns ? await only("replayed", "warehouse") : 0,
	};
}

/** The target and the mapping of every round, from the seed alone. */
export async function truthOfRun(workload: Workload): Promise<Expected> {
	const rounds = roundsFor(workload);
	const { fields, rows } = targetOf(rounds);
	const each = [...rows].map(
		([orderId, row]): FieldRow => ({
			key: String(orderId),
			value: (field) => row[field] ?? null,
		}),
	);
	return {
		target: await fieldDigests(each, fields),
		wholeCounts: [0, ...rounds.map(({ number }) => number * workload.rows)],
		rounds: rounds.map((round, i) => ({
			round: round.number,
			kinds: round.edits.map(({ kind }) => kind),
			text: round.edits.map(({ edit }) => edit.text).join("; "),
			truth: truthOf(round),
			sources: [round.layout.sources, ...(round.during ? [rounds[i - 1]!.layout.sources] : [])],
		})),
	};
}

function truthOf({ edits }: Round): Truth {
	for (const { edit } of edits)
		if (edit.truth.kind === "ambiguous")
			return { kind: "violating", place: edit.truth.place, rule: edit.truth.rule };
	return { kind: "harmless" };
}
