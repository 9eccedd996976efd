import type { Contract, Property, Quality } from "../../../subjects/gate/odcs.ts";
import type { Effect } from "../../../subjects/gate/stated.ts";

// A contract against the one before it: changes that the shop's developers do not make, each in nothing but that. What each does
// to those who read by the contract: whoever could rely on something no longer can, can on more, or notices nothing.

export interface ContractChange {
	name: string;
	effect: Effect;
	before: Contract;
	after: Contract;
}

function contractOf(value: Partial<Property>, more: Partial<Contract> = {}): Contract {
	return {
		apiVersion: "v3.1.0",
		kind: "DataContract",
		id: "things",
		version: "1.0.0",
		status: "active",
		schema: [{ name: "things", properties: [{ name: "value", physicalType: "text", ...value }] }],
		...more,
	};
}

/** A change of the column, and the same the other way about. */
function bothWays(
	name: string,
	less: Partial<Property>,
	more: Partial<Property>,
	otherName: string,
): ContractChange[] {
	const [before, after] = [contractOf(less), contractOf(more)];
	return [
		{ name, effect: "additive", before, after },
		{ name: otherName, effect: "breaking", before: after, after: before },
	];
}

const rule = (rule: Quality): Partial<Property> => ({ quality: [{ name: "it", ...rule }] });
const valid = (...validValues: string[]) =>
	rule({ metric: "invalidValues", arguments: { validValues }, mustBe: 0 });
const query = (more: Quality) => rule({ type: "sql", query: "select 1", ...more });
const length = (maxLength: number): Partial<Property> => ({
	logicalType: "string",
	logicalTypeOptions: { maxLength },
});
const served = (value: number): Partial<Contract> => ({
	slaProperties: [{ property: "freshness", value, unit: "d", element: "things.value" }],
});

function ofContract(
	name: string,
	effect: Effect,
	before: Partial<Contract>,
	after: Partial<Contract>,
): ContractChange {
	return { name, effect, before: contractOf({}, before), after: contractOf({}, after) };
}

export const contractChanges: readonly ContractChange[] = [
	...bothWays("required", {}, { required: true }, "no longer required"),
	...bothWays("unique", {}, { unique: true }, "no longer unique"),
	...bothWays("a key", {}, { primaryKey: true }, "no longer a key"),
	...bothWays("a rule more", {}, query({ mustBe: 0 }), "a rule that is gone"),
	...bothWays(
		"a closer bound of a rule",
		query({ mustBeLessThan: 9 }),
		query({ mustBe: 0 }),
		"a looser bound of a rule",
	),
	...bothWays("fewer valid values", valid("a", "b"), valid("a"), "more valid values"),
	...bothWays("a shorter text", length(9), length(5), "a longer text"),
	...bothWays(
		"a relationship",
		{},
		{ relationships: [{ to: "others.id" }] },
		"a relationship that is gone",
	),
	...(
		[
			["another type", { physicalType: "integer" }],
			["another name in the database", { physicalName: "other" }],
			["a rule with another query", query({ query: "select 2", mustBe: 0 })],
		] as const
	).map(
		([name, after]): ContractChange => ({
			name,
			effect: "breaking",
			before: contractOf(name.includes("rule") ? query({ mustBe: 0 }) : {}),
			after: contractOf(after),
		}),
	),
	...(
		[
			["a description", { description: "in words" }],
			["a dimension of a rule", query({ mustBe: 0, dimension: "accuracy" })],
		] as const
	).map(
		([name, after]): ContractChange => ({
			name,
			effect: "none",
			before: contractOf(name.includes("rule") ? query({ mustBe: 0 }) : {}),
			after: contractOf(after),
		}),
	),
	ofContract("fresher", "additive", served(2), served(1)),
	ofContract("less fresh", "breaking", served(1), served(2)),
	ofContract("another id", "breaking", {}, { id: "others" }),
	ofContract("a table that is gone", "breaking", {}, { schema: [] }),
	ofContract("a purpose", "none", {}, { description: { purpose: "so that" } }),
];
