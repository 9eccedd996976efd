import {
	type Digest,
	digest,
	type ExactlyOnce,
	exactlyOnce,
	type OperationTimes,
	type OutcomeKind,
} from "faultline";
import type { Attempts } from "./pipeline/attempts.ts";
import { expectedRows } from "./source.ts";

export type Observed = {
	/** Batches by what the scheduler was told of them. */
	batches: Record<OutcomeKind, number>;
	/** Rows of the sink, by batch and line, against what was told. */
	rows: ExactlyOnce;
	/** What was published, by batch, against the same. */
	orders: ExactlyOnce;
	/** Batches of which something is there and something is not: rows, the order, or its total. The first ten by name. */
	partial: { count: number; first: string[] };
	/** Rows of published batches as they are in the sink, and their published totals. */
	rowsDigest: Digest;
	totalsDigest: Digest;
	/** Tries, as the worker noted them before it made them. */
	attempts: { [K in keyof Attempts]: number } & {
		/** Of an older record, which does not say what was taken. */
		republished?: number;
	};
	/** Tries to publish that reached the order service, by its own count. */
	publishReceived: number;
};

export type Expected = { rowsDigest: Digest; totalsDigest: Digest };

export type Told = ReadonlyMap<number, OutcomeKind>;

export type FoundRow = {
	batch: number;
	line: number;
	customer: string;
	net_cents: number;
	vat_cents: number;
};
export type FoundOrder = { order_id: string; amount_cents: number };

/** All that was seen after a run. */
export interface Seen {
	/** What the scheduler was told, by batch. */
	told: Told;
	/** When each batch was, as far as that is known. */
	times: ReadonlyMap<number, OperationTimes>;
	rows: readonly FoundRow[];
	orders: readonly FoundOrder[];
	attempts: Attempts;
	publishReceived: number;
}

/** What was seen, reduced to what can be judged and kept. */
export async function evidenceOf(
	{ told, times, rows, orders, attempts, publishReceived }: Seen,
	rowsPerBatch: number,
): Promise<Observed> {
	const lines = Array.from({ length: rowsPerBatch }, (_, line) => line);
	const toldRows = [...told].flatMap(([n, outcome]) =>
		lines.map((line) => [`${n}/${line}`, outcome, times.get(n)] as const),
	);
	const partial = partialOf({ told, rows, orders }, rowsPerBatch);
	const published = (batch: number) => told.get(batch) === "ok";
	const counted = (kind: OutcomeKind) => [...told.values()].filter((one) => one === kind).length;
	return {
		batches: { ok: counted("ok"), fail: counted("fail"), unknown: counted("unknown") },
		rows: exactlyOnce(toldRows, countsOf(rows.map(({ batch, line }) => `${batch}/${line}`))),
		orders: exactlyOnce(
			[...told].map(([n, outcome]) => [`batch-${n}`, outcome, times.get(n)] as const),
			countsOf(orders.map(({ order_id }) => order_id)),
		),
		partial: { count: partial.length, first: partial.slice(0, 10) },
		rowsDigest: await digest(
			rows.filter(({ batch }) => published(batch)),
			({ batch, line }) => `${batch}/${line}`,
			(row) => `${row.batch} ${row.line} ${row.customer} ${row.net_cents} ${row.vat_cents}`,
		),
		totalsDigest: await digest(
			orders.filter(({ order_id }) => published(Number(order_id.replace("batch-", "")))),
			({ order_id }) => order_id,
			({ order_id, amount_cents }) => `${order_id} ${amount_cents}`,
		),
		attempts: { ...attempts },
		publishReceived,
	};
}

/** Rows and totals of the published batches, made again from the seed: no database, no DAG. */
export async function expectedOf(
	told: Told,
	seed: number,
	rowsPerBatch: number,
): Promise<Expected> {
	const published = [...told].flatMap(([n, outcome]) => (outcome === "ok" ? n : []));
	const rows = published.flatMap((batch) =>
		expectedRows(seed, batch, rowsPerBatch).map((row) => ({ batch, ...row })),
	);
	const totals = new Map<number, number>();
	for (const { batch, netCents } of rows) totals.set(batch, (totals.get(batch) ?? 0) + netCents);
	return {
		rowsDigest: await digest(
			rows,
			({ batch, line }) => `${batch}/${line}`,
			(row) => `${row.batch} ${row.line} ${row.customer} ${row.netCents} ${row.vatCents}`,
		),
		totalsDigest: await digest(
			totals,
			([batch]) => `batch-${batch}`,
			([batch, total]) => `batch-${batch} ${total}`,
		),
	};
}

/** Batches that are neither wholly there nor wholly absent, each with why. */
function partialOf(
	{ told, rows, orders }: Pick<Seen, "told" | "rows" | "orders">,
	rowsPerBatch: number,
): string[] {
	const rowsOf = Map.groupBy(rows, ({ batch }) => batch);
	const ordersOf = Map.groupBy(orders, ({ order_id }) => order_id);
	return [...told].flatMap(([batch, outcome]) => {
		const mine = rowsOf.get(batch) ?? [];
		const lines = new Set(mine.map(({ line }) => line)).size;
		const order = ordersOf.get(`batch-${batch}`)?.[0];
		if (order === undefined) {
			// One that was never answered for may still be on its way from the sink to the order service.
			const onItsWay = outcome === "unknown" && lines === rowsPerBatch;
			return lines === 0 || onItsWay ? [] : [`batch-${batch}: ${lines} rows, not published`];
		}
		if (lines < rowsPerBatch)
			return [`batch-${batch}: published with ${lines} of ${rowsPerBatch} rows`];
		const total = mine.reduce((sum, { net_cents }) => sum + net_cents, 0);
		return mine.length > lines || total === order.amount_cents
			? []
			: [`batch-${batch}: published as ${order.amount_cents}, its rows make ${total}`];
	});
}

function countsOf(keys: readonly string[]): Map<string, number> {
	const counts = new Map<string, number>();
	for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
	return counts;
}
