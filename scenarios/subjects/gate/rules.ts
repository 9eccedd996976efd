import { duplicates, metricQuery, rowsWhere } from "./metrics.ts";
import {
	type Contract,
	type Property,
	physicalName,
	type Quality,
	type SchemaObject,
} from "./odcs.ts";
import { none, type Rule, type Stated, unjudged } from "./rule.ts";
import { quoted } from "./sql-text.ts";
import { primaryKeyOf, type Structure } from "./structure.ts";
import { optionRules } from "./type-options.ts";

/** The rules of a contract; and those that the gate can't judge, which it therefore can't let pass. */
export function rulesOf({ schema = [] }: Contract, structure: Structure): Stated {
	const all = schema.flatMap((object) => {
		const { properties = [] } = object;
		const table = physicalName(object);
		const isView = structure.get(table)?.kind === "view";
		return [
			{ rules: isView ? marksOf(object) : [], findings: [] },
			qualityRules(table, object),
			...properties.flatMap((property) => [
				qualityRules(table, object, property),
				optionRules(table, property),
			]),
		];
	});
	return {
		rules: all.flatMap(({ rules }) => rules),
		findings: all.flatMap(({ findings }) => findings),
	};
}

/** Of a table, or of one of its columns. */
function qualityRules(table: string, object: SchemaObject, property?: Property): Stated {
	const { quality = [], relationships = [] } = property ?? object;
	const place = property === undefined ? [table] : [table, physicalName(property)];
	const stated: Stated = { rules: [], findings: [] };
	for (const [n, one] of quality.entries()) {
		if (one.type === "text") continue;
		const name = one.name ?? one.metric ?? `quality-${n + 1}`;
		const query = queryOf(one, table, property);
		const threshold = thresholdOf(one);
		if (query === null || threshold === null) stated.findings.push(unjudged(place, name));
		else stated.rules.push({ place, name, query, ...threshold });
	}
	if (relationships.length > 0) stated.findings.push(unjudged(place, "relationships"));
	return stated;
}

/** What the catalog tells of a table has to be looked for in the rows of a view. */
function marksOf(object: SchemaObject): Rule[] {
	const table = physicalName(object);
	const key = primaryKeyOf(object);
	return [
		...(object.properties ?? []).flatMap((property): Rule[] => {
			const column = physicalName(property);
			const place = [table, column];
			return [
				...(property.required === true
					? [
							{
								place,
								name: "nullability",
								query: rowsWhere(table, `${quoted(column)} is null`),
								...none,
							},
						]
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
			return metricQuery(rule, table, column);
		case "text":
		case "custom":
			return null;
	}
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
