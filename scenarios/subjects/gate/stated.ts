import type { Contract, Property, Quality } from "./odcs.ts";
import { textOf } from "./text-of.ts";
import { isTighterOption, isTighterRule } from "./tighter.ts";

// What contracts state by names of their own, held against what they stated before.

/** Whoever reads by the contract has to change (`breaking`), can rely on more (`additive`), or notices nothing. */
export type Effect = "breaking" | "additive" | "none";

export interface Difference {
	place: string[];
	effect: Effect;
	what: string;
}

type Ruled = Pick<Property, "quality">;
type Related = Pick<Property, "relationships">;

/** What is stated, by what it is called. */
type Said<T> = ReadonlyMap<string, T>;

export function ruleDifferences(place: string[], before: Ruled, after: Ruled): Difference[] {
	return statedDifferences(place, rulesBy(before), rulesBy(after), (_, was, is) =>
		isTighterRule(was, is),
	);
}

export function relationshipDifferences(
	place: string[],
	before: Related,
	after: Related,
): Difference[] {
	const named = ({ relationships = [] }: Related) =>
		new Map(relationships.map((one) => [`the relationship ${textOf(one)}`, one]));
	return statedDifferences(place, named(before), named(after), () => false);
}

/** Of what is stated of a column beside its type, its marks and its rules. */
export function columnDifferences(
	place: string[],
	before: Property,
	after: Property,
): Difference[] {
	return statedDifferences(place, columnSaid(before), columnSaid(after), isTighterOption);
}

/** Of what is agreed of the service. */
export function serviceDifferences(before: Contract, after: Contract): Difference[] {
	return statedDifferences([before.id], services(before), services(after), () => false);
}

/** What is said otherwise breaks readers, but where it is known to allow no more. */
function statedDifferences<T>(
	place: string[],
	old: Said<T>,
	now: Said<T>,
	isTighter: (name: string, was: T, is: T) => boolean,
): Difference[] {
	return [
		...[...old].flatMap(([name, was]): Difference[] => {
			const is = now.get(name);
			if (is === undefined) return [{ place, effect: "breaking", what: `${name} is gone` }];
			if (textOf(is) === textOf(was)) return [];
			return isTighter(name, was, is)
				? [{ place, effect: "additive", what: `${name} allows less` }]
				: [{ place, effect: "breaking", what: `${name} says something else` }];
		}),
		...[...now.keys()].flatMap((name): Difference[] =>
			old.has(name) ? [] : [{ place, effect: "additive", what: `${name} is new` }],
		),
	];
}

/** What each rule demands; by its name, or by what it is where it has none. */
function rulesBy({ quality = [] }: Ruled): Said<Quality> {
	return new Map(
		quality
			.filter(({ type }) => type !== "text")
			.map((rule) => {
				const entries = Object.entries(rule).filter(([key]) => !spoken.includes(key));
				const demanded: Quality = Object.fromEntries(entries);
				return [`the rule ${rule.name ?? textOf(demanded)}`, demanded];
			}),
	);
}

/** What is said of a rule, and no part of what it demands. */
const spoken = [
	"id",
	"name",
	"description",
	"dimension",
	"businessImpact",
	"method",
	"schedule",
	"scheduler",
	"tags",
	"customProperties",
	"authoritativeDefinitions",
];

function columnSaid({ logicalTypeOptions = {}, properties = [], items }: Property): Said<unknown> {
	return new Map<string, unknown>([
		...Object.entries(logicalTypeOptions),
		...properties.map((one): [string, unknown] => [`its part ${one.name}`, one]),
		...(items === undefined ? [] : [["what its items are", items] as const]),
	]);
}

function services({ slaProperties = [] }: Contract): Said<unknown> {
	return new Map(
		slaProperties.map(({ property, element, description: _, ...agreed }) => [
			[property, ...(element === undefined ? [] : [element])].join(" of "),
			agreed,
		]),
	);
}
