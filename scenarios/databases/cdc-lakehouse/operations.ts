import { pick, type Stream } from "faultline";

// What is done to the source. Whatever it is, a customer's `order_count` and `spent_cents` are what its orders come to, in
// every transaction: whoever sees half of one over both tables sees sums that differ.

export interface Statement {
	text: string;
	values?: unknown[];
}

const statuses = ["paid", "packed", "sent", "returned"];

/** Too long to lie in its row. */
export function largeText(of: string): string {
	return `select string_agg(md5(${of}::text || ' ' || part), '') from generate_series(1, 80) as part`;
}

export function insertOrders(from: number, count: number, customer: string, of: number): Statement {
	return {
		text: `insert into orders (order_id, customer_id, amount_cents, status, note, is_gift)
		 select $1::bigint + n, ${customer}, 100 + n * 37 % 9900, 'paid',
		   case when n % 10 = 0 then (${largeText("n")}) else 'it''s order ' || n end, n % 7 = 0
		 from generate_series(0, $2::integer - 1) as n`,
		values: [from, count, of],
	};
}

/** An order, and what its customer has; nothing where there is no such customer. */
export function place(draw: Stream, customer: number, order: number): Statement {
	const amount = 100 + Math.floor(draw() * 10_000);
	const note = draw() < 0.1 ? noteText(draw) : draw() < 0.2 ? null : `gift for "n° ${order}"`;
	return {
		text: `with payer as (
		   update customers set order_count = order_count + 1, spent_cents = spent_cents + $2
		   where customer_id = $1 returning customer_id)
		 insert into orders (order_id, customer_id, amount_cents, status, note, is_gift)
		 select $3, customer_id, $2, 'placed', $4, $5 from payer`,
		values: [customer, amount, order, note, draw() < 0.3 ? null : draw() < 0.5],
	};
}

/** Too long to lie in its row. */
function noteText(draw: Stream): string {
	return Array.from({ length: 300 }, () => draw().toString(36).slice(2, 12)).join("");
}

export function changeStatus(draw: Stream, order: number): Statement {
	return {
		text: "update orders set status = $2 where order_id = $1",
		values: [order, pick(draw, statuses)],
	};
}

export function upsert(draw: Stream, customer: number): Statement {
	return {
		text: `insert into customers (customer_id, name, profile) values ($1, $2, $3)
		 on conflict (customer_id) do update set name = excluded.name`,
		values: [
			customer,
			`upserted ${Math.floor(draw() * 1e6)}`,
			draw() < 0.3 ? noteText(draw) : null,
		],
	};
}

/** Whatever is large in the row stays as it was. */
export function rename(draw: Stream, customer: number): Statement {
	return {
		text: "update customers set name = $2 where customer_id = $1",
		values: [customer, `renamed ${Math.floor(draw() * 1e6)}`],
	};
}

export function lock(customer: number): Statement {
	return {
		text: "select from customers where customer_id = $1 for update",
		values: [customer],
	};
}

export function reprice(draw: Stream, customer: number): Statement {
	return {
		text: `with before as (
		   select order_id, amount_cents from orders where customer_id = $1 order by order_id limit 1),
		 repriced as (
		   update orders set amount_cents = $2 from before where orders.order_id = before.order_id)
		 update customers set spent_cents = spent_cents + $2 - before.amount_cents from before
		 where customer_id = $1`,
		values: [customer, 100 + Math.floor(draw() * 10_000)],
	};
}

export function cancel(customer: number): Statement {
	return take(
		"order_id = (select order_id from orders where customer_id = $1 order by order_id limit 1)",
		[customer],
	);
}

/** Removes orders, and what they were to their customers. */
export function take(where: string, values: unknown[]): Statement {
	return {
		text: `with gone as (delete from orders where ${where} returning customer_id, amount_cents)
		 update customers set order_count = order_count - 1, spent_cents = spent_cents - gone.amount_cents
		 from gone where gone.customer_id = customers.customer_id`,
		values,
	};
}

/** A customer gets another number, and its orders with it, if that is nobody's. */
export function moveCustomer(customer: number, to: number): Statement {
	return {
		text: `with moved as (
			   update customers set customer_id = $2 where customer_id = $1
			     and not exists (select from customers where customer_id = $2) returning customer_id)
			 update orders set customer_id = $2 where customer_id = $1 and exists (select from moved)`,
		values: [customer, to],
	};
}

export function removeCustomer(customer: number): Statement[] {
	return [
		{ text: "delete from orders where customer_id = $1", values: [customer] },
		{ text: "delete from customers where customer_id = $1", values: [customer] },
	];
}

export function moveOrder(order: number, to: number): Statement {
	return {
		text: "update orders set order_id = $2 where order_id = $1",
		values: [order, to],
	};
}

/** Nobody changes a customer meanwhile: who waits for the orders would hold what is waited for here. */
const alone: Statement = { text: "lock table customers in exclusive mode" };

export const truncate: Statement[] = [
	alone,
	{ text: "truncate orders" },
	{ text: "update customers set order_count = 0, spent_cents = 0 where order_count > 0" },
];

/** Without a default for the rows that are there, which the log does not tell of. */
export function newColumn(nth: number): Statement[] {
	const name = `extra_${nth}`;
	return [
		alone,
		{ text: `alter table orders add column if not exists ${name} text` },
		{ text: `alter table orders alter column ${name} set default 'later'` },
		{ text: `update orders set ${name} = 'at once' where order_id % 7 = 0` },
	];
}

/** So many orders at once, with numbers from this on. */
export function large(customer: number, from: number, rows: number): Statement[] {
	return [
		lock(customer),
		// It may have gone.
		{
			text: "insert into customers (customer_id, name) values ($1, 'large') on conflict do nothing",
			values: [customer],
		},
		insertOrders(from, rows, "$3::bigint", customer),
		{
			text: `update customers set order_count = order_count + of.count, spent_cents = spent_cents + of.sum
			 from (select count(*), sum(amount_cents) from orders where order_id >= $2 and order_id < $2 + $3) as of
			 where customer_id = $1`,
			values: [customer, from, rows],
		},
	];
}
