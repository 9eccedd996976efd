import pg from "pg";
import type { Manifest, SinkRow, SourceRow } from "./contract.ts";

// The five steps of the DAG, each a function of what it is given: extract → validate (contract.ts) → transform → load →
// publish. They retry nothing and remember nothing; that is what the two ways to run them differ in.

/** What the source says a batch holds. Throws where it knows no such batch. */
export async function readManifest(source: pg.ClientBase, batch: number): Promise<Manifest> {
	const { rows } = await source.query<{ row_count: number; checksum: string }>({
		name: "manifest",
		text: "select row_count, checksum from batches where batch = $1",
		values: [batch],
	});
	const row = rows[0];
	if (row === undefined) throw new Error(`the source has no batch ${batch}`);
	return { rowCount: row.row_count, checksum: row.checksum };
}

/**
 * The rows of a batch as they stream in, until the stream ends. Like a shell pipe it does not ask *why* it ended: what a
 * broken connection has delivered looks like a short batch. It takes the hand-over's contract to tell.
 */
export function extract(source: pg.ClientBase, batch: number): Promise<SourceRow[]> {
	return new Promise((resolve) => {
		const rows: SourceRow[] = [];
		const query = new pg.Query<{ line: number; customer: string; gross_cents: number }>(
			"select line, customer, gross_cents from rows where batch = $1 order by line",
			[batch],
		);
		query.on("row", ({ line, customer, gross_cents: grossCents }) =>
			rows.push({ line, customer, grossCents }),
		);
		query.on("end", () => resolve(rows));
		query.on("error", () => resolve(rows));
		source.query(query);
	});
}

const vatPct = 19;

/** Splits the gross amount into net and VAT, which is rounded to the cent, half up. */
export function transform({ line, customer, grossCents }: SourceRow): SinkRow {
	const vatCents = Math.floor((grossCents * vatPct) / (100 + vatPct) + 0.5);
	return { line, customer, netCents: grossCents - vatCents, vatCents };
}

/** One row, in a transaction of its own. A second time it is there twice. */
export async function insertRow(sink: pg.ClientBase, batch: number, row: SinkRow): Promise<void> {
	await sink.query({
		name: "insert-row",
		text: "insert into loaded (batch, line, customer, net_cents, vat_cents) values ($1, $2, $3, $4, $5)",
		values: [batch, row.line, row.customer, row.netCents, row.vatCents],
	});
}

/** The whole batch in one statement, keyed by batch and line: all or nothing, and a second time changes nothing. */
export async function upsertBatch(
	sink: pg.ClientBase,
	batch: number,
	rows: readonly SinkRow[],
): Promise<void> {
	await sink.query({
		name: "upsert-batch",
		text: `insert into loaded (batch, line, customer, net_cents, vat_cents)
		       select $1, * from unnest($2::int[], $3::text[], $4::int[], $5::int[])
		       on conflict (batch, line) do update set customer = excluded.customer,
		         net_cents = excluded.net_cents, vat_cents = excluded.vat_cents`,
		values: [
			batch,
			rows.map(({ line }) => line),
			rows.map(({ customer }) => customer),
			rows.map(({ netCents }) => netCents),
			rows.map(({ vatCents }) => vatCents),
		],
	});
}

export interface Publication {
	orderId: string;
	amountCents: number;
}

export function publicationOf(batch: number, rows: readonly SinkRow[]): Publication {
	const amountCents = rows.reduce((sum, { netCents }) => sum + netCents, 0);
	return { orderId: `batch-${batch}`, amountCents };
}

/** Tells the order service the batch's total. With a key it counts once, however often it is told. */
export async function publish(
	ordersUrl: string,
	publication: Publication,
	idempotencyKey: string | null,
	signal: AbortSignal | null,
): Promise<void> {
	const response = await fetch(`${ordersUrl}/orders`, {
		method: "POST",
		headers: {
			"content-type": "application/json",
			...(idempotencyKey === null ? {} : { "idempotency-key": idempotencyKey }),
		},
		body: JSON.stringify(publication),
		signal,
	});
	await response.arrayBuffer();
	if (!response.ok) throw new Error(`the order service answered ${response.status}`);
}
