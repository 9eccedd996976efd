import { readFileSync } from "node:fs";
import { FaultlineError, messageOf } from "../base/errors.ts";
import type { Statement, Transaction } from "./repeat.ts";
import { splitSql, transactionPart } from "./sql-split.ts";
import { Digits, valueText } from "./statement-value.ts";
import { holePattern } from "./template.ts";

interface Placed extends Statement {
	/** Where it was written, for errors. */
	place: string;
	/** Statements of the same line belong together. */
	line: number;
}

const example = 'write SQL, or {"text":"select $1::int","values":["{random(1,100)}"]}';
const valuesMax = 65_535;

/**
 * The operations of a file: a statement a line, as SQL or as `{"text":"…","values":[…]}`. The lines from `begin` to
 * `commit` are one operation, and so are several statements in one line; each runs in one transaction.
 */
export function readStatements(file: string): (Statement | Transaction)[] {
	const lines = textOf(file).split("\n");
	const statements = lines.flatMap((line, index) => ofLine(line.trim(), index + 1, file));
	if (statements.length > 0) return operationsOf(statements);
	throw new FaultlineError("FLT_USAGE", `${file} has no statements`, "write one a line");
}

/** The operations of `--query`, with the values of `--value`. */
export function queryOperations(query: string, values: string[]): (Statement | Transaction)[] {
	const texts = splitSql(query);
	if (texts.length === 0)
		throw new FaultlineError("FLT_USAGE", `--query "${query}" has no statement`, "write SQL");
	if (values.length > 0 && texts.length > 1)
		throw new FaultlineError(
			"FLT_USAGE",
			`--value with ${texts.length} statements in --query: whose value is it?`,
			"put them into a --statements file, each with its values",
		);
	return operationsOf(texts.map((text) => ({ text, values, place: "--query", line: 1 })));
}

function textOf(file: string): string {
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(file));
	} catch (error) {
		const why = error instanceof TypeError ? "it is not UTF-8" : messageOf(error);
		throw new FaultlineError(
			"FLT_USAGE",
			`--statements ${file}: ${why}`,
			"name a file of text in UTF-8",
		);
	}
}

function ofLine(text: string, line: number, file: string): Placed[] {
	const place = `line ${line} of ${file}`;
	if (!text.startsWith("{"))
		return splitSql(text).map((text) => ({ text, values: [], place, line }));
	try {
		const { text: sql, values } = ofJson(text);
		const texts = splitSql(sql);
		if (texts.length === 0) throw new Error('its "text" has no statement');
		if (texts.length > 1 && values.length > 0)
			throw new Error(
				`its "text" has ${texts.length} statements: whose are the values? Write each in a line of its own, with a line begin before and a line commit after them`,
			);
		return texts.map((text) => ({ text, values, place, line }));
	} catch (error) {
		throw new FaultlineError("FLT_USAGE", `${place}: ${messageOf(error)}`, example);
	}
}

function ofJson(line: string): Statement {
	const parsed = JSON.parse(line, withDigits) as Record<string, unknown>;
	const { text, values = [], ...others } = parsed;
	const strange = Object.keys(others);
	if (strange.length > 0)
		throw new Error(`"${strange.join('", "')}" is not understood beside "text" and "values"`);
	if (typeof text !== "string") throw new Error('it needs a "text", a string');
	if (text.includes("\0")) throw new Error('its "text" has a NUL character, which SQL can\'t have');
	if (!Array.isArray(values)) throw new Error('its "values" are no array');
	if (values.length > valuesMax)
		throw new Error(`it has ${values.length} values; Postgres takes ${valuesMax}`);
	return {
		text,
		values: values.map((value: unknown, index) => {
			try {
				return valueText(value);
			} catch (error) {
				throw new Error(`value ${index + 1} ${messageOf(error)}`);
			}
		}),
	};
}

/** Keeps a number as it is written: JavaScript's have 53 bits. */
function withDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
	return typeof value === "number" ? new Digits(context?.source ?? inexact(value)) : value;
}

function inexact(value: number): string {
	if (Number.isSafeInteger(value) || !Number.isInteger(value)) return String(value);
	throw new Error(
		`has the number ${value}, which this Node can't read exactly: write it in quotes`,
	);
}

function operationsOf(statements: readonly Placed[]): (Statement | Transaction)[] {
	const operations: (Statement | Transaction)[] = [];
	let open: Placed[] = [];
	for (const [index, placed] of statements.entries()) {
		refuseTemplate(placed);
		const part = transactionPart(placed.text);
		if (open.length === 0 && part === "within") {
			const alike = statements.filter(({ line }) => line === placed.line);
			if (alike.length === 1 || alike.some(({ text }) => transactionPart(text) !== "within"))
				operations.push(plain(placed));
			else if (statements[index - 1]?.line !== placed.line)
				operations.push({
					transaction: [begin, ...alike.map(plain), { text: "commit", values: [] }],
				});
			continue;
		}
		if (open.length === 0 && part === "ends")
			throw new FaultlineError(
				"FLT_USAGE",
				`${placed.place}: "${placed.text}" without a begin before it`,
				"an operation is what stands from begin to commit: write a line begin before its first statement",
			);
		if (open.length > 0 && part === "begins")
			throw new FaultlineError(
				"FLT_USAGE",
				`${placed.place}: "${placed.text}" in the transaction that began in ${open[0]!.place}`,
				"write a line commit before it, or take it away",
			);
		open.push(placed);
		if (part !== "ends") continue;
		operations.push({ transaction: open.map(plain) });
		open = [];
	}
	if (open.length === 0) return operations;
	throw new FaultlineError(
		"FLT_USAGE",
		`${open[0]!.place}: "${open[0]!.text}" without a commit after it`,
		"write a line commit after its last statement: what stands between them is one operation",
	);
}

/** SQL goes out as it stands: within quotes a template would be a constant, and every operation the same. */
function refuseTemplate({ text, place }: Placed): void {
	const hole = new RegExp(holePattern).exec(text)?.[0];
	if (hole === undefined) return;
	throw new FaultlineError(
		"FLT_USAGE",
		`${place}: SQL is no template, and "${hole}" stands in it`,
		`write $1 there, and give it --value '${hole}', or in a file {"text":"… $1","values":["${hole}"]}`,
	);
}

const begin: Statement = { text: "begin", values: [] };

function plain({ text, values }: Placed): Statement {
	return { text, values };
}
