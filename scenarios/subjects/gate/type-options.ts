import { rowsWhere } from "./metrics.ts";
import { type Property, physicalName } from "./odcs.ts";
import { none, type Stated, unjudged } from "./rule.ts";
import { literal, quoted } from "./sql-text.ts";

// What a contract says of values beside their logical type.

/** Said so that people and programs know how to read a value: no value breaks it. */
const context = ["format", "defaultTimezone"];

/** The structure is held against it. */
const structural = ["timezone"];

/** Each option as a rule by its name. */
export function optionRules(table: string, property: Property): Stated {
	const column = physicalName(property);
	const place = [table, column];
	const stated: Stated = { rules: [], findings: [] };
	for (const [name, value] of Object.entries(property.logicalTypeOptions ?? {})) {
		if (context.includes(name) || structural.includes(name)) continue;
		const bound = boundOf(value);
		const wrong = bound === null ? undefined : wrongOf[name]?.(quoted(column), bound);
		if (wrong === undefined) stated.findings.push(unjudged(place, name));
		else stated.rules.push({ place, name, query: rowsWhere(table, wrong), ...none });
	}
	// What is inside of an object or an array the catalog does not tell.
	if ((property.properties ?? []).length > 0) stated.findings.push(unjudged(place, "properties"));
	if (property.items !== undefined) stated.findings.push(unjudged(place, "items"));
	return stated;
}

/** A number, or a text that Postgres reads as what the column is. */
function boundOf(value: unknown): string | null {
	if (typeof value === "number") return String(value);
	return typeof value === "string" ? literal(value) : null;
}

/** What is true of a value that an option does not allow. */
const wrongOf: Readonly<Record<string, (column: string, bound: string) => string>> = {
	minLength: (column, bound) => `char_length(${column}::text) < ${bound}`,
	maxLength: (column, bound) => `char_length(${column}::text) > ${bound}`,
	pattern: (column, bound) => `${column}::text !~ ${bound}`,
	minimum: (column, bound) => `${column} < ${bound}`,
	maximum: (column, bound) => `${column} > ${bound}`,
	exclusiveMinimum: (column, bound) => `${column} <= ${bound}`,
	exclusiveMaximum: (column, bound) => `${column} >= ${bound}`,
	multipleOf: (column, bound) => `mod(${column}::numeric, ${bound}) <> 0`,
};
