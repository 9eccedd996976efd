import type { Finding } from "./findings.ts";
import {
	type Contract,
	type Property,
	physicalName,
	type Quality,
	type SchemaObject,
} from "./odcs.ts";

// Contract against contract: what a change does to those who read by it, and the version that it therefore needs.

/** Whoever reads by the contract has to change (`breaking`), can read more (`additive`), or notices nothing. */
type Effect = "breaking" | "additive" | "none";

interface Difference {
	place: string[];
	effect: Effect;
	what: string;
}

/** What is wrong with the version of a contract, where it was changed. */
export function versionFindings(before: Contract, after: Contract): Finding[] {
	const differences = differencesOf(before, after);
	const [from, to] = [versionOf(before), versionOf(after)];
	const finding = (place: string[], why: string) => ({ place, rule: "version", why });
	if (to === null)
		return [
			finding(
				[after.id],
				`${after.version} is no version such as 1.2.0, by which readers could tell`,
			),
		];
	// What came before may have been no version; from there on it is one.
	if (from === null) return [];
	if (isBefore(to, from))
		return [
			finding(
				[after.id],
				`${after.version} comes before ${before.version}, which is there already`,
			),
		];
	return differences.flatMap(({ place, effect, what }) => {
		const least = leastAfter(from, effect);
		return isBefore(to, least)
			? [
					finding(
						place,
						`${what}: that is ${effect}, and after ${before.version} comes ${least.join(".")} at least, not ${after.version}`,
					),
				]
			: [];
	});
}

/** All that readers of the one would find otherwise in the other. */
export function differencesOf(before: Contract, after: Contract): Difference[] {
	const [old, now] = [objectsOf(before), objectsOf(after)];
	const all = statedDifferences([before.id], services(before), services(after));
	if (before.id !== after.id)
		all.push({ place: [before.id], effect: "breaking", what: `it is called ${after.id} now` });
	for (const [name, object] of old) {
		const next = now.get(name);
		if (next === undefined)
			all.push({ place: [name], effect: "breaking", what: "the contract no longer has it" });
		else all.push(...objectDifferences(name, object, next));
	}
	for (const name of now.keys())
		if (!old.has(name))
			all.push({ place: [name], effect: "additive", what: "the contract has it now" });
	return all;
}

function objectDifferences(name: string, before: SchemaObject, after: SchemaObject): Difference[] {
	const [old, now] = [propertiesOf(before), propertiesOf(after)];
	const all = qualityDifferences([name], before.quality, after.quality);
	for (const [column, property] of old) {
		const place = [name, column];
		const next = now.get(column);
		if (next === undefined)
			all.push({ place, effect: "breaking", what: "the contract no longer has it" });
		else
			all.push(
				...promiseDifferences(place, property, next),
				...qualityDifferences(place, property.quality, next.quality),
			);
	}
	for (const column of now.keys())
		if (!old.has(column))
			all.push({ place: [name, column], effect: "additive", what: "the contract has it now" });
	return all;
}

function promiseDifferences(place: string[], before: Property, after: Property): Difference[] {
	const all = statedDifferences(place, further(before), further(after));
	for (const key of ["physicalType", "logicalType"] as const)
		if (before[key] !== after[key])
			all.push({
				place,
				effect: "breaking",
				what: `its ${key} was ${before[key]} and is ${after[key]}`,
			});
	for (const key of ["required", "unique", "primaryKey"] as const) {
		const [was, is] = [before[key] === true, after[key] === true];
		if (was && !is) all.push({ place, effect: "breaking", what: `it is no longer ${key}` });
		if (!was && is) all.push({ place, effect: "additive", what: `it is ${key} now` });
	}
	if ((before.primaryKeyPosition ?? -1) !== (after.primaryKeyPosition ?? -1))
		all.push({ place, effect: "breaking", what: "its place in the primary key is another" });
	return all;
}

function qualityDifferences(
	place: string[],
	before: Quality[] = [],
	after: Quality[] = [],
): Difference[] {
	return statedDifferences(place, promises(before), promises(after));
}

/** Whether what is said otherwise promises less can't be known: a rule may be SQL. */
function statedDifferences(place: string[], old: Said, now: Said): Difference[] {
	return [
		...[...old].flatMap(([name, text]): Difference[] => {
			const next = now.get(name);
			if (next === undefined) return [{ place, effect: "breaking", what: `${name} is gone` }];
			return next === text
				? []
				: [{ place, effect: "breaking", what: `${name} says something else` }];
		}),
		...[...now.keys()].flatMap((name): Difference[] =>
			old.has(name) ? [] : [{ place, effect: "additive", what: `${name} is new` }],
		),
	];
}

/** What is stated, as text that is the same where it says the same, by what it is called. */
type Said = ReadonlyMap<string, string>;

/** What each rule demands, without what is said of it; by its name, or by what it is where it has none. */
function promises(quality: readonly Quality[]): Said {
	return new Map(
		quality
			.filter(({ type }) => type !== "text")
			.map(({ name, description: _, ...rule }) => {
				const text = textOf(rule);
				return [`the rule ${name ?? text}`, text];
			}),
	);
}

/** What is stated of a column beside its type, its marks and its rules. */
function further({
	logicalTypeOptions = {},
	relationships = [],
	properties = [],
	items,
}: Property): Said {
	return new Map([
		...Object.entries(logicalTypeOptions).map(([name, value]) => said(name, value)),
		...relationships.map((one) => said(`the relationship ${textOf(one)}`, one)),
		...properties.map((one) => said(`its part ${one.name}`, one)),
		...(items === undefined ? [] : [said("what its items are", items)]),
	]);
}

/** What is agreed of the service. */
function services({ slaProperties = [] }: Contract): Said {
	return new Map(
		slaProperties.map(({ property, element, description: _, ...agreed }) =>
			said([property, ...(element === undefined ? [] : [element])].join(" of "), agreed),
		),
	);
}

function said(name: string, value: unknown): [string, string] {
	return [name, textOf(value)];
}

/** The same text for the same object, in whatever order it is written. */
function textOf(value: unknown): string {
	return JSON.stringify(value, (_, inner: unknown) =>
		typeof inner === "object" && inner !== null && !Array.isArray(inner)
			? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
			: inner,
	);
}

function objectsOf({ schema = [] }: Contract): Map<string, SchemaObject> {
	return new Map(schema.map((object) => [physicalName(object), object]));
}

function propertiesOf({ properties = [] }: SchemaObject): Map<string, Property> {
	return new Map(properties.map((property) => [physicalName(property), property]));
}

export type Version = readonly [major: number, minor: number, patch: number];

/** Null of what is no version such as 1.2.0. */
export function versionOf({ version }: Contract): Version | null {
	const match = /^(\d+)\.(\d+)\.(\d+)$/.exec(version);
	return match === null ? null : [Number(match[1]), Number(match[2]), Number(match[3])];
}

function isBefore(a: Version, b: Version): boolean {
	const place = a.findIndex((number, i) => number !== b[i]);
	return place !== -1 && a[place]! < b[place]!;
}

function leastAfter([major, minor, patch]: Version, effect: Effect): Version {
	switch (effect) {
		case "breaking":
			return [major + 1, 0, 0];
		case "additive":
			return [major, minor + 1, 0];
		case "none":
			return [major, minor, patch];
		default:
			return effect satisfies never;
	}
}
