import t from "tap";
import {
	categories,
	customersFor,
	daysInYear,
	minutesInDay,
	type Order,
	ordersOf,
} from "../../../../scenarios/databases/window-queries/orders.ts";
import { queryIds, valuesFor } from "../../../../scenarios/databases/window-queries/parameters.ts";

const orders = ordersOf(1, 10_000);
const repeated = (keys: unknown[]) => keys.length - new Set(keys).size;

t.test("the same seed makes the same table, and another seed another", (t) => {
	const text = (seed: number) => JSON.stringify(ordersOf(seed, 500));
	t.equal(text(1), text(1));
	t.not(text(1), text(2));
	t.equal(orders.length, 10_000);
	t.ok(
		orders.every(({ orderId }, i) => orderId === i + 1),
		"numbered as they stand",
	);
	const inYear = ({ minute }: Order) => minute >= 0 && minute < daysInYear * minutesInDay;
	t.ok(orders.every(inYear), "all lie in the year");
	t.end();
});

t.test("it has what makes window queries go wrong", (t) => {
	const ofCustomer = Map.groupBy(orders, ({ customerId }) => customerId);
	t.ok(
		repeated(orders.map(({ customerId, minute }) => `${customerId} ${minute}`)) > 100,
		"several orders of one customer in one minute",
	);
	t.ok(repeated(orders.map(({ amountCents }) => amountCents)) > 9_000, "prices that repeat");
	const missing = orders.filter(({ amountCents }) => amountCents === null).length;
	t.ok(missing > 100 && missing < 300, `${missing} amounts that are missing`);
	const early = orders.filter((order, i) => i > 0 && order.minute < orders[i - 1]!.minute).length;
	t.ok(early > 1_000, "numbers that are not in the order of time");
	const counts = [...ofCustomer.values()].map((own) => own.length).sort((a, b) => b - a);
	t.ok(counts[0]! > 5 * counts[Math.floor(counts.length / 2)]!, "customers who buy much more");
	const pauses = [...ofCustomer.values()].flatMap((own) => {
		const minutes = own.map(({ minute }) => minute).sort((a, b) => a - b);
		return minutes.map((minute, i) => (i === 0 ? -1 : minute - minutes[i - 1]!));
	});
	for (const gap of [15, 30, 60])
		t.ok(pauses.filter((pause) => pause === gap).length > 50, `pauses of just ${gap} minutes`);
	t.end();
});

t.test("categories have days without sales, and some a whole month, whatever the seed", (t) => {
	for (const seed of [1, 2, 3, 4, 5]) {
		const table = ordersOf(seed, 20_000);
		const monthsOf = new Map(categories.map((name) => [name as string, new Set<number>()]));
		const daysOf = new Map(categories.map((name) => [name as string, new Set<number>()]));
		for (const { category, minute } of table) {
			monthsOf.get(category)!.add(new Date(Date.UTC(2025, 0, 1, 0, minute)).getUTCMonth());
			daysOf.get(category)!.add(Math.floor(minute / minutesInDay));
		}
		const short = [...monthsOf.values()].filter((months) => months.size < 12);
		t.equal(short.length, 4, `seed ${seed}: four categories miss a month`);
		const gaps = [...daysOf.values()].filter((days) => days.size < 320);
		t.equal(gaps.length, categories.length - 1, `seed ${seed}: all but one miss days`);
	}
	t.end();
});

t.test("customers buy no more where there are more of them", (t) => {
	const perCustomer = (rows: number) =>
		rows / new Set(ordersOf(3, rows).map(({ customerId }) => customerId)).size;
	t.ok(Math.abs(perCustomer(2_000) / perCustomer(40_000) - 1) < 0.3);
	t.equal(customersFor(100_000), 5_000);
	t.end();
});

t.test("the parameters of a variant are its own, and ask the same of tables of every size", (t) => {
	for (const query of queryIds) {
		t.same(valuesFor(query, 1, 1_000, 0), valuesFor(query, 1, 1_000, 0));
		if (query !== "running-total")
			t.same(valuesFor(query, 1, 1_000, 0), valuesFor(query, 1, 100_000, 0), query);
		const drawn = Array.from({ length: 8 }, (_, variant) =>
			JSON.stringify(valuesFor(query, 1, 100_000, variant)),
		);
		t.ok(new Set(drawn).size > 1, `${query} is not always asked the same`);
	}
	t.throws(() => valuesFor("other", 1, 1_000, 0), { message: /no parameters are known for other/ });
	t.end();
});
