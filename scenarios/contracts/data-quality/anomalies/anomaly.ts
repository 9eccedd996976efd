import { type Stream, shuffled, type Truth } from "faultline";
import type { Column } from "../sales/columns.ts";
import type { Delivery, Sale } from "../sales/sale.ts";

/** What is odd about a batch: a kind, how much of it, and which of its rows. */
export interface Anomaly {
	kind: string;
	/** In the unit of its kind. */
	size: number;
	/** What it is about beside that: a column, or two that are exchanged; null where it is about rows as such. */
	at: Place | null;
	/** Of the rows as the batch always is, in rising order; none where it is about the batch as a whole. */
	rows: number[];
}

/** `to`: what is there instead, in the words of its kind. */
export interface Place {
	columns: Column[];
	to: string;
}

/** In what the size of an anomaly is measured. */
export type Unit = "pct of rows" | "standard deviations" | "hours" | "none";

/** One kind of anomaly; what it does, and what that is by the suite, follow from the drawn anomaly alone. */
export interface AnomalyKind {
	unit: Unit;
	sizes: readonly number[];
	draw(draw: Stream, delivery: Delivery, size: number): Pick<Anomaly, "at" | "rows">;
	/** What the batch becomes. */
	apply(anomaly: Anomaly, delivery: Delivery): Delivery;
	/** Settled before anybody looks at the batch. */
	truth(anomaly: Anomaly, delivery: Delivery): Truth;
}

/** So many percent of a batch's rows, one at least; the last one stays as it is. */
export function drawRows(
	draw: Stream,
	{ rows }: Delivery,
	sizePct: number,
	may: (row: Sale) => boolean = () => true,
): number[] {
	const able = rows.slice(0, -1).flatMap((row, i) => (may(row) ? [i] : []));
	const count = Math.max(1, Math.round((sizePct / 100) * rows.length));
	return shuffled(draw, able)
		.slice(0, count)
		.sort((a, b) => a - b);
}

/** The batch with these rows changed. */
export function changed(
	{ rows: which }: Anomaly,
	delivery: Delivery,
	change: (row: Sale, nth: number) => Sale,
): Delivery {
	const nth = new Map(which.map((row, n) => [row, n]));
	const rows = delivery.rows.map((row, i) => {
		const n = nth.get(i);
		return n === undefined ? row : change(row, n);
	});
	return { ...delivery, rows };
}

/** It breaks a rule of the column that it is about. */
export function breaks(rule: string): AnomalyKind["truth"] {
	return ({ at }) => ({ kind: "violating", place: ["sales", at!.columns[0]!], rule });
}

/** It breaks a rule about the batch as a whole. */
export function breaksWhole(rule: string): AnomalyKind["truth"] {
	return () => ({ kind: "violating", place: ["sales"], rule });
}

export const harmlessTruth: AnomalyKind["truth"] = () => ({ kind: "harmless" });
export const outsideTruth: AnomalyKind["truth"] = () => ({ kind: "outside" });

/** Usual sizes of what befalls rows: one row, and more and more of them. */
export const shares = [0, 1, 5, 20] as const;
