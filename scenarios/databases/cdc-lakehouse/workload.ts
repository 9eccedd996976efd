import { type Stream, stream } from "faultline";
import {
	cancel,
	changeStatus,
	insertOrders,
	large,
	largeText,
	lock,
	moveCustomer,
	moveOrder,
	newColumn,
	place,
	removeCustomer,
	rename,
	reprice,
	type Statement,
	take,
	truncate,
	upsert,
} from "./operations.ts";

// Which operations there are in which transaction, by the seed alone.

export interface Workload {
	seed: number;
	customers: number;
	orders: number;
	/** Orders of the large transaction. */
	largeRows: number;
	/** Every so many transactions there is a large one, a new column, a truncate. */
	specialEvery: number;
}

/** All customers and orders of the begin, in one transaction. */
export function firstRows({ customers, orders }: Workload): Statement[] {
	return [
		{ text: "begin" },
		{
			text: `insert into customers (customer_id, name, profile)
			 select n, 'customer ' || n, case when n % 5 = 0 then (${largeText("n")}) end
			 from generate_series(1, $1::integer) as n`,
			values: [customers],
		},
		insertOrders(1, orders, "1 + n % $3::integer", customers),
		{
			text: `update customers set order_count = of.count, spent_cents = of.sum
			 from (select customer_id, count(*), sum(amount_cents) from orders group by customer_id) as of
			 where of.customer_id = customers.customer_id`,
		},
		{ text: "commit" },
	];
}

/** The statements of the n-th transaction. */
export function transactionOf(workload: Workload, n: number): Statement[] {
	const draw = stream(workload.seed, `transaction ${n}`);
	const { specialEvery } = workload;
	const nth = Math.floor(n / specialEvery);
	switch (n % specialEvery) {
		case Math.floor(specialEvery * 0.15):
			return whole(newColumn(nth));
		case Math.floor(specialEvery * 0.3):
			return whole(truncate);
		case Math.floor(specialEvery * 0.45):
			return whole(
				large(
					1 + Math.floor(draw() * workload.customers),
					firstLargeOrder + n * 1_000_000,
					workload.largeRows,
				),
			);
		default:
			return ordinary(draw, workload, n);
	}
}

function ordinary(draw: Stream, workload: Workload, n: number): Statement[] {
	const id = customerId(draw, workload);
	const order = firstNewOrder + n * 10;
	const kind = draw();
	if (kind < 0.3) return [place(draw, id, order)];
	if (kind < 0.4) return [changeStatus(draw, orderId(draw, workload, n))];
	if (kind < 0.5) return [upsert(draw, id)];
	if (kind < 0.6) return [rename(draw, id)];
	if (kind < 0.68) return whole([lock(id), reprice(draw, id)]);
	if (kind < 0.76) return whole([lock(id), cancel(id)]);
	if (kind < 0.8) return whole([lock(id), moveCustomer(id, customerId(draw, workload))]);
	if (kind < 0.83) return whole([lock(id), ...removeCustomer(id)]);
	if (kind < 0.87) return [moveOrder(orderId(draw, workload, n), order + 5)];
	if (kind < 0.92) return rolledBack([place(draw, id, order), rename(draw, id)]);
	return whole(several(draw, workload, n));
}

/** Two customers, always the lesser first, and a part that is rolled back. */
function several(draw: Stream, workload: Workload, n: number): Statement[] {
	const [a, b] = [customerId(draw, workload), customerId(draw, workload)].sort((x, y) => x - y);
	const order = firstNewOrder + n * 10;
	return [
		lock(a!),
		lock(b!),
		place(draw, a!, order),
		place(draw, b!, order + 1),
		{ text: "savepoint part" },
		place(draw, a!, order + 2),
		{ text: "rollback to savepoint part" },
		reprice(draw, a!),
		{ text: "update orders set status = 'packed' where order_id = $1", values: [order] },
		cancel(b!),
		// Made and gone in one transaction.
		place(draw, a!, order + 3),
		take("order_id = $1", [order + 3]),
	];
}

const firstNewOrder = 1_000_000;
const firstLargeOrder = 1_000_000_000;

/** Twice as many numbers as there are customers: some are of nobody, and come to be of somebody. */
function customerId(draw: Stream, { customers }: Workload): number {
	return 1 + Math.floor(draw() ** 2 * 2 * customers);
}

/** One of the begin, or one that was placed not long ago. */
function orderId(draw: Stream, { orders }: Workload, n: number): number {
	return draw() < 0.5
		? 1 + Math.floor(draw() * orders)
		: firstNewOrder + 10 * Math.max(0, n - 1 - Math.floor(draw() * 60));
}

function whole(statements: readonly Statement[]): Statement[] {
	return [{ text: "begin" }, ...statements, { text: "commit" }];
}

function rolledBack(statements: readonly Statement[]): Statement[] {
	return [{ text: "begin" }, ...statements, { text: "rollback" }];
}
