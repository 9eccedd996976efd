import { type Row, ratioText } from "../text.ts";
import type { Oracle } from "./answer.ts";
import { monthText } from "./calendar.ts";
import { monthsBought } from "./months.ts";

/** Puts each customer into the cohort of his first month and ticks off the months in which he came back. */
const retention: Oracle = (orders, { region, months }) => {
	const counts = Array.from({ length: 12 }, () => new Array<number>(12).fill(0));
	for (const bought of monthsBought(orders, region).values()) {
		let cohort = 0;
		while ((bought & (1 << cohort)) === 0) cohort += 1;
		for (let month = cohort; month < 12; month++)
			if ((bought & (1 << month)) !== 0) counts[cohort]![month - cohort]! += 1;
	}
	const rows: Row[] = [];
	for (const [cohort, ages] of counts.entries()) {
		for (const [age, count] of ages.entries()) {
			if (count === 0 || age > Number(months)) continue;
			const pct = ratioText(100n * BigInt(count), BigInt(ages[0]!), 2);
			rows.push([monthText(cohort), `${age}`, `${count}`, pct]);
		}
	}
	return rows;
};

export default retention;
