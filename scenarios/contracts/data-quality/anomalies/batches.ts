import { type Stream, simplerParts, stream, type Truth } from "faultline";
import { type Delivery, deliveryOf } from "../sales/sale.ts";
import type { Anomaly, AnomalyKind, Unit } from "./anomaly.ts";
import { harmless } from "./harmless.ts";
import { drifted, outside } from "./outside.ts";
import { violatingBatch } from "./violating-batch.ts";
import { inOneColumn, violatingRows } from "./violating-rows.ts";

export const kinds: Record<string, AnomalyKind> = {
	...harmless,
	...violatingRows,
	...violatingBatch,
	...outside,
};

/** A batch of the run: what is odd about it, and how often it is handed over. Its first anomaly is what it is about. */
export interface Planned {
	batch: number;
	anomalies: Anomaly[];
	/** `after`: once more when it was answered; `beside`: twice at once. */
	again: "not" | "after" | "beside";
}

/** What the batches of a run are drawn for. */
export interface Workload {
	seed: number;
	/** Rows of a batch, about. */
	rows: number;
	batches: number;
}

/** Of ten batches so many are of each group; a drift is outside of what is stated, and has a rate that is. */
const block = [
	...Array<Group>(4).fill("violating"),
	...Array<Group>(3).fill("harmless"),
	...Array<Group>(2).fill("drifted"),
	"outside" as const,
];
type Group = Truth["kind"] | "drifted";

/** The batches of a seed: one as always, and then, ten by ten, four that violate, three harmless, two that drift, one outside. */
export function batchesOf({ seed, rows, batches }: Workload): Planned[] {
	const draw = stream(seed, "batches");
	const nextGroup = deck(draw, block);
	const next = {
		violating: cellsIn(draw, { ...violatingRows, ...violatingBatch }),
		harmless: cellsIn(draw, harmless),
		drifted: cellsIn(draw, { [drifted]: outside[drifted]! }),
		outside: cellsIn(
			draw,
			Object.fromEntries(Object.entries(outside).filter(([kind]) => kind !== drifted)),
		),
	};
	const nextAgain = deck(draw, ["not", "not", "not", "after", "beside"] as const);
	return Array.from({ length: batches }, (_, batch) => {
		const cell = batch === 0 ? { kind: "unchanged", size: 0 } : next[nextGroup()]();
		const delivery = deliveryOf(seed, batch, rows);
		return { batch, anomalies: anomaliesOf(draw, cell, delivery), again: nextAgain() };
	});
}

interface AnomalyCell {
	kind: string;
	size: number;
}

/** A third of those that spoil a column spoil another one too: then the batch breaks more than one rule. */
function anomaliesOf(draw: Stream, { kind, size }: AnomalyCell, delivery: Delivery): Anomaly[] {
	const first = { kind, size, ...kinds[kind]!.draw(draw, delivery, size) };
	const takesAnother = draw() < 1 / 3;
	if (!(kind in inOneColumn) || !takesAnother) return [first];
	const nextOther = cellsIn(draw, inOneColumn);
	for (;;) {
		const other = nextOther();
		const second = { ...other, ...kinds[other.kind]!.draw(draw, delivery, other.size) };
		if (second.at!.columns[0] !== first.at!.columns[0]) return [first, second];
	}
}

/** Deals all of these kinds before any comes twice, and of each kind all sizes. */
function cellsIn(draw: Stream, some: Record<string, AnomalyKind>): () => AnomalyCell {
	const sizes = new Map(
		Object.entries(some).map(([kind, { sizes }]) => [kind, deck(draw, sizes)] as const),
	);
	const next = deck(draw, Object.keys(some));
	return () => {
		const kind = next();
		return { kind, size: sizes.get(kind)!() };
	};
}

function deck<T>(draw: Stream, cards: readonly T[]): () => T {
	let left: T[] = [];
	return () => {
		if (left.length === 0) left = [...cards];
		return left.splice(Math.floor(draw() * left.length), 1)[0]!;
	};
}

/** The batch as it is handed over. */
export function deliveryAfter(
	{ seed, rows }: Pick<Workload, "seed" | "rows">,
	{ batch, anomalies }: Pick<Planned, "batch" | "anomalies">,
): Delivery {
	return anomalies.reduce(
		(delivery, anomaly) => kinds[anomaly.kind]!.apply(anomaly, delivery),
		deliveryOf(seed, batch, rows),
	);
}

/** What the batch is by the suite, by how it was made: of several anomalies, what the first is that breaks something. */
export function madeAs(
	{ seed, rows }: Pick<Workload, "seed" | "rows">,
	{ batch, anomalies }: Pick<Planned, "batch" | "anomalies">,
): Truth {
	const delivery = deliveryOf(seed, batch, rows);
	const truths = anomalies.map((anomaly) => kinds[anomaly.kind]!.truth(anomaly, delivery));
	return (
		truths.find(({ kind }) => kind === "violating") ??
		truths.find(({ kind }) => kind === "outside") ?? { kind: "harmless" }
	);
}

/** What it is about, and how much of it. */
export function cellOf({ anomalies }: Pick<Planned, "anomalies">): AnomalyCell & { unit: Unit } {
	const [{ kind, size } = { kind: "unchanged", size: 0 }] = anomalies;
	return { kind, size, unit: kinds[kind]!.unit };
}

/** Simpler forms of what is odd: fewer anomalies, or half of the rows that one is about. */
export function simplerAnomalies(anomalies: readonly Anomaly[]): Iterable<Anomaly[]> {
	return simplerParts(anomalies, ({ rows, ...anomaly }) => {
		const half = Math.ceil(rows.length / 2);
		return rows.length < 2
			? []
			: [
					{ ...anomaly, rows: rows.slice(0, half) },
					{ ...anomaly, rows: rows.slice(half) },
				];
	});
}

/** `nulls in customer_id (null) of 3 rows, stale in ordered_at (24 hours before)`. */
export function anomaliesText(anomalies: readonly Anomaly[]): string {
	return anomalies.map(anomalyText).join(", ");
}

function anomalyText({ kind, size, at, rows }: Anomaly): string {
	const { unit } = kinds[kind]!;
	const place = at === null || at.columns.length === 0 ? "" : ` in ${at.columns.join(" and ")}`;
	const to = at === null ? "" : ` (${at.to})`;
	const much = unit === "standard deviations" ? ` by ${size} standard deviations` : "";
	const many = rows.length === 0 ? "" : ` of ${rows.length} row${rows.length === 1 ? "" : "s"}`;
	return `${kind}${place}${to}${much}${many}`;
}
