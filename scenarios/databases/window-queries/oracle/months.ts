import type { Order } from "../orders.ts";
import { monthOf } from "./calendar.ts";

/** Customer → bit m set where he bought something in month m. */
export function monthsBought(
	orders: readonly Order[],
	region: string | number | undefined,
): Map<number, number> {
	const months = new Map<number, number>();
	for (const order of orders) {
		if (order.region !== region) continue;
		months.set(
			order.customerId,
			(months.get(order.customerId) ?? 0) | (1 << monthOf(order.minute)),
		);
	}
	return months;
}
