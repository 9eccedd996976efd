import { categories } from "../orders.ts";
import { type Row, ratioText } from "../text.ts";
import type { Oracle } from "./answer.ts";

/**
 * Sorts the amounts and counts off: in hundredths, so that no float decides which order is meant. The rank of the
 * share p is p · (count − 1); what lies between two orders is shared out in whole hundredths of a cent.
 */
const percentile: Oracle = (orders, { region, share }) => {
	const hundredths = Math.round(Number(share) * 100);
	const rows: Row[] = [];
	for (const category of [...categories].sort()) {
		const own = orders.filter((order) => order.region === region && order.category === category);
		if (own.length === 0) continue;
		const amounts = own.flatMap(({ amountCents }) => amountCents ?? []).sort((a, b) => a - b);
		if (amounts.length === 0) {
			rows.push([category, "0", null]);
			continue;
		}
		const rank = hundredths * (amounts.length - 1);
		const below = amounts[Math.floor(rank / 100)]!;
		const above = amounts[Math.ceil(rank / 100)]!;
		const between = 100 * below + (rank % 100) * (above - below);
		rows.push([category, `${amounts.length}`, ratioText(BigInt(between), 100n, 2)]);
	}
	return rows;
};

export default percentile;
