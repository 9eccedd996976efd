import { createHash } from "node:crypto";
import { minuteText, type Sale } from "./sale.ts";

/** The columns of a sale, with their types. What is in them is what a batch's maker wrote: rules are the suite's affair. */
export const columns = {
	order_id: "bigint",
	customer_id: "integer",
	customer_name: "text",
	email: "text",
	country: "text",
	ship_country: "text",
	sku: "text",
	quantity: "integer",
	unit_price_cents: "integer",
	parcel_grams: "integer",
	ordered_at: "timestamp",
} as const;

export type Column = keyof typeof columns;
export const columnNames = Object.keys(columns) as Column[];

/** A sale's cells in the order of its columns. */
export function cellsOf(sale: Sale): (string | number | null)[] {
	return [
		sale.orderId,
		sale.customerId,
		sale.customerName,
		sale.email,
		sale.country,
		sale.shipCountry,
		sale.sku,
		sale.quantity,
		sale.unitPriceCents,
		sale.parcelGrams,
		minuteText(sale.orderedMinute),
	];
}

/** Rows in no order, as one text: how many, and the MD5 over all of them. */
export function digestOf(rows: readonly Sale[]): string {
	const lines = rows.map((row) =>
		Buffer.from(
			cellsOf(row)
				.map((cell) => cell ?? "-")
				.join("|"),
		),
	);
	lines.sort(Buffer.compare);
	const hash = createHash("md5");
	for (const [i, line] of lines.entries()) hash.update(i === 0 ? "" : "\n").update(line);
	return `${rows.length}:${hash.digest("hex")}`;
}

/** The digest of no rows: of those a table has no line. */
export const noRows = digestOf([]);

const line = columnNames
	.map((column) => {
		const text =
			columns[column] === "timestamp"
				? `to_char(${column}, 'YYYY-MM-DD HH24:MI:SS')`
				: `${column}::text`;
		return `coalesce(${text}, '-')`;
	})
	.join(" || '|' || ");

/** The batches of a table, each with the digest of its rows, as `digestOf` has it. */
export function digestsSql(table: string): string {
	return `select batch, count(*) || ':' || md5(string_agg(line, E'\\n' order by line collate "C")) as digest
		from (select batch, ${line} as line from ${table}) as lines group by batch order by batch`;
}
