import type { Quality } from "./odcs.ts";
import { literal, quoted } from "./sql-text.ts";

// The standard's library of rules, as queries with one number.

/** Null of one that can't be judged. */
export function metricQuery(rule: Quality, table: string, column: string | null): string | null {
	const isPercent = rule.unit === "percent";
	switch (rule.metric) {
		case "rowCount":
			return isPercent ? null : `select count(*) from ${quoted(table)}`;
		case "duplicateValues": {
			const columns = column === null ? (rule.arguments?.properties ?? []) : [column];
			if (columns.length === 0) return null;
			return isPercent
				? `select coalesce(100.0 * (${duplicates(table, columns)}) / nullif((select count(*) from ${quoted(table)}), 0), 0)`
				: duplicates(table, columns);
		}
		default: {
			const wrong = column === null ? null : wrongWhere(rule, quoted(column));
			if (wrong === null) return null;
			return isPercent
				? `select coalesce(100.0 * count(*) filter (where ${wrong}) / nullif(count(*), 0), 0) from ${quoted(table)}`
				: rowsWhere(table, wrong);
		}
	}
}

/** What is true of a row that counts. */
function wrongWhere({ metric, arguments: given = {} }: Quality, column: string): string | null {
	switch (metric) {
		case "nullValues":
			return `${column} is null`;
		case "missingValues": {
			const { missingValues } = given;
			if (missingValues === undefined) return null;
			const there = missingValues.filter((value) => value !== null);
			return either([
				...(there.length === missingValues.length ? [] : [`${column} is null`]),
				...(there.length === 0 ? [] : [`${column}::text = any (${textArray(there)})`]),
			]);
		}
		case "invalidValues": {
			const { validValues, pattern } = given;
			return either([
				...(validValues === undefined
					? []
					: [`${column}::text <> all (${textArray(validValues)})`]),
				...(pattern === undefined ? [] : [`${column}::text !~ ${literal(pattern)}`]),
			]);
		}
		default:
			return null;
	}
}

function either(conditions: readonly string[]): string | null {
	return conditions.length === 0 ? null : conditions.join(" or ");
}

function textArray(values: readonly (string | number)[]): string {
	return `array[${values.map((value) => literal(String(value))).join(", ")}]::text[]`;
}

export function rowsWhere(table: string, condition: string): string {
	return `select count(*) from ${quoted(table)} where ${condition}`;
}

/** How many rows repeat what another has. */
export function duplicates(table: string, columns: readonly string[]): string {
	const list = columns.map(quoted).join(", ");
	return `select coalesce(sum(n - 1), 0) from (select count(*) as n from ${quoted(table)} group by ${list} having count(*) > 1) as many`;
}
