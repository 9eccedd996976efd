import { dayText, type Row, ratioText } from "../text.ts";
import type { Oracle } from "./answer.ts";
import { dayNumber, dayOf } from "./calendar.ts";

/** For each day with an order, goes back over the calendar and adds up what it finds. */
const movingAverage: Oracle = (orders, { category, from_day, to_day, days }) => {
	const sold = new Set<number>();
	const cents = new Map<number, number>();
	const invoiced = new Map<number, number>();
	for (const order of orders) {
		if (order.category !== category) continue;
		const day = dayOf(order.minute);
		sold.add(day);
		if (order.amountCents === null) continue;
		cents.set(day, (cents.get(day) ?? 0) + order.amountCents);
		invoiced.set(day, (invoiced.get(day) ?? 0) + 1);
	}
	const rows: Row[] = [];
	for (let day = dayNumber(from_day!); day <= dayNumber(to_day!); day++) {
		if (!sold.has(day)) continue;
		let sum = 0;
		let count = 0;
		for (let back = 0; back < Number(days); back++) {
			sum += cents.get(day - back) ?? 0;
			count += invoiced.get(day - back) ?? 0;
		}
		rows.push([dayText(day), `${count}`, ratioText(BigInt(sum), BigInt(count), 2)]);
	}
	return rows;
};

export default movingAverage;
