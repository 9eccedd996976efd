import type { Finding } from "./findings.ts";
import {
	type Contract,
	type Property,
	physicalName,
	type Quality,
	type SchemaObject,
} from "./odcs.ts";
import { primaryKeyOf, type Structure } from "./structure.ts";

/** A rule about values: a query with one number, and what that has to be. */
export interface Rule {
	place: string[];
	name: string;
	query: string;
	holds(value: number): boolean;
	/** `= 0`. */
	wanted: string;
}

/** The rules of a contract; and those that the gate can't judge, which it therefore can't let pass. */
export function rulesOf(
	{ schema = [] }: Contract,
	structure: Structure,
): { rules: Rule[]; findings: Finding[] } {
	const rules: Rule[] = [];
	const findings: Finding[] = [];
	for (const object of schema) {
		const table = physicalName(object);
		const isView = structure.get(table)?.kind === "view";
		if (isView) rules.push(...marksOf(object));
		const places: [place: string[], quality: Quality[], property?: Property][] = [
			[[table], object.quality ?? []],
			...(object.properties ?? []).map((property): [string[], Quality[], Property] => [
				[table, physicalName(property)],
				property.quality ?? [],
				property,
			]),
		];
		for (const [place, quality, property] of places)
			for (const [n, one] of quality.entries()) {
				if (one.type === "text") continue;
				const name = one.name ?? one.metric ?? `quality-${n + 1}`;
				const query = queryOf(one, table, property);
				const threshold = thresholdOf(one);
				if (query === null || threshold === null)
					findings.push({ place, rule: name, why: "this gate has no way to judge it" });
				else rules.push({ place, name, query, ...threshold });
			}
	}
	return { rules, findings };
}

/** What the catalog tells of a table has to be looked for in the rows of a view. */
function marksOf(object: SchemaObject): Rule[] {
	const table = physicalName(object);
	const none = { holds: (value: number) => value === 0, wanted: "= 0" };
	const key = primaryKeyOf(object);
	return [
		...(object.properties ?? []).flatMap((property): Rule[] => {
			const column = physicalName(property);
			const place = [table, column];
			return [
				...(property.required === true
					? [{ place, name: "nullability", query: nulls(table, column), ...none }]
					: []),
				...(property.unique === true
					? [{ place, name: "unique", query: duplicates(table, [column]), ...none }]
					: []),
			];
		}),
		...(key.length === 0
			? []
			: [{ place: [table, ...key], name: "primary-key", query: duplicates(table, key), ...none }]),
	];
}

function queryOf(rule: Quality, table: string, property: Property | undefined): string | null {
	const column = property === undefined ? null : physicalName(property);
	switch (rule.type ?? "library") {
		case "sql":
			return (rule.query ?? "")
				.replaceAll(/\$?\{(?:table|object)\}/g, quoted(table))
				.replaceAll(/\$?\{(?:column|property)\}/g, quoted(column ?? ""));
		case "library":
			return metricOf(rule, table, column);
		case "text":
		case "custom":
			return null;
	}
}

function metricOf(
	{ metric, arguments: given = {} }: Quality,
	table: string,
	column: string | null,
): string | null {
	switch (metric) {
		case "rowCount":
			return `select count(*) from ${quoted(table)}`;
		case "nullValues":
			return column === null ? null : nulls(table, column);
		case "duplicateValues": {
			const columns = column === null ? (given.properties ?? []) : [column];
			return columns.length === 0 ? null : duplicates(table, columns);
		}
		case "invalidValues":
			return column === null || given.validValues === undefined
				? null
				: `select count(*) from ${quoted(table)} where ${quoted(column)}::text <> all (array[${given.validValues.map((value) => literal(String(value))).join(", ")}]::text[])`;
		default:
			return null;
	}
}

function nulls(table: string, column: string): string {
	return `select count(*) from ${quoted(table)} where ${quoted(column)} is null`;
}

function duplicates(table: string, columns: readonly string[]): string {
	const list = columns.map(quoted).join(", ");
	return `select coalesce(sum(n - 1), 0) from (select count(*) as n from ${quoted(table)} group by ${list} having count(*) > 1) as many`;
}

/** What a rule's number has to be; null where it says nothing that is a number. */
export function thresholdOf(rule: Quality): Pick<Rule, "holds" | "wanted"> | null {
	const known = operators.find(([key]) => rule[key] !== undefined);
	if (known === undefined) return null;
	const [key, sign, holds] = known;
	const bounds = [rule[key]].flat().map(Number);
	if (bounds.some(Number.isNaN)) return null;
	return { wanted: `${sign} ${bounds.join(" and ")}`, holds: (value) => holds(value, bounds) };
}

const operators: [keyof Quality, sign: string, (value: number, bounds: number[]) => boolean][] = [
	["mustBe", "=", (value, [bound]) => value === bound],
	["mustNotBe", "not", (value, [bound]) => value !== bound],
	["mustBeGreaterThan", ">", (value, [bound]) => value > bound!],
	["mustBeGreaterOrEqualTo", ">=", (value, [bound]) => value >= bound!],
	["mustBeLessThan", "<", (value, [bound]) => value < bound!],
	["mustBeLessOrEqualTo", "<=", (value, [bound]) => value <= bound!],
	["mustBeBetween", "between", (value, [low, high]) => value >= low! && value <= high!],
	["mustNotBeBetween", "not between", (value, [low, high]) => value < low! || value > high!],
];

/** An identifier, whatever is in it. */
export function quoted(name: string): string {
	return `"${name.replaceAll('"', '""')}"`;
}

/** A text, whatever is in it. */
export function literal(text: string): string {
	const doubled = text.replaceAll("'", "''");
	return doubled.includes("\\") ? ` E'${doubled.replaceAll("\\", "\\\\")}'` : `'${doubled}'`;
}
