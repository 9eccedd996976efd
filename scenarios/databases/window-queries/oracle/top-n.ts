import { categories, type Order } from "../orders.ts";
import { minuteText, type Row } from "../text.ts";
import type { Oracle } from "./answer.ts";

/** Looks for the best order of a category that has no place yet, as often as there are places. */
const topN: Oracle = (orders, { top }) => {
	const rows: Row[] = [];
	for (const category of [...categories].sort()) {
		const placed = new Set<number>();
		for (let place = 1; place <= Number(top); place++) {
			let best: Order | null = null;
			for (const order of orders) {
				if (order.category !== category || order.amountCents === null) continue;
				if (placed.has(order.orderId)) continue;
				if (best === null || goesBefore(order, best)) best = order;
			}
			if (best === null) break;
			placed.add(best.orderId);
			rows.push([
				category,
				`${place}`,
				`${best.orderId}`,
				minuteText(best.minute),
				`${best.amountCents}`,
			]);
		}
	}
	return rows;
};

/** The larger amount, then the earlier order, then the lower number. */
function goesBefore(a: Order, b: Order): boolean {
	if (a.amountCents !== b.amountCents) return a.amountCents! > b.amountCents!;
	if (a.minute !== b.minute) return a.minute < b.minute;
	return a.orderId < b.orderId;
}

export default topN;
