import { randomInt } from "node:crypto";
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { FaultlineError } from "../../base/errors.ts";
import type { Json, JsonObject } from "../../base/json.ts";
import { nearest } from "../../base/nearest.ts";
import { type RunParams, reservedNames, type Size, sizes } from "./run-params.ts";

/** What is known of a scenario without running any of its code: schema and sizes as plain JSON. */
export interface ParamRules {
	schema: JsonObject;
	sizes: { small?: JsonObject; large?: JsonObject };
	guarded: boolean;
}

export interface ResolvedParams {
	/** All of them, the reserved `seed`, `size`, `guard` too; frozen. */
	params: Readonly<RunParams>;
	/** The scenario's own parameters that differ from their size's default: part of a baseline's key. */
	changed: JsonObject;
	/** `seed=random` was asked for, and drew the one in `params`. */
	seedDrawn: boolean;
	/** How often it may be tried again where the machine was to blame; null where that was not said. */
	retries: number | null;
	/** Faults may break what Faultline has not started, where the plan says so: this run's alone, and no default. */
	allowDestructive: boolean;
}

const ajv = new Ajv({ coerceTypes: true, allErrors: true, strict: false, verbose: true });

const validators = new Map<string, ValidateFunction>();

/** By its text: each run brings a copy of its scenario's, and ajv would compile and keep each of them. */
function validatorOf(schema: JsonObject): ValidateFunction {
	const text = JSON.stringify(schema);
	const validator = validators.get(text) ?? ajv.compile(schema);
	validators.set(text, validator);
	return validator;
}

/**
 * Defaults, then the size's, then what was given (strings from a query or flags are converted). Every problem is
 * reported at once in one `FLT_PARAM_INVALID`, each naming parameter, bound and value.
 */
export function resolveParams(rules: ParamRules, given: Record<string, unknown>): ResolvedParams {
	const properties = (rules.schema.properties ?? {}) as Record<string, JsonObject>;
	const problems: string[] = [];
	const own: Record<string, unknown> = {};
	for (const [name, value] of Object.entries(given)) {
		if (!Object.hasOwn(properties, name)) {
			if (!isReserved(name)) problems.push(unknownName(name, Object.keys(properties)));
			continue;
		}
		const wanted = misunderstood(value, properties[name]!);
		if (wanted === null) own[name] = value;
		else problems.push(`${name}: must be of type ${wanted}, but is ${show(value)}`);
	}

	const size = oneOf<Size>("size", given.size, sizes, "default", problems);
	const seed = readSeed(given.seed, problems);
	const retries = readRetries(given.retries, problems);
	const allowDestructive = readAllowed(given.allowDestructive, problems);
	const guard = oneOf<"on" | "off">("guard", given.guard, ["on", "off"], "on", problems);
	if (guard === "off" && !rules.guarded) {
		problems.push("guard: this scenario has no naive twin, so guard=off means nothing here");
	}

	const defaults: JsonObject = {
		...defaultsOf(properties),
		...(size === "default" ? {} : rules.sizes[size]),
	};
	const params: Record<string, unknown> = { ...defaults, ...own };
	const validate = validatorOf(rules.schema);
	if (!validate(params)) problems.push(...(validate.errors ?? []).map(sentence));
	if (problems.length > 0) {
		throw new FaultlineError(
			"FLT_PARAM_INVALID",
			problems.slice(0, problemsMax).join("; ") +
				(problems.length > problemsMax ? `; and ${problems.length - problemsMax} more` : ""),
			`parameters: ${[...Object.keys(properties), "seed", "size", "retries", ...(rules.guarded ? ["guard"] : [])].join(", ")}`,
		);
	}
	const changed: JsonObject = {};
	for (const name of Object.keys(properties)) {
		if (params[name] !== defaults[name]) changed[name] = params[name] as Json;
	}
	return {
		params: Object.freeze({ ...(params as JsonObject), seed: seed.value, size, guard }),
		changed,
		seedDrawn: seed.drawn,
		retries,
		allowDestructive,
	};
}

/** The mistakes that a scenario's own schema can have; empty when there are none. */
export function schemaProblems(schema: JsonObject): string[] {
	const properties = (schema.properties ?? {}) as Record<string, JsonObject>;
	return Object.entries(properties).flatMap(([name, property]) => {
		if (isReserved(name)) return [`parameter "${name}" is a reserved name`];
		return property.default === undefined ? [`parameter "${name}" has no default`] : [];
	});
}

