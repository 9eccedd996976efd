import type { Truth } from "faultline";
import { type Cell, cellSql, type Row } from "../shop/tables.ts";

// What changes are put together from. What each part breaks is said before anybody asks a gate.

/** One thing that a change does to a state that a seed has in mind; a release is made of several. */
export interface Part<State> {
	/** `drop column orders.note`. */
	text: string;
	/** What it adds to the change's migration; null where it is not about the database. */
	sql: string | null;
	/** Does the same to what the seed has in mind. */
	apply(state: State): void;
	/** What it breaks of what is stated; null where nothing is stated. */
	breaks: { place: string[]; rule: string } | null;
	/** It does harm that nothing states. */
	isOutside?: true;
	/** The same with less. */
	smaller?(): this[];
}

/** What a change of these parts is; its first part is what it is about. */
export function truthOfParts(parts: readonly Pick<Part<never>, "breaks" | "isOutside">[]): Truth {
	const broken = parts.find(({ breaks }) => breaks !== null)?.breaks;
	if (broken) return { kind: "violating", ...broken };
	return parts.some(({ isOutside }) => isOutside) ? { kind: "outside" } : { kind: "harmless" };
}

/** `drop column orders.note, add column orders.f1`. */
export function partsText(parts: readonly { text: string }[]): string {
	return parts.map(({ text }) => text).join(", ");
}

/** The SQL of all of them as one migration; null where none has any. */
export function migrationOfParts(parts: readonly { sql: string | null }[]): string | null {
	const sql = parts.flatMap((part) => part.sql ?? []);
	return sql.length > 0 ? `${sql.join("\n")}\n` : null;
}

/** A part that nothing states anything of, and that harms nobody. */
export function harmlessPart<State>(
	text: string,
	sql: string | null,
	apply: (state: State) => void = () => {},
): Part<State> {
	return { text, sql, apply, breaks: null };
}

/** Makes a part break something; its smaller forms do too. */
export function breaking<P extends Part<never>>(part: P, place: string[], rule: string): P {
	const { smaller } = part;
	const breaks = { place, rule };
	return smaller === undefined
		? { ...part, breaks }
		: { ...part, breaks, smaller: () => smaller().map((less) => breaking(less, place, rule)) };
}

/** Does harm that nothing states. */
export function outside<P extends Part<never>>(part: P): P {
	return { ...part, isOutside: true };
}

/** One part that does what both do. */
export function both<State>(first: Part<State>, second: Part<State>): Part<State> {
	return {
		text: `${first.text} and ${second.text}`,
		sql: [first.sql, second.sql].filter((sql) => sql !== null).join("\n") || null,
		apply: (state) => {
			first.apply(state);
			second.apply(state);
		},
		breaks: first.breaks ?? second.breaks,
	};
}

/** A value that rows are set to: in SQL, and as the seed has it. */
export interface NewValue {
	sql: string;
	of(row: Row): Cell;
}

/** A value that is the same in each row. */
export function always(cell: Cell): NewValue {
	return { sql: cellSql(cell), of: () => cell };
}

/** A column of a table, and what tells its rows apart. */
export interface RowsAt<State> {
	table: string;
	key: string;
	column: string;
	rowsIn(state: State): Row[];
}

/** Sets a column of the rows whose key is one of these. */
export function setRowsAt<State>(
	at: RowsAt<State>,
	keys: readonly number[],
	value: NewValue,
): Part<State> {
	const { table, key, column, rowsIn } = at;
	const some = new Set<Cell>(keys);
	return {
		text: `set ${table}.${column} to ${value.sql} in ${keys.length} of its rows`,
		sql: `update ${table} set ${column} = ${value.sql} where ${key} in (${keys.join(", ")});`,
		apply: (state) => {
			for (const row of rowsIn(state)) if (some.has(row[key]!)) row[column] = value.of(row);
		},
		breaks: null,
		smaller: () => {
			const half = Math.ceil(keys.length / 2);
			return keys.length < 2
				? []
				: [keys.slice(0, half), keys.slice(half)].map((less) => setRowsAt(at, less, value));
		},
	};
}
