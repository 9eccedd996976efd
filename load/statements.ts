import { createHash } from "node:crypto";
import { FaultlineError } from "../base/errors.ts";
import type { Repeat, Statement } from "./repeat.ts";
import { constantOf, templateOf } from "./template.ts";

/** A statement; with a name it is prepared under it, once per connection. */
export interface NamedQuery {
	name?: string;
	text: string;
	values?: unknown[] | undefined;
	/** How cells are read; as `pg` reads them, unless given. */
	types?: CellReaders;
}

/** What `pg` asks for the reader of a column's cells. Not by its own type: users of this one may not have that. */
export interface CellReaders {
	getTypeParser(): (cell: unknown) => unknown;
}

/** A statement as a worker runs it. */
export interface PreparedStatement {
	/** To prepare it under; the same for the same text. */
	name: string;
	text: string;
	/** The values of operation n, as text: Postgres gives them the types that the statement needs. */
	valuesOf(n: number): (string | null)[];
	/** The values, where all operations have the same. */
	constant: (string | null)[] | null;
}

/** The operations that are to be repeated, for both Postgres drivers: the statements of each, one after another. */
export function operationsOf(repeat: Repeat, seed: number): PreparedStatement[][] {
	if (repeat.kind !== "postgres" || repeat.statements.length === 0)
		throw new FaultlineError(
			"FLT_PLAN_INVALID",
			`a Postgres driver can't repeat ${repeat.kind === "postgres" ? "no statement at all" : `a ${repeat.kind} operation`}`,
			"give it at least one statement",
		);
	return repeat.statements.map((operation, index) => {
		const statements = "transaction" in operation ? operation.transaction : [operation];
		return statements.map((statement) => prepared(statement, index, seed));
	});
}

function prepared({ text, values }: Statement, index: number, seed: number): PreparedStatement {
	const strange = values.findIndex((value) => value !== null && typeof value !== "string");
	if (strange !== -1)
		throw new FaultlineError(
			"FLT_PLAN_INVALID",
			`value ${strange + 1} of statement ${index + 1} ("${text}") is a ${typeof values[strange]}`,
			"give values as text, or null",
		);
	const templates = values.map((value) => (value === null ? () => null : templateOf(value, seed)));
	const constant = values.every((value) => value === null || constantOf(value) !== null);
	return {
		name: `flt_${createHash("sha256").update(text).digest("hex").slice(0, 16)}`,
		text,
		constant: constant ? values : null,
		valuesOf: (n) => templates.map((template) => template(n)),
	};
}
