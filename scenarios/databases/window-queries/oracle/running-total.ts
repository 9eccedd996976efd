import { minuteText } from "../text.ts";
import type { Oracle } from "./answer.ts";

/** Adds a customer's orders up, one after another. */
const runningTotal: Oracle = (orders, { customer }) => {
	const own = orders.filter(({ customerId }) => customerId === customer);
	own.sort((a, b) => a.minute - b.minute || a.orderId - b.orderId);
	let total = 0;
	return own.map(({ orderId, minute, amountCents }) => {
		total += amountCents ?? 0;
		return [
			`${orderId}`,
			minuteText(minute),
			amountCents === null ? null : `${amountCents}`,
			`${total}`,
		];
	});
};

export default runningTotal;
