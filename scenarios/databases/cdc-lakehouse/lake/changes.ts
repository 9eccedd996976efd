import { keyOf, type Row, type Shape } from "./columns.ts";

/** A row of a change: a cell that the source left as it was, and did not send, is undefined. */
export type ChangedRow = Readonly<Record<string, string | null | undefined>>;

/** One change of a table, as the source's log has it. */
export type Change =
	| {
			kind: "upsert";
			row: ChangedRow;
			/** Null where the key was the same before. */
			oldKey: string | null;
	  }
	| { kind: "delete"; key: string }
	| { kind: "truncate" };

/** What a table's rows come to, by key; null is a row that is gone. */
export interface Folded {
	/** Whether all rows of before are gone. */
	truncated: boolean;
	rows: ReadonlyMap<string, Row | null>;
}

/** All keys that changes touch, whose rows of before may be needed. */
export function keysIn(changes: readonly Change[], shape: Shape): Set<string> {
	const keys = new Set<string>();
	for (const change of changes) {
		if (change.kind === "delete") keys.add(change.key);
		if (change.kind !== "upsert") continue;
		keys.add(keyOf(known(change.row), shape.key));
		if (change.oldKey !== null) keys.add(change.oldKey);
	}
	return keys;
}

/** Changes from the last truncate on: of what is before that nothing is left, and nothing needs to be known. */
export function sinceTruncate(changes: readonly Change[]): {
	truncated: boolean;
	left: readonly Exclude<Change, { kind: "truncate" }>[];
} {
	const last = changes.findLastIndex(({ kind }) => kind === "truncate");
	return {
		truncated: last !== -1,
		left: changes.slice(last + 1) as Exclude<Change, { kind: "truncate" }>[],
	};
}

/**
 * Changes in their order, folded to the last of each key. `before` gives the row that the table has of a key: what a change
 * did not send, for it is large and stayed as it was, is taken from there, or from a change before it.
 */
export function fold(
	changes: readonly Change[],
	shape: Shape,
	before: (key: string) => Row | null,
): Folded {
	const { truncated, left } = sinceTruncate(changes);
	const rows = new Map<string, Row | null>();
	const rowAt = (key: string): Row | null => {
		const changed = rows.get(key);
		if (changed !== undefined) return changed;
		return truncated ? null : before(key);
	};
	for (const change of left)
		switch (change.kind) {
			case "upsert": {
				const key = keyOf(known(change.row), shape.key);
				const row = whole(change.row, (unsent) => {
					const old = rowAt(change.oldKey ?? key);
					if (old !== null) return old;
					throw new Error(
						`${unsent.join(", ")} stayed as it was, in a row that the table does not have`,
					);
				});
				if (change.oldKey !== null && change.oldKey !== key) rows.set(change.oldKey, null);
				rows.set(key, row);
				break;
			}
			case "delete":
				rows.set(change.key, null);
				break;
			default:
				change satisfies never;
		}
	return { truncated, rows };
}

/** The columns of a changed row that were not sent. */
export function unsentIn(row: ChangedRow): string[] {
	return Object.keys(row).filter((name) => row[name] === undefined);
}

/** A changed row with what was not sent as it is in the row of before, which is asked for where that is needed. */
export function whole(row: ChangedRow, before: (unsent: readonly string[]) => Row): Row {
	const unsent = unsentIn(row);
	if (unsent.length === 0) return row as Row;
	const old = before(unsent);
	return Object.fromEntries(
		Object.entries(row).map(([name, cell]) => [
			name,
			cell === undefined ? (old[name] ?? null) : cell,
		]),
	);
}

/** A key's columns are always sent. */
function known(row: ChangedRow): Row {
	return row as Row;
}
