import { readFileSync } from "node:fs";
import { Ajv2019, type AnySchema, type ErrorObject } from "ajv/dist/2019.js";
import { parse } from "yaml";
import type { Finding } from "./findings.ts";

// What the gate reads of a contract in the Open Data Contract Standard; all else in it is for people and other programs.

export interface Contract {
	apiVersion: string;
	kind: "DataContract";
	id: string;
	/** Of the contract, by semantic versioning. */
	version: string;
	status: string;
	name?: string;
	description?: { purpose?: string };
	schema?: SchemaObject[];
	/** What is agreed of the service. */
	slaProperties?: ServiceLevel[];
}

export interface ServiceLevel {
	property: string;
	value: unknown;
	unit?: string;
	element?: string;
	description?: string;
}

/** A table or view. */
export interface SchemaObject {
	name: string;
	physicalName?: string;
	physicalType?: string;
	description?: string;
	properties?: Property[];
	relationships?: object[];
	quality?: Quality[];
}

/** A column. */
export interface Property {
	name: string;
	physicalName?: string;
	logicalType?: string;
	/** Bounds of values and the like, by names that hang on the logical type. */
	logicalTypeOptions?: Readonly<Record<string, unknown>>;
	physicalType?: string;
	description?: string;
	required?: boolean;
	unique?: boolean;
	primaryKey?: boolean;
	primaryKeyPosition?: number;
	relationships?: object[];
	/** Of an object its parts, of an array what it is made of. */
	properties?: Property[];
	items?: object;
	quality?: Quality[];
}

/** A rule about values; without a type it is one of the standard's library. */
export interface Quality {
	name?: string;
	description?: string;
	type?: "text" | "library" | "sql" | "custom";
	metric?: string;
	dimension?: string;
	arguments?: {
		validValues?: (string | number)[];
		pattern?: string;
		missingValues?: (string | number | null)[];
		properties?: string[];
	};
	/** `percent` is of all rows; whatever else is said, it is rows. */
	unit?: string;
	severity?: string;
	query?: string;
	mustBe?: unknown;
	mustNotBe?: unknown;
	mustBeGreaterThan?: number;
	mustBeGreaterOrEqualTo?: number;
	mustBeLessThan?: number;
	mustBeLessOrEqualTo?: number;
	mustBeBetween?: [number, number];
	mustNotBeBetween?: [number, number];
}

export type Read = { contract: Contract } | { findings: Finding[] };

/** A contract of its text; or what of it is no contract by the standard's own schema. */
export function readContract(file: string, text: string): Read {
	let value: unknown;
	try {
		// An alias of an alias of an alias is how a small file becomes a huge one.
		value = parse(text, { maxAliasCount: 0, uniqueKeys: true });
	} catch (error) {
		return { findings: [invalid(file, error instanceof Error ? error.message : String(error))] };
	}
	const validate = validator();
	if (validate(value)) return { contract: value as Contract };
	return { findings: (validate.errors ?? []).slice(0, 3).map((one) => invalid(file, said(one))) };
}

/** Where it is found in the database. */
export function physicalName({ physicalName, name }: SchemaObject | Property): string {
	return physicalName ?? name;
}

function invalid(file: string, why: string): Finding {
	return { place: [file], rule: "odcs", why };
}

function said({ instancePath, message, params }: ErrorObject): string {
	const { unevaluatedProperty: extra } = params as { unevaluatedProperty?: string };
	const named = extra === undefined ? "" : ` (${extra})`;
	return `${instancePath === "" ? "the contract" : instancePath} ${message}${named}`;
}

let made: ReturnType<Ajv2019["compile"]> | undefined;

function validator() {
	const file = new URL("odcs/odcs-json-schema-v3.1.0.json", import.meta.url);
	made ??= new Ajv2019({ strict: false, validateFormats: false }).compile(
		JSON.parse(readFileSync(file, "utf8")) as AnySchema,
	);
	return made;
}
