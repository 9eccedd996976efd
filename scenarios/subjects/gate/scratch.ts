import { randomBytes } from "node:crypto";
import type { Finding } from "./findings.ts";
import type { Contract } from "./odcs.ts";
import type { Rule } from "./rule.ts";
import { rulesOf } from "./rules.ts";
import { literal, quoted } from "./sql-text.ts";
import {
	type Structure,
	type StructureRow,
	structureFindings,
	structureOf,
	structureSql,
} from "./structure.ts";

// What a change does is seen by doing it: in a schema that is there for one transaction, which is never committed. Whatever
// ends the gate, or its way to the database, leaves nothing of it.

/** A connection, as far as it is needed here. */
export interface Database {
	query(text: string): Promise<{ rows: unknown[] } | { rows: unknown[] }[]>;
	end(): Promise<void>;
}

/** A file of SQL, by its name without folder and ending. */
export interface SqlFile {
	name: string;
	sql: string;
}

/** What is tried: what is there, and what comes. */
export interface Trial {
	/** Migrations that are on main, in their order. */
	before: readonly SqlFile[];
	/** Those that the change adds, in their order. */
	steps: readonly SqlFile[];
	/** Queries that become views, in the order of their names. */
	models: readonly SqlFile[];
	contracts: readonly Contract[];
}

/** What a trial has made, while it is there. */
export interface Made {
	structure: Structure;
	/** The rows of a query. */
	rows<Row>(text: string): Promise<Row[]>;
}

/** There is no verdict: something broke that is not the change's doing. Whoever asked may ask again. */
export class NoVerdict extends Error {
	override readonly name = "NoVerdict";
}

/** The scratch database of a gate: one connection, one trial at a time. */
export class Scratch {
	readonly #connect: () => Promise<Database>;
	readonly #statementMs: number;
	readonly #reach: (step: string) => Promise<void>;
	readonly #name: string;
	#database: Database | null = null;

	/** `statementMs`: the longest that a statement of a change may take; `name`: what it is called where it is away. */
	constructor(
		connect: () => Promise<Database>,
		statementMs: number,
		reach: (step: string) => Promise<void> = async () => {},
		name = "the scratch database",
	) {
		this.#connect = connect;
		this.#statementMs = statementMs;
		this.#reach = reach;
		this.#name = name;
	}

	/** What of this breaks a promise. Throws `NoVerdict` where the database did not answer to the end. */
	async findings(trial: Trial): Promise<Finding[]> {
		return (await this.tried(trial, async () => null)).findings;
	}

