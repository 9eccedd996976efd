import type { Property, Quality } from "../../../subjects/gate/odcs.ts";
import { ofColumn, type Statement, things } from "./statement.ts";

// What the standard lets a contract state that the shop's contracts do not: each with a table that keeps it, and one that breaks
// it in nothing but that. By these both are asked what they judge at all.

const texts = (...values: string[]) => things("text", ...values.map((value) => `'${value}'`));
const whole = (...values: number[]) => things("integer", ...values.map(String));

/** Bounds of values, by the logical type: they are in the standard's own schema. */
const options: Statement[] = [
	...(
		[
			["minLength", 3, texts("abc"), texts("abc", "ab")],
			["maxLength", 3, texts("abc"), texts("abc", "abcd")],
			["pattern", "^[A-Z]{2}$", texts("AB"), texts("AB", "A")],
		] as const
	).map(([option, value, keeps, breaks]) =>
		ofColumn(
			`logicalTypeOptions.${option}`,
			{ logicalType: "string", physicalType: "text", logicalTypeOptions: { [option]: value } },
			keeps,
			breaks,
		),
	),
	...(
		[
			["minimum", 3, whole(3), whole(3, 2)],
			["maximum", 3, whole(3), whole(3, 4)],
			["exclusiveMinimum", 3, whole(4), whole(4, 3)],
			["exclusiveMaximum", 3, whole(2), whole(2, 3)],
			["multipleOf", 5, whole(-5, 0, 10), whole(5, 7)],
		] as const
	).map(([option, value, keeps, breaks]) =>
		ofColumn(
			`logicalTypeOptions.${option}`,
			{ logicalType: "integer", physicalType: "integer", logicalTypeOptions: { [option]: value } },
			keeps,
			breaks,
		),
	),
	ofColumn(
		"logicalTypeOptions.minimum of a date",
		{ logicalType: "date", physicalType: "date", logicalTypeOptions: { minimum: "2026-01-01" } },
		things("date", "'2026-01-01'"),
		things("date", "'2026-01-01'", "'2025-12-31'"),
	),
	ofColumn(
		"logicalTypeOptions.timezone",
		{ logicalType: "timestamp", logicalTypeOptions: { timezone: true } },
		things("timestamptz", "now()"),
		things("timestamp", "now()"),
	),
];

const quality = (rule: Quality): Partial<Property> => ({
	physicalType: "text",
	quality: [{ name: "it", ...rule }],
});

/** The standard's library of rules, and what may stand beside a rule. */
const library: Statement[] = [
	ofColumn(
		"nullValues",
		quality({ metric: "nullValues", mustBe: 0 }),
		texts("a"),
		things("text", "'a'", "null"),
	),
	ofColumn(
		"nullValues in percent",
		quality({ metric: "nullValues", unit: "percent", mustBeLessThan: 50 }),
		things("text", ...Array(60).fill("null"), ...Array(61).fill("'a'")),
		things("text", "'a'", "null", "null"),
	),
	ofColumn(
		"missingValues",
		quality({ metric: "missingValues", arguments: { missingValues: ["", "n/a"] }, mustBe: 0 }),
		texts("a"),
		texts("a", "n/a"),
	),
	ofColumn(
		"invalidValues by valid values",
		quality({ metric: "invalidValues", arguments: { validValues: ["a", "b"] }, mustBe: 0 }),
		things("text", "'a'", "null"),
		texts("a", "c"),
	),
	ofColumn(
		"invalidValues by a pattern",
		quality({ metric: "invalidValues", arguments: { pattern: "^[a-z]+$" }, mustBe: 0 }),
		texts("abc"),
		texts("abc", "4"),
	),
	ofColumn(
		"two rules by invalidValues",
		{
			physicalType: "text",
			quality: [
				{ name: "lower", metric: "invalidValues", arguments: { pattern: "^[a-z]+$" }, mustBe: 0 },
				{ name: "known", metric: "invalidValues", arguments: { validValues: ["a"] }, mustBe: 0 },
			],
		},
		texts("a"),
		texts("a", "b"),
	),
	ofColumn(
		"duplicateValues",
		quality({ metric: "duplicateValues", mustBe: 0 }),
		texts("a", "b"),
		texts("a", "a"),
	),
	ofColumn(
		"duplicateValues of several",
		{ physicalType: "text" },
		texts("a", "b"),
		texts("a", "a"),
		{
			quality: [
				{
					name: "it",
					metric: "duplicateValues",
					arguments: { properties: ["value"] },
					mustBe: 0,
				},
			],
		},
	),
	ofColumn("rowCount", { physicalType: "text" }, texts("a", "b"), texts("a"), {
		quality: [{ name: "it", metric: "rowCount", mustBeBetween: [2, 3] }],
	}),
	ofColumn(
		"sql of table and column",
		quality({
			type: "sql",
			query: "select count(*) from {object} where {property} = 'x'",
			mustBe: 0,
		}),
		texts("a"),
		texts("a", "x"),
	),
	ofColumn(
		"sql that is only a warning",
		quality({
			type: "sql",
			query: "select count(*) from things where value = 'x'",
			mustBe: 0,
			severity: "warning",
		}),
		texts("a"),
		texts("a", "x"),
	),
];

