import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import type pg from "pg";
import type { Order } from "./orders.ts";
import type { QueryFile } from "./query-file.ts";
import { minuteText } from "./text.ts";

// The table in Postgres: made, filled, looked at.

const schemaText = readFileSync(new URL("schema.sql", import.meta.url), "utf8");
const rowsAtOnce = 20_000;

/** A schema for each size of the table: the queries name it `orders`, and the search path says which one. */
export function schemaFor(rows: number): string {
	return `orders_${rows}`;
}

/** Makes and fills the table of a size, with the indexes that the queries want, ready to be planned for. */
export async function makeTable(
	client: pg.Client,
	orders: readonly Order[],
	queries: readonly QueryFile[],
): Promise<void> {
	const schema = schemaFor(orders.length);
	await client.query(`begin; create schema ${schema}; set search_path = ${schema}`);
	await client.query(schemaText);
	for (let from = 0; from < orders.length; from += rowsAtOnce)
		await insert(client, orders.slice(from, from + rowsAtOnce));
	for (const statement of new Set(queries.flatMap(({ index }) => index?.statement ?? [])))
		await client.query(statement);
	await client.query("commit");
	await prepareToPlan(client);
}

const vacuumsMost = 200;

/**
 * Makes the statistics, and the visibility map that scans of the index alone go by. A vacuum leaves out the pages that
 * are newer than what any transaction still sees, and an autovacuum of the catalogue is one that nobody asked for: so it
 * is repeated until it has them all, or the planner would turn away from the indexes now and then.
 */
async function prepareToPlan(client: pg.Client): Promise<void> {
	// Every row is sampled up to 300,000, so that estimates are the same whenever the data is.
	await client.query("set default_statistics_target = 1000");
	for (let vacuums = 0; vacuums < vacuumsMost; vacuums++) {
		await client.query("vacuum (analyze) orders");
		const { rows } = await client.query<{ unseen: number }>(
			"select relpages - relallvisible as unseen from pg_class where oid = 'orders'::regclass",
		);
		if (rows[0]!.unseen === 0) return;
		await pause(50);
	}
	throw new Error(
		`after ${vacuumsMost} vacuums not all pages of orders are visible to all; end the transaction that pg_stat_activity shows with the oldest backend_xmin`,
	);
}

async function insert(client: pg.Client, orders: readonly Order[]): Promise<void> {
	const column = (of: (order: Order) => unknown) => orders.map(of);
	await client.query(
		`insert into orders (order_id, customer_id, region, category, ordered_at, amount_cents)
		 select * from unnest($1::bigint[], $2::integer[], $3::text[], $4::text[], $5::timestamp[], $6::bigint[])`,
		[
			column(({ orderId }) => orderId),
			column(({ customerId }) => customerId),
			column(({ region }) => region),
			column(({ category }) => category),
			column(({ minute }) => minuteText(minute)),
			column(({ amountCents }) => amountCents),
		],
	);
}

/** What is in the table, in numbers that a lost, doubled or altered row changes. */
export type Loaded = { rows: number; invoiced: number; cents: number; idSum: number };

export async function loadedInto(client: pg.Client, rows: number): Promise<Loaded> {
	const { rows: found } = await client.query<Record<keyof Loaded, string>>(
		`select count(*) as rows, count(amount_cents) as invoiced, coalesce(sum(amount_cents), 0) as cents,
		        coalesce(sum(order_id), 0) as "idSum"
		 from ${schemaFor(rows)}.orders`,
	);
	const { rows: count, invoiced, cents, idSum } = found[0]!;
	return {
		rows: Number(count),
		invoiced: Number(invoiced),
		cents: Number(cents),
		idSum: Number(idSum),
	};
}

/** The same of the orders that were made. */
export function loadedFrom(orders: readonly Order[]): Loaded {
	const loaded: Loaded = { rows: orders.length, invoiced: 0, cents: 0, idSum: 0 };
	for (const { orderId, amountCents } of orders) {
		loaded.idSum += orderId;
		if (amountCents === null) continue;
		loaded.invoiced += 1;
		loaded.cents += amountCents;
	}
	return loaded;
}
