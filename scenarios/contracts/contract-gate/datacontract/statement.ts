import type { Contract, Property, SchemaObject } from "../../../subjects/gate/odcs.ts";

/** Something that the standard lets a contract state. */
export interface Statement {
	/** As the standard calls it. */
	name: string;
	contract: Contract;
	/** SQL that makes a table which keeps it, and one which does not. */
	keeps: string;
	breaks: string;
}

/** A statement about the column `value` of the table `things`. */
export function ofColumn(
	name: string,
	property: Partial<Property>,
	keeps: string,
	breaks: string,
	more: Partial<SchemaObject> = {},
): Statement {
	const properties: Property[] = [
		{
			name: "id",
			physicalType: "integer",
			primaryKey: true,
			primaryKeyPosition: 1,
			required: true,
		},
		{ name: "value", ...property },
	];
	const contract: Contract = {
		apiVersion: "v3.1.0",
		kind: "DataContract",
		id: "things",
		version: "1.0.0",
		status: "active",
		schema: [{ name: "things", physicalType: "table", properties, ...more }],
	};
	return { name, contract, keeps, breaks };
}

/** The table with these values, a row each; its other column is the key. */
export function things(column: string, ...values: string[]): string {
	const rows = values.map((value, n) => `(${n + 1}, ${value})`).join(", ");
	const insert = rows === "" ? "" : ` insert into things values ${rows};`;
	return `create table things (id integer primary key, value ${column});${insert}`;
}