/** Types as contracts write them, of a column that is one and one that is not. */
const types: Statement[] = (
	[
		["varchar(2)", "varchar(2)", "varchar(3)"],
		["decimal(10)", "numeric(10)", "numeric(12)"],
		["decimal(10, 2)", "numeric(10, 2)", "numeric(10, 3)"],
		["char", "char", "char(2)"],
		["float", "double precision", "real"],
		["timestamp(3)", "timestamp(3)", "timestamp(6)"],
		["timestamptz", "timestamptz", "timestamp"],
		["bool", "boolean", "integer"],
		["serial", "integer", "bigint"],
		["text[]", "text[]", "integer[]"],
		["int[]", "integer[]", "bigint[]"],
		["jsonb", "jsonb", "json"],
		["uuid", "uuid", "text"],
	] as const
).map(([type, is, other]) =>
	ofColumn(`physicalType ${type}`, { physicalType: type }, things(is), things(other)),
);

const logicalTypes: Statement[] = (
	[
		["string", "varchar(20)", "integer"],
		["integer", "bigint", "text"],
		["number", "numeric", "text"],
		["boolean", "boolean", "text"],
		["date", "date", "timestamp"],
		["timestamp", "timestamptz", "date"],
	] as const
).map(([logicalType, is, other]) =>
	ofColumn(`logicalType ${logicalType} alone`, { logicalType }, things(is), things(other)),
);

const marks: Statement[] = [
	ofColumn(
		"required, and a null is there",
		{ physicalType: "text", required: true },
		things("text not null", "'a'"),
		things("text", "null"),
	),
	ofColumn(
		"required, and null is allowed",
		{ physicalType: "text", required: true },
		things("text not null", "'a'"),
		things("text", "'a'"),
	),
	ofColumn(
		"unique, and a value is there twice",
		{ physicalType: "text", unique: true },
		things("text unique", "'a'"),
		texts("a", "a"),
	),
	ofColumn(
		"unique, and nothing keeps it so",
		{ physicalType: "text", unique: true },
		things("text unique", "'a'"),
		texts("a"),
	),
	ofColumn(
		"physicalName",
		{ name: "given", physicalName: "value", physicalType: "text" },
		texts("a"),
		"create table things (id integer primary key, other text);",
	),
	ofColumn(
		"relationships",
		{ physicalType: "integer", relationships: [{ to: "things.id" }] },
		whole(1),
		whole(7),
	),
];

/** What is agreed of the service, not of each value. */
const service: Statement[] = [
	ofColumn(
		"slaProperties freshness",
		{ physicalType: "timestamptz" },
		things("timestamptz", "now()"),
		things("timestamptz", "now() - interval '3 days'"),
	),
].map((one) => ({
	...one,
	contract: {
		...one.contract,
		slaProperties: [{ property: "freshness", value: 1, unit: "d", element: "things.value" }],
	},
}));

export const statements: readonly Statement[] = [
	...marks,
	...types,
	...logicalTypes,
	...options,
	...library,
	...service,
];
