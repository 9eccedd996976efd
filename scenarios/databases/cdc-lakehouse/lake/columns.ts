/** A column as the table's log has it; the type is Delta's name of it. */
export interface Column {
	name: string;
	type: "long" | "integer" | "boolean" | "string";
}

/** A row by its columns' names, each cell as Postgres writes it; a column that is not there is null. */
export type Row = Readonly<Record<string, string | null>>;

/** What a table is, beside its rows. */
export interface Shape {
	columns: readonly Column[];
	/** The columns of the key, in their order. */
	key: readonly string[];
}

/**
 * By the number of a Postgres type. Numbers with a point, times and all else stay text, as Postgres writes them: what is
 * converted could come to differ from the source in its last digit.
 */
export function columnTypeOf(typeOid: number): Column["type"] {
	switch (typeOid) {
		case 16:
			return "boolean";
		case 20:
			return "long";
		case 21:
		case 23:
			return "integer";
		default:
			return "string";
	}
}

/** The key of a row as one text; two keys that differ have texts that differ. */
export function keyOf(row: Row, key: readonly string[]): string {
	return key.length === 1 ? String(row[key[0]!]) : JSON.stringify(key.map((name) => row[name]));
}

/** Whether both have the same columns, and so the same files can be read by both. */
export function sameColumns(a: readonly Column[], b: readonly Column[]): boolean {
	return (
		a.length === b.length &&
		a.every(({ name, type }, i) => name === b[i]!.name && type === b[i]!.type)
	);
}
