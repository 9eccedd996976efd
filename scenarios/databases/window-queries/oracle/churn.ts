import { type Row, ratioText } from "../text.ts";
import type { Oracle } from "./answer.ts";
import { dayNumber, monthText } from "./calendar.ts";
import { monthsBought } from "./months.ts";

/** Month by month, asks of every customer whether he is there now and whether he is there next. */
const churn: Oracle = (orders, { region, before_month }) => {
	const customers = monthsBought(orders, region);
	const rows: Row[] = [];
	for (let month = 0; dayNumber(monthText(month)) < dayNumber(before_month!); month++) {
		let active = 0;
		let churned = 0;
		for (const bought of customers.values()) {
			if ((bought & (1 << month)) === 0) continue;
			active += 1;
			if ((bought & (1 << (month + 1))) === 0) churned += 1;
		}
		if (active === 0) continue;
		const pct = ratioText(100n * BigInt(churned), BigInt(active), 2);
		rows.push([monthText(month), `${active}`, `${churned}`, pct]);
	}
	return rows;
};

export default churn;
