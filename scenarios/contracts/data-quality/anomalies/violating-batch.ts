import { orderIdOf } from "../sales/sale.ts";
import { type AnomalyKind, breaks, breaksWhole, drawRows, shares } from "./anomaly.ts";

// Batches of which each row by itself may be right, and that are wrong as a whole.

/** Of a hundred mails five may be missing. */
export const missingMailsPctMax = 5;

/** How old the newest sale of a day may be at its end. */
export const freshWithinHours = 2;

export const violatingBatch: Record<string, AnomalyKind> = {
	duplicates: {
		unit: "pct of rows",
		sizes: shares,
		draw: (draw, delivery, size) => ({
			at: { columns: ["order_id"], to: "twice" },
			rows: drawRows(draw, delivery, size),
		}),
		// Whoever made it has counted them.
		apply({ rows: twice }, delivery) {
			const rows = [...delivery.rows, ...twice.map((i) => delivery.rows[i]!)];
			return { ...delivery, rows, rowCount: rows.length };
		},
		truth: breaks("unique"),
	},
	"missing-rows": {
		unit: "pct of rows",
		sizes: shares,
		draw: (draw, delivery, size) => ({ at: null, rows: drawRows(draw, delivery, size) }),
		apply({ rows: lost }, delivery) {
			const gone = new Set(lost);
			return { ...delivery, rows: delivery.rows.filter((_, i) => !gone.has(i)) };
		},
		truth: breaksWhole("row_count"),
	},
	"extra-rows": {
		unit: "pct of rows",
		sizes: shares,
		draw: (draw, delivery, size) => ({ at: null, rows: drawRows(draw, delivery, size) }),
		apply({ rows: more }, { batch, ...delivery }) {
			const orderId = (n: number) => orderIdOf(batch, delivery.rows.length + n);
			const added = more.map((i, n) => ({ ...delivery.rows[i]!, orderId: orderId(n) }));
			return { ...delivery, batch, rows: [...delivery.rows, ...added] };
		},
		truth: breaksWhole("row_count"),
	},
	empty: {
		unit: "none",
		sizes: [0],
		draw: () => ({ at: null, rows: [] }),
		apply: (_anomaly, delivery) => ({ ...delivery, rows: [], rowCount: 0 }),
		truth: breaksWhole("not_empty"),
	},
	stale: {
		unit: "hours",
		sizes: [3, 24, 240],
		draw: (_draw, _delivery, size) => ({
			at: { columns: ["ordered_at"], to: `${size} hours before` },
			rows: [],
		}),
		apply: ({ size }, delivery) => ({
			...delivery,
			rows: delivery.rows.map((row) => ({ ...row, orderedMinute: row.orderedMinute - 60 * size })),
		}),
		truth: breaks("fresh"),
	},
	"mails-missing": {
		unit: "pct of rows",
		sizes: [7, 20],
		draw: (draw, delivery, size) => ({
			at: { columns: ["email"], to: "null" },
			rows: drawRows(draw, delivery, size),
		}),
		apply({ rows: without }, delivery) {
			const gone = new Set(without);
			const rows = delivery.rows.map((row, i) => (gone.has(i) ? { ...row, email: null } : row));
			return { ...delivery, rows };
		},
		truth: (anomaly, delivery) =>
			100 * anomaly.rows.length <= missingMailsPctMax * delivery.rows.length
				? { kind: "harmless" }
				: breaks("mostly_there")(anomaly, delivery),
	},
};
