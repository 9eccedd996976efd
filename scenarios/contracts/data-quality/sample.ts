import { writeFileSync } from "node:fs";
import type { Anomaly } from "./anomalies/anomaly.ts";
import { deliveryAfter } from "./anomalies/batches.ts";
import { customersSql, deliverySql, sourceSql, targetSql } from "./etl/tables.ts";
import { customersOf, type Delivery } from "./sales/sale.ts";

// A data set to try the pipeline on where no testbed is: batch 1 is as it should be, batch 2 breaks six rules.
// Run by itself, this writes it.

const seed = 1;
const rows = 100;

const odd: Anomaly[] = [
	{ kind: "nulls", size: 0, at: { columns: ["customer_id"], to: "null" }, rows: [3, 4] },
	{
		kind: "encoding",
		size: 0,
		at: { columns: ["customer_name"], to: "read as Latin-1" },
		rows: [],
	},
	{
		kind: "swapped-columns",
		size: 0,
		at: { columns: ["quantity", "unit_price_cents"], to: "exchanged" },
		rows: [20, 21, 22],
	},
	{ kind: "bad-format", size: 0, at: { columns: ["sku"], to: "in small letters" }, rows: [40] },
	{ kind: "missing-rows", size: 0, at: null, rows: [60, 61, 62, 63, 64] },
];

export function sampleDeliveries(): Delivery[] {
	const asAlways = deliveryAfter({ seed, rows }, { batch: 1, anomalies: [] });
	const base = deliveryAfter({ seed, rows }, { batch: 2, anomalies: [] });
	const misread = base.rows.findIndex(({ customerName }) => /[^\0-\x7f]/.test(customerName!));
	const anomalies = odd.map((anomaly) =>
		anomaly.kind === "encoding" ? { ...anomaly, rows: [misread] } : anomaly,
	);
	return [asAlways, deliveryAfter({ seed, rows }, { batch: 2, anomalies })];
}

/** For `psql -f`: all schemas, the customers, and two batches that are handed over. */
export function sampleSql(): string {
	const statements = [
		...[...sourceSql, ...targetSql].map((text) => ({ text })),
		customersSql(customersOf(seed)),
		...sampleDeliveries().flatMap(deliverySql),
	];
	const head = `-- Two batches of sales that are handed over, and the tables of shop and warehouse: batch 2 breaks rules.\n`;
	return `${head}${statements.map((statement) => `${filledIn(statement)};\n`).join("")}`;
}

/** A statement with its values in it. */
function filledIn({ text, values = [] }: { text: string; values?: unknown[] }): string {
	return text.replaceAll(/\$(\d+)/g, (_, n: string) => {
		const value = values[Number(n) - 1];
		return typeof value === "number" ? String(value) : `'${String(value).replaceAll("'", "''")}'`;
	});
}

const file = new URL("sample/failing.sql", import.meta.url);
if (import.meta.main) writeFileSync(file, sampleSql());
