import type { Round } from "./rounds.ts";
import { valueIn } from "./world.ts";

/** The target as it has to be: its fields, and of each order what they hold, as Postgres writes it. */
export interface TargetTruth {
	fields: string[];
	rows: Map<number, Record<string, string | null>>;
}

/** The rows that all batches together have to make, from the rounds alone: loops, no SQL and no job. */
export function targetOf(rounds: readonly Round[]): TargetTruth {
	const fields = new Set<string>();
	const rows: TargetTruth["rows"] = new Map();
	for (const { edits, layout, writtenBy, orders } of rounds) {
		for (const field of Object.keys(layout.sources)) {
			if (fields.has(field)) continue;
			fields.add(field);
			const filled = edits.find(({ edit }) => Object.hasOwn(edit.filled, field))?.edit.filled[
				field
			];
			for (const row of rows.values()) row[field] = filled ?? null;
		}
		for (const order of orders) {
			const row =
				rows.get(order.orderId) ?? Object.fromEntries([...fields].map((field) => [field, null]));
			rows.set(order.orderId, row);
			for (const [field, source] of Object.entries(writtenBy.sources))
				if (source.kind !== "none") row[field] = valueIn(order, field);
		}
	}
	return { fields: [...fields], rows };
}
