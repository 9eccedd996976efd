import { grams } from "../sales/sale.ts";
import { type AnomalyKind, changed, drawRows, outsideTruth } from "./anomaly.ts";

// What is wrong and breaks no rule for certain. A mean that drifts is found as often as its size lets it; of the rest the
// suite says nothing. What becomes of these is measured and not judged.

/** The one kind that a statistical rule is there for. */
export const drifted = "drifted-mean";

export const outside: Record<string, AnomalyKind> = {
	[drifted]: {
		unit: "standard deviations",
		sizes: [0.1, 0.2, 0.3, 0.5, 1],
		draw: () => ({ at: { columns: ["parcel_grams"], to: "heavier" }, rows: [] }),
		apply: ({ size }, delivery) => ({
			...delivery,
			rows: delivery.rows.map((row) => ({
				...row,
				parcelGrams:
					row.parcelGrams === null ? null : row.parcelGrams + Math.round(size * grams.sd),
			})),
		}),
		truth: outsideTruth,
	},
	// Before whoever hands the batch over has counted it.
	"rows-lost-before": {
		unit: "pct of rows",
		sizes: [5, 20, 50],
		draw: (draw, delivery, size) => ({ at: null, rows: drawRows(draw, delivery, size) }),
		apply({ rows: lost }, delivery) {
			const gone = new Set(lost);
			const rows = delivery.rows.filter((_, i) => !gone.has(i));
			return { ...delivery, rows, rowCount: rows.length };
		},
		truth: outsideTruth,
	},
	// Two columns that are alike in everything that the suite says of them.
	"swapped-alike": {
		unit: "pct of rows",
		sizes: [5, 20],
		draw: (draw, delivery, size) => ({
			at: { columns: ["country", "ship_country"], to: "exchanged" },
			rows: drawRows(draw, delivery, size, (row) => row.country !== row.shipCountry),
		}),
		apply: (anomaly, delivery) =>
			changed(anomaly, delivery, (row) => ({
				...row,
				country: row.shipCountry,
				shipCountry: row.country,
			})),
		truth: outsideTruth,
	},
	"price-of-another": {
		unit: "pct of rows",
		sizes: [5, 20],
		draw: (draw, delivery, size) => ({
			at: { columns: ["unit_price_cents"], to: "4321" },
			rows: drawRows(draw, delivery, size),
		}),
		apply: (anomaly, delivery) =>
			changed(anomaly, delivery, (row) => ({ ...row, unitPriceCents: 4_321 })),
		truth: outsideTruth,
	},
};
