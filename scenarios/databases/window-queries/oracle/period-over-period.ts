import { categories } from "../orders.ts";
import { type Row, ratioText } from "../text.ts";
import type { Oracle } from "./answer.ts";
import { monthOf, monthText } from "./calendar.ts";

/** Fills a table of categories by months, and looks up the month before in it. */
const periodOverPeriod: Oracle = (orders, { region, months_back }) => {
	const table = new Map(
		[...categories].sort().map((name) => [name as string, new Array<number | null>(12).fill(null)]),
	);
	for (const order of orders) {
		if (order.region !== region) continue;
		const months = table.get(order.category)!;
		const month = monthOf(order.minute);
		months[month] = (months[month] ?? 0) + (order.amountCents ?? 0);
	}
	const rows: Row[] = [];
	for (const [category, months] of table) {
		for (const [month, cents] of months.entries()) {
			if (cents === null) continue;
			const earlier = months[month - Number(months_back)] ?? null;
			rows.push([
				category,
				monthText(month),
				`${cents}`,
				earlier === null ? null : `${earlier}`,
				earlier === null ? null : ratioText(100n * BigInt(cents - earlier), BigInt(earlier), 2),
			]);
		}
	}
	return rows;
};

export default periodOverPeriod;