	/** That, and where nothing does what is read of it before it is taken back; null where something does. */
	tried<T>(
		trial: Trial,
		read: (made: Made) => Promise<T>,
	): Promise<{ findings: Finding[]; read: T | null }> {
		return this.within((database) => this.#tried(database, trial, read));
	}

	/** Does something in a transaction that is begun there, and taken back. */
	async within<T>(action: (database: Database) => Promise<T>): Promise<T> {
		try {
			this.#database ??= await this.#connect();
			const done = await action(this.#database);
			await this.#database.query("rollback");
			// A change may have set, listened to or locked something for the session.
			await this.#database.query("discard all");
			return done;
		} catch (error) {
			await this.close();
			throw new NoVerdict(`${this.#name}: ${messageOf(error)}`, { cause: error });
		}
	}

	async close(): Promise<void> {
		const database = this.#database;
		this.#database = null;
		// One that is cut off can't be told: that it is given up has to be enough.
		void database?.end().catch(() => {});
	}

	async #tried<T>(
		database: Database,
		{ before, steps, models, contracts }: Trial,
		read: (made: Made) => Promise<T>,
	): Promise<{ findings: Finding[]; read: T | null }> {
		const schema = `scratch_${randomBytes(6).toString("hex")}`;
		const here = `set local search_path to ${schema}; set local statement_timeout to ${this.#statementMs}`;
		await database.query(`begin; create schema ${schema}; ${here}`);
		const findings: Finding[] = [];
		const runs = async (text: string, place: string[], rule: string) => {
			try {
				await database.query(`${here}; savepoint step; ${text}`);
				return true;
			} catch (error) {
				findings.push(findingOf(error, place, rule));
				await database.query("rollback to savepoint step");
				return false;
			}
		};
		const base = before.map(({ sql }) => executed(sql)).join("; ");
		const broken = { findings, read: null };
		if (base !== "" && !(await runs(base, ["main"], "applies"))) return broken;
		for (const { name, sql } of steps)
			if (!(await runs(executed(sql), [name], "applies"))) return broken;
		await this.#reach("migrated");
		for (const { name, sql } of models)
			await runs(executed(`create view ${quoted(name)} as ${sql}`), [name], "builds");
		const catalog = rowsOf<StructureRow>(await database.query(`${here}; ${structureSql}`));
		const structure = structureOf(catalog);
		findings.push(...contracts.flatMap((contract) => structureFindings(contract, structure)));
		// Rules about what is not there would only say so once more.
		if (findings.length > 0) return broken;
		const ruled = contracts.map((contract) => rulesOf(contract, structure));
		findings.push(...ruled.flatMap((one) => one.findings));
		const rules = ruled.flatMap((one) => one.rules);
		findings.push(...(await brokenRules(database, here, rules)));
		if (findings.length > 0) return broken;
		const rows = async <Row>(text: string) => rowsOf<Row>(await database.query(`${here}; ${text}`));
		return { findings, read: await read({ structure, rows }) };
	}
}

/** All rules in one statement; one by one where that can't be, to know which of them it is. */
export async function brokenRules(
	database: Database,
	here: string,
	rules: readonly Rule[],
): Promise<Finding[]> {
	if (rules.length === 0) return [];
	const values = async (some: readonly Rule[]) => {
		const list = some.map(({ query }) => `(${query.trim().replace(/;$/, "")})::float8`).join(", ");
		const text = `${here}; savepoint rules; select array[${list}] as values`;
		return rowsOf<{ values: (number | null)[] }>(await database.query(text))[0]!.values;
	};
	try {
		return (await values(rules)).flatMap((value, n) => judged(rules[n]!, value));
	} catch (error) {
		findingOf(error, [], "");
		await database.query("rollback to savepoint rules");
	}
	const findings: Finding[] = [];
	for (const rule of rules)
		try {
			const [value = null] = await values([rule]);
			findings.push(...judged(rule, value));
		} catch (error) {
			findings.push(findingOf(error, rule.place, rule.name));
			await database.query("rollback to savepoint rules");
		}
	return findings;
}

function judged({ place, name, holds, wanted }: Rule, value: number | null): Finding[] {
	return value !== null && holds(value)
		? []
		: [{ place, rule: name, why: `it is ${value}, and has to be ${wanted}` }];
}

/** Run by the database's own executor, which refuses what would end the transaction that all of this is in. */
export function executed(sql: string): string {
	return `do ${literal(`begin execute ${literal(sql)}; end`)}`;
}

/** What an error of the database says of the change; what it says of the database itself is thrown on. */
export function findingOf(error: unknown, place: readonly string[], rule: string): Finding {
	const code = error instanceof Error && "code" in error ? String(error.code) : "";
	// Connection, conflict, resources, locks, shutdown and the server's own faults; and what has no SQLSTATE at all.
	if (!/^[0-9A-Z]{5}$/.test(code) || /^(?:08|40|53|55|57P|58|XX)/.test(code)) throw error;
	const why = messageOf(error);
	if (code === "57014") return { place, rule: "time-limit", why };
	const endsTransaction = code === "2D000" || (code === "0A000" && why.includes("transaction"));
	return { place, rule: endsTransaction ? "transaction" : rule, why };
}

/** Of several statements, the last one's rows. */
export function rowsOf<Row>(result: Awaited<ReturnType<Database["query"]>>): Row[] {
	const last = Array.isArray(result) ? result.at(-1) : result;
	return (last?.rows ?? []) as Row[];
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message || error.name : String(error);
}
