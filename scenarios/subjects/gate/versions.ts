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
	const all: Difference[] = [];
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
	const all: Difference[] = [];
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

/** Whether a rule that is otherwise promises less can't be known: what it says is SQL. */
function qualityDifferences(
	place: string[],
	before: Quality[] = [],
	after: Quality[] = [],
): Difference[] {
	const [old, now] = [promises(before), promises(after)];
	return [
		...[...old].flatMap(([name, rule]): Difference[] => {
			const next = now.get(name);
			if (next === undefined)
				return [{ place, effect: "breaking", what: `the rule ${name} is gone` }];
			return next === rule
				? []
				: [{ place, effect: "breaking", what: `the rule ${name} says something else` }];
		}),
		...[...now.keys()].flatMap((name): Difference[] =>
			old.has(name) ? [] : [{ place, effect: "additive", what: `the rule ${name} is new` }],
		),
	];
}

/** What each rule demands, without what is said of it; by its name, or by what it is where it has none. */
function promises(quality: readonly Quality[]): Map<string, string> {
	return new Map(
		quality
			.filter(({ type }) => type !== "text")
			.map(({ name, description: _, ...rule }) => {
				const text = JSON.stringify(Object.entries(rule).sort(([a], [b]) => (a < b ? -1 : 1)));
				return [name ?? text, text];
			}),
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
