import { categories, regions } from "../orders.ts";
import { type Row, ratioText } from "../text.ts";
import type { Oracle } from "./answer.ts";
import { dayNumber, dayOf } from "./calendar.ts";

/** Adds up everything, every region and every category of it, and divides. */
const shareOfTotal: Oracle = (orders, { from_day, to_day }) => {
	const [from, to] = [dayNumber(from_day!), dayNumber(to_day!)];
	const cells = new Map<string, number>();
	const ofRegion = new Map<string, number>();
	let total = 0;
	for (const { minute, region, category, amountCents } of orders) {
		const day = dayOf(minute);
		if (day < from || day > to) continue;
		const key = `${region} ${category}`;
		cells.set(key, (cells.get(key) ?? 0) + (amountCents ?? 0));
		ofRegion.set(region, (ofRegion.get(region) ?? 0) + (amountCents ?? 0));
		total += amountCents ?? 0;
	}
	const rows: Row[] = [];
	for (const region of [...regions].sort()) {
		for (const category of [...categories].sort()) {
			const cents = cells.get(`${region} ${category}`);
			if (cents === undefined) continue;
			const pctOf = (whole: number) => ratioText(100n * BigInt(cents), BigInt(whole), 4);
			rows.push([region, category, `${cents}`, pctOf(ofRegion.get(region)!), pctOf(total)]);
		}
	}
	return rows;
};

export default shareOfTotal;
