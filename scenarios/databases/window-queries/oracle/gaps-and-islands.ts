import { daysInYear } from "../orders.ts";
import { dayText, type Row } from "../text.ts";
import type { Oracle } from "./answer.ts";
import { dayOf } from "./calendar.ts";

/** Goes through the calendar and counts until a day without an order. */
const gapsAndIslands: Oracle = (orders, { category, least_days }) => {
	const sold = new Array<boolean>(daysInYear + 1).fill(false); // the day after the last sells nothing
	for (const order of orders) if (order.category === category) sold[dayOf(order.minute)] = true;
	const rows: Row[] = [];
	let length = 0;
	for (const [day, open] of sold.entries()) {
		if (open) {
			length += 1;
			continue;
		}
		if (length > 0 && length >= Number(least_days))
			rows.push([dayText(day - length), dayText(day - 1), `${length}`]);
		length = 0;
	}
	return rows;
};

export default gapsAndIslands;
