import { pick, shuffled, stream } from "faultline";
import { deliveryOf, knownLong, minutesInDay, orderIdOf, type Sale } from "../sales/sale.ts";
import {
	type Anomaly,
	type AnomalyKind,
	changed,
	drawRows,
	harmlessTruth,
	shares,
} from "./anomaly.ts";
import { violatingBatch } from "./violating-batch.ts";

// What looks odd and is allowed: whoever blocks it is too careful.

const largest = [20, 50] as const;

function rowsBecome(
	change: (row: Sale, nth: number, anomaly: Anomaly) => Partial<Sale>,
): AnomalyKind {
	return {
		unit: "pct of rows",
		sizes: shares,
		draw: (draw, delivery, size) => ({ at: null, rows: drawRows(draw, delivery, size) }),
		apply: (anomaly, delivery) =>
			changed(anomaly, delivery, (row, nth) => ({ ...row, ...change(row, nth, anomaly) })),
		truth: harmlessTruth,
	};
}

const limits: Partial<Sale>[] = [
	{ quantity: 1 },
	{ quantity: 20 },
	{ unitPriceCents: 100 },
	{ unitPriceCents: 100_000 },
];
const names = [
	"Ελένη Παπαδοπούλου",
	"李小龙",
	"Ана Петровић",
	"O'Neill-Strauß",
	"Ümit Âşık 🦊",
	"Nguyễn Ánh",
];

export const harmless: Record<string, AnomalyKind> = {
	unchanged: {
		unit: "none",
		sizes: [0],
		draw: () => ({ at: null, rows: [] }),
		apply: (_anomaly, delivery) => delivery,
		truth: harmlessTruth,
	},
	"at-the-limits": rowsBecome((_row, nth) => limits[nth % limits.length]!),
	"names-of-elsewhere": rowsBecome((_row, nth) => ({ customerName: names[nth % names.length]! })),
	"new-customers": rowsBecome((_row, nth) => ({ customerId: knownLong + 1 + (nth % 30) })),
	// Within the six days that a sale may take to come.
	"late-rows": rowsBecome(({ orderedMinute }, nth) => ({
		orderedMinute: orderedMinute - (1 + (nth % 5)) * minutesInDay,
	})),
	"mails-missing-a-few": { ...violatingBatch["mails-missing"]!, sizes: [1, 3] },
	delayed: { ...violatingBatch.stale!, sizes: [1], truth: harmlessTruth },
	"sold-again": {
		unit: "pct of rows",
		sizes: largest,
		draw: (draw, delivery, size) => ({ at: null, rows: drawRows(draw, delivery, size) }),
		// Alike in everything but their number, and counted.
		apply({ rows: again }, delivery) {
			const orderId = (n: number) => orderIdOf(delivery.batch, delivery.rows.length + n);
			const added = again.map((i, n) => ({ ...delivery.rows[i]!, orderId: orderId(n) }));
			const rows = [...delivery.rows, ...added];
			return { ...delivery, rows, rowCount: rows.length };
		},
		truth: harmlessTruth,
	},
	reordered: {
		unit: "none",
		sizes: [0],
		draw: () => ({ at: null, rows: [] }),
		apply: (_anomaly, delivery) => ({
			...delivery,
			rows: shuffled(stream(delivery.batch, "order"), delivery.rows),
		}),
		truth: harmlessTruth,
	},
	"a-busy-day": {
		unit: "none",
		sizes: [0],
		draw: (draw) => ({ at: { columns: [], to: `${pick(draw, [2, 3])} times` }, rows: [] }),
		apply({ at }, delivery) {
			const times = Number.parseInt(at!.to, 10);
			const about = times * delivery.rows.length;
			const { rows } = deliveryOf(delivery.batch, delivery.batch, about);
			return { ...delivery, rows, rowCount: rows.length };
		},
		truth: harmlessTruth,
	},
};
