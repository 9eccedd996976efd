import { cellsOf, columnNames, columns } from "../sales/columns.ts";
import { type Customer, type Delivery, dayText } from "../sales/sale.ts";

const columnsSql = columnNames.map((column) => `${column} ${columns[column]}`).join(", ");

/** Tables of the shop that hands batches over. */
export const sourceSql: readonly string[] = [
	"create schema source",
	// How many rows there are is as whoever hands the batch over has counted them.
	"create table source.deliveries (batch integer primary key, day date not null, row_count integer not null)",
	`create table source.sales (batch integer, line integer, ${columnsSql}, primary key (batch, line))`,
];

/** Tables of the warehouse that takes them: what was loaded, what was not, and what became of each batch. */
export const targetSql: readonly string[] = [
	"create schema staging",
	`create table staging.shape (${columnsSql})`,
	"create schema warehouse",
	"create table warehouse.customers (customer_id integer primary key, name text not null)",
	`create table warehouse.sales (batch integer not null, ${columnsSql})`,
	"create index on warehouse.sales (batch)",
	"create schema quarantine",
	"create table quarantine.batches (batch integer primary key, error text not null, page text not null)",
	`create table quarantine.sales (batch integer not null, ${columnsSql})`,
	"create index on quarantine.sales (batch)",
	"create schema etl",
	// Each attempt stages anew: a validator may still read what the one before has left.
	`create table etl.batches (
		batch integer primary key,
		attempt integer not null,
		state text not null check (state in ('claimed', 'loaded', 'rejected')),
		findings jsonb not null default '[]'
	)`,
	// Of all attempts: those that were interrupted have left theirs.
	`create function etl.drop_staged(taken integer) returns void language plpgsql as $$
		declare staged regclass;
		begin
			for staged in select oid from pg_class
				where relnamespace = 'staging'::regnamespace and relkind = 'r' and relname like 'batch\\_' || taken || '\\_%'
			loop execute 'drop table ' || staged; end loop;
		end $$`,
];

export function customersSql(customers: readonly Customer[]): { text: string; values: unknown[] } {
	const text = `insert into warehouse.customers
		select * from jsonb_to_recordset($1::jsonb) as known(customer_id integer, name text)`;
	const rows = customers.map(({ customerId, name }) => ({ customer_id: customerId, name }));
	return { text, values: [JSON.stringify(rows)] };
}

/** Statements for one transaction by which a batch is handed over; once more they do nothing. */
export function deliverySql({ batch, day, rowCount, rows }: Delivery): {
	text: string;
	values?: unknown[];
}[] {
	const lines = rows.map((row, line) => {
		const cells = cellsOf(row).map((cell, i) => [columnNames[i]!, cell]);
		return { line, ...Object.fromEntries(cells) };
	});
	return [
		{ text: "begin" },
		{
			text: "insert into source.deliveries values ($1, $2, $3) on conflict do nothing",
			values: [batch, dayText(day), rowCount],
		},
		{
			text: `insert into source.sales select $1, line, ${columnNames.join(", ")}
				from jsonb_to_recordset($2::jsonb) as sale(line integer, ${columnsSql}) on conflict do nothing`,
			values: [batch, JSON.stringify(lines)],
		},
		{ text: "commit" },
	];
}

/** Where an attempt at a batch has its rows, so that what was validated is what is loaded. */
export function stagingTable(batch: number, attempt: number): string {
	return `batch_${batch}_${attempt}`;
}

/** Copies rows between tables whose columns are these. */
export const saleColumns = columnNames.join(", ");
