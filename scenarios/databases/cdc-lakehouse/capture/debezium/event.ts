import type { ChangedRow } from "../../lake/changes.ts";
import { type Column, keyOf, type Row, type Shape } from "../../lake/columns.ts";
import type { SourceTable } from "../source.ts";

/** One record of the topic, as Debezium's connector for Postgres writes it (as JSON, without schemas). */
export type Told =
	/** It is behind a delete, for who compacts by key. */
	| { kind: "tombstone" }
	/** What an application has written to the log that is no row of any table (`pg_logical_emit_message`). */
	| { kind: "message" }
	| { kind: "begin"; xid: string; lsn: number }
	| {
			kind: "end";
			xid: string;
			/** Behind the commit. */
			lsn: number;
			committedMs: number;
			/** By `schema.table`: how many changes were sent of it, since the connector was started last. */
			counts: ReadonlyMap<string, number>;
	  }
	| {
			kind: "row";
			place: "first" | "between" | "last";
			lsn: number;
			table: string;
			shape: Shape;
			row: Row;
	  }
	| ToldChange;

/** A change of a row, or of a table as a whole. */
export interface ToldChange {
	kind: "change";
	xid: string;
	/** Of its own record in the source's log. */
	lsn: number;
	/** Behind the last transaction that was committed before this one; null where the connector knows of none. */
	afterLsn: number | null;
	committedMs: number;
	/** As the counts at a transaction's end name it. */
	collection: string;
	table: string;
	shape: Shape;
	what:
		| { op: "create" | "update"; key: string; row: ChangedRow }
		| { op: "delete"; key: string }
		| { op: "truncate" };
}

/** A column that the catalog did not have when it was asked: it has to be asked again. */
export class UnknownColumn extends Error {
	constructor(table: string, column: string) {
		super(`${table} has a column "${column}", which its catalog did not have yet`);
	}
}

/** As a transaction's end counts what was written to the log that is no row: nobody waits for it here. */
const messages = "LOGICAL_DECODING_MESSAGE";

type Cells = Readonly<Record<string, unknown>>;

interface Envelope {
	before?: Cells | null;
	after?: Cells | null;
	source: {
		schema: string;
		table: string;
		lsn: number;
		ts_ms: number;
		snapshot?: string;
		/** JSON of two numbers as texts: the last commit's LSN, and this one's. */
		sequence?: string;
		txId?: number;
	};
	transaction?: { id: string } | null;
	op: string;
}

interface Boundary {
	status: string;
	id: string;
	ts_ms: number;
	data_collections?: { data_collection: string; event_count: number }[] | null;
}

/**
 * Reads records of these tables; `unsentMark` is what the connector writes for a cell that is large, stayed as it was, and was
 * not sent. Cells are texts, as Postgres writes them.
 */
export function decoder(
	tables: readonly SourceTable[],
	unsentMark: string,
): (value: string | null) => Told {
	const known = new Map(
		tables.map(({ name, key, columns }) => [
			name,
			{ key, types: new Map(columns.map((column) => [column.name, column])), columns },
		]),
	);
	const shapeOf = (table: string, cells: Cells | null): Shape => {
		const found = known.get(table);
		if (found === undefined) throw new Error(`${table} is captured since the stream began`);
		// What names no column, such as a truncate, leaves the table what it was.
		if (cells === null) return { key: found.key, columns: found.columns };
		const names = Object.keys(cells);
		const isSame =
			names.length === found.columns.length &&
			names.every((name, i) => found.columns[i]!.name === name);
		if (!isSame)
			found.columns = names.map((name): Column => {
				const column = found.types.get(name);
				if (column === undefined) throw new UnknownColumn(table, name);
				return column;
			});
		return { key: found.key, columns: found.columns };
	};
	return (value) => {
		if (value === null) return { kind: "tombstone" };
		const said = JSON.parse(value) as Envelope | Boundary;
		if ("status" in said) return boundary(said);
		if (said.op === undefined)
			throw new Error(
				`a record is neither a change nor a transaction's end: ${value.slice(0, 200)}`,
			);
		if (said.op === "m") return { kind: "message" };
		const envelope = isExact(said.before) && isExact(said.after) ? said : exact(value);
		const { source, op } = envelope;
		const { table, lsn } = source;
		const cells = envelope.after ?? envelope.before ?? null;
		const shape = shapeOf(table, cells);
		const row = cells === null ? {} : rowOf(cells, unsentMark);
		if (op === "r")
			return { kind: "row", place: placeOf(source.snapshot), lsn, table, shape, row: row as Row };
		return {
			kind: "change",
			xid: xidOf(envelope.transaction?.id ?? String(source.txId)),
			lsn,
			afterLsn: afterLsnIn(source.sequence),
			committedMs: source.ts_ms,
			collection: `${source.schema}.${table}`,
			table,
			shape,
			what: whatIn(op, () => keyOf(row as Row, shape.key), row),
		};
	};
}

function whatIn(op: string, key: () => string, row: ChangedRow): ToldChange["what"] {
	switch (op) {
		case "c":
			return { op: "create", key: key(), row };
		case "u":
			return { op: "update", key: key(), row };
		case "d":
			return { op: "delete", key: key() };
		case "t":
			return { op: "truncate" };
		default:
			throw new Error(`a record tells of an operation that is not known: ${op}`);
	}
}

function boundary({ status, id, ts_ms, data_collections }: Boundary): Told {
	const xid = xidOf(id);
	const lsn = Number(id.slice(xid.length + 1));
	if (status === "BEGIN") return { kind: "begin", xid, lsn };
	const counts = (data_collections ?? [])
		.filter(({ data_collection }) => data_collection !== messages)
		.map(({ data_collection, event_count }) => [data_collection, event_count] as const);
	return { kind: "end", xid, lsn, committedMs: ts_ms, counts: new Map(counts) };
}

/** An id is the transaction's number and the LSN of what it stands in, `757:23881032`: the number alone is one for all of it. */
function xidOf(id: string): string {
	return id.split(":", 1)[0]!;
}

function afterLsnIn(sequence: string | undefined): number | null {
	if (sequence === undefined) return null;
	const [last] = JSON.parse(sequence) as [string | null, string];
	return last === null ? null : Number(last);
}

function placeOf(snapshot: string | undefined): "first" | "between" | "last" {
	return snapshot === "first" || snapshot === "last" ? snapshot : "between";
}

function rowOf(cells: Cells, unsentMark: string): ChangedRow {
	const row: Record<string, string | null | undefined> = {};
	for (const name in cells) {
		const cell = cells[name];
		if (cell === null) row[name] = null;
		else if (cell === unsentMark) row[name] = undefined;
		else if (typeof cell === "object")
			throw new Error(`column ${name} comes as ${JSON.stringify(cell)}, which is no cell`);
		else row[name] = String(cell);
	}
	return row;
}

/** Whether its numbers are what was written: beyond 2^53 the next one that JavaScript has is another. */
function isExact(cells: Cells | null | undefined): boolean {
	for (const name in cells) {
		const cell = cells[name];
		if (typeof cell === "number" && !Number.isSafeInteger(cell)) return false;
	}
	return true;
}

/** The same, each such number as the text that it was. */
function exact(value: string): Envelope {
	const asWritten = (_name: string, cell: unknown, context: { source: string }) =>
		typeof cell === "number" && !Number.isSafeInteger(cell) ? context.source : cell;
	return JSON.parse(value, asWritten as (name: string, cell: unknown) => unknown) as Envelope;
}
