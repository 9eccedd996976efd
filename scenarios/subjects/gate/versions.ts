import type { Finding } from "./findings.ts";
import { type Contract, type Property, physicalName, type SchemaObject } from "./odcs.ts";
import {
	columnDifferences,
	type Difference,
	type Effect,
	relationshipDifferences,
	ruleDifferences,
	serviceDifferences,
} from "./stated.ts";

// Contract against contract: what a change does to those who read by it, and the version that it therefore needs.

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
	const all = serviceDifferences(before, after);
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
	const all = [
		...ruleDifferences([name], before, after),
		...relationshipDifferences([name], before, after),
	];
	for (const [column, property] of old) {
		const place = [name, column];
		const next = now.get(column);
		if (next === undefined)
			all.push({ place, effect: "breaking", what: "the contract no longer has it" });
		else
			all.push(
				...promiseDifferences(place, property, next),
				...ruleDifferences(place, property, next),
				...relationshipDifferences(place, property, next),
			);
	}
	for (const column of now.keys())
		if (!old.has(column))
			all.push({ place: [name, column], effect: "additive", what: "the contract has it now" });
	return all;
}

function promiseDifferences(place: string[], before: Property, after: Property): Difference[] {
	const all = columnDifferences(place, before, after);
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