function isReserved(name: string): boolean {
	return (reservedNames as readonly string[]).includes(name);
}

function defaultsOf(properties: Record<string, JsonObject>): JsonObject {
	return Object.fromEntries(
		Object.entries(properties).map(([name, property]) => [name, property.default ?? null]),
	);
}

function unknownName(name: string, own: string[]): string {
	const near = nearest(name, [...own, ...reservedNames]);
	return `no parameter ${show(name)}${near ? `; did you mean "${near}"?` : ""}`;
}

function oneOf<T extends string>(
	name: string,
	value: unknown,
	allowed: readonly T[],
	fallback: T,
	problems: string[],
): T {
	if (value === undefined) return fallback;
	const found = allowed.find((candidate) => candidate === value);
	if (found === undefined)
		problems.push(`${name}: must be ${allowed.join(", ")}, but is ${show(value)}`);
	return found ?? fallback;
}

/** What `seed=random` gives. */
export function drawSeed(): number {
	return randomInt(2 ** 32);
}

function readSeed(value: unknown, problems: string[]): { value: number; drawn: boolean } {
	if (value === undefined) return { value: 1, drawn: false };
	if (value === "random") return { value: drawSeed(), drawn: true };
	const seed = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
	if (typeof seed !== "number" || !Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) {
		problems.push(
			`seed: must be a whole number from 0 to 4294967295, or random, but is ${show(value)}`,
		);
		return { value: 1, drawn: false };
	}
	return { value: seed, drawn: false };
}

function readRetries(value: unknown, problems: string[]): number | null {
	if (value === undefined) return null;
	const isText = typeof value === "string" || typeof value === "number";
	const retries = isText && /^\d$/.test(String(value)) ? Number(value) : null;
	if (retries === null)
		problems.push(`retries: must be a whole number from 0 to 9, but is ${show(value)}`);
	return retries;
}

function readAllowed(value: unknown, problems: string[]): boolean {
	if (value === undefined || value === false || value === "false") return false;
	if (value === true || value === "true") return true;
	problems.push(`allowDestructive: must be true or false, but is ${show(value)}`);
	return false;
}

function sentence(error: ErrorObject): string {
	const name = error.instancePath.slice(1) || "parameters";
	const value = show(error.data);
	switch (error.keyword) {
		case "minimum":
			return `${name}: must be at least ${error.params.limit}, but is ${value}`;
		case "maximum":
			return `${name}: must be at most ${error.params.limit}, but is ${value}`;
		case "exclusiveMinimum":
			return `${name}: must be over ${error.params.limit}, but is ${value}`;
		case "exclusiveMaximum":
			return `${name}: must be under ${error.params.limit}, but is ${value}`;
		case "type":
			return `${name}: must be of type ${error.params.type}, but is ${value}`;
		case "enum":
			return `${name}: must be ${(error.params.allowedValues as unknown[]).join(", ")}, but is ${value}`;
		case "const":
			return `${name}: must be ${error.params.allowedValue}, but is ${value}`;
		default:
			return `${name}: ${error.message ?? "is invalid"}, but is ${value}`;
	}
}

function show(value: unknown): string {
	const text = typeof value === "string" ? `"${value}"` : JSON.stringify(value);
	return text.length > shownMax ? `${text.slice(0, shownMax)}… (${text.length} characters)` : text;
}
const shownMax = 120;
const problemsMax = 20;

/**
 * The type that a value should have had, where the validator would make one of it that nobody meant: of `null` a 0, of
 * `0x100` a 256, of `1` a true. Null where it is understood, or is the validator's to refuse.
 */
function misunderstood(value: unknown, { type }: JsonObject): string | null {
	switch (type) {
		case "string":
			return typeof value === "string" || typeof value === "number" ? null : type;
		case "number":
		case "integer": {
			const isDecimal = typeof value === "string" && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value);
			const number = isDecimal ? Number(value) : value;
			return typeof number === "number" && Number.isFinite(number) ? null : type;
		}
		case "boolean":
			return [true, false, "true", "false"].some((one) => one === value) ? null : type;
		default:
			return null;
	}
}
