import { readFileSync } from "node:fs";
import { Ajv2019, type AnySchema } from "ajv/dist/2019.js";
import { parse } from "yaml";
import type { Finding } from "../../../subjects/gate/findings.ts";
import { canonicalType } from "../../../subjects/gate/postgres-types.ts";

/** What a consumer asks of others' datasets, as a file of its repository says it (`consumer-test.schema.json`). */
export interface ConsumerTest {
	consumer: string;
	query: string;
	reads: Read[];
	sql: string;
	expect: Expectation[];
}

/** The part of a dataset's contract that is relied on. */
export interface Read {
	/** `sales.orders_v1`. */
	dataset: string;
	/** The type of each column, as Postgres writes it. */
	columns: ReadonlyMap<string, string>;
}

/** A query with one number, and what that has to be, as ODCS says it. */
export interface Expectation {
	name: string;
	query: string;
	mustBe?: number;
	mustBeGreaterThan?: number;
	mustBeLessThan?: number;
	mustBeBetween?: [number, number];
}

/** The name of a test: `revenue_by_country` of `tests/revenue_by_country.yaml`. */
export function testOf(path: string): string | null {
	return /^tests\/([a-z][a-z0-9_]*)\.yaml$/.exec(path)?.[1] ?? null;
}

export type ReadTest = { test: ConsumerTest } | { findings: Finding[] };

/** A test of its text; or what of it is none. */
export function readTest(consumer: string, query: string, text: string): ReadTest {
	const wrong = (...whys: string[]) => ({
		findings: whys.map((why) => ({ place: [consumer, query], rule: "format", why })),
	});
	let value: unknown;
	try {
		// An alias of an alias of an alias is how a small file becomes a huge one.
		value = parse(text, { maxAliasCount: 0, uniqueKeys: true });
	} catch (error) {
		return wrong(error instanceof Error ? error.message : String(error));
	}
	const validate = validator();
	if (!validate(value))
		return wrong(
			...(validate.errors ?? [])
				.slice(0, 3)
				.map(
					({ instancePath, message, params }) =>
						`${instancePath === "" ? "the test" : instancePath} ${message} ${JSON.stringify(params)}`,
				),
		);
	const written = value as Written;
	if (written.consumer !== consumer)
		return wrong(
			`it says that it is of ${written.consumer}, and is in the repository of ${consumer}`,
		);
	if (written.query !== query)
		return wrong(`its query is called ${written.query}, and its file ${query}`);
	const reads = written.reads.map(({ dataset, columns }) => ({
		dataset,
		columns: new Map(
			Object.entries(columns).map(([column, type]) => [column, canonicalType(type)]),
		),
	}));
	return { test: { ...written, expect: written.expect ?? [], reads } };
}

/** As the file has it. */
type Written = Omit<ConsumerTest, "reads" | "expect"> & {
	reads: { dataset: string; columns: Record<string, string> }[];
	expect?: Expectation[];
};

let made: ReturnType<Ajv2019["compile"]> | undefined;

function validator() {
	const file = new URL("consumer-test.schema.json", import.meta.url);
	made ??= new Ajv2019({ strict: false }).compile(
		JSON.parse(readFileSync(file, "utf8")) as AnySchema,
	);
	return made;
}
