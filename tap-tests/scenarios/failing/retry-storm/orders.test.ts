import fc from "fast-check";
import t from "tap";
import { orderOf } from "../../../../scenarios/failing/retry-storm/orders.ts";

t.test("the n-th order of a seed is the same whoever makes it, and of its own number", (t) => {
	fc.assert(
		fc.property(fc.nat(2 ** 32 - 1), fc.nat(1_000_000), (seed, n) => {
			const { orderId, amountCents } = orderOf(seed, n);
			return (
				orderId === `order-${n}` &&
				Number.isInteger(amountCents) &&
				amountCents >= 100 &&
				amountCents < 100_000 &&
				orderOf(seed, n).amountCents === amountCents
			);
		}),
	);
	const amounts = new Set(Array.from({ length: 50 }, (_, n) => orderOf(1, n).amountCents));
	t.ok(amounts.size > 40, "amounts differ, so that a mixed-up row shows");
	t.not(orderOf(1, 0).amountCents, orderOf(2, 0).amountCents, "another seed, other amounts");
	t.end();
});
