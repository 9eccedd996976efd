import type { Finding } from "../../../subjects/gate/findings.ts";
import { thresholdOf } from "../../../subjects/gate/rules.ts";
import {
	type Database,
	executed,
	findingOf,
	rowsOf,
	type Scratch,
} from "../../../subjects/gate/scratch.ts";
import { literal, quoted } from "../../../subjects/gate/sql-text.ts";
import type { ConsumerTest, Expectation } from "./consumer-test.ts";
import type { Dataset } from "./dataset.ts";
import { type LineageRow, lineageSql, wholeRowsSql } from "./lineage.ts";

// Consumers' tests, asked of datasets: in a database of the consumers', for one transaction that is never committed.

/** Datasets by their names: `sales.orders_v1`. */
export type Datasets = ReadonlyMap<string, Dataset>;

/** Asks tests of datasets, one question at a time. */
export class Asking {
	readonly #scratch: Pick<Scratch, "within">;
	readonly #statementMs: number;
	readonly #reach: (step: string) => Promise<void>;

	/** `statementMs`: the longest that a statement of a test may take. */
	constructor(
		scratch: Pick<Scratch, "within">,
		statementMs: number,
		reach: (step: string) => Promise<void> = async () => {},
	) {
		this.#scratch = scratch;
		this.#statementMs = statementMs;
		this.#reach = reach;
	}

	/** What of the tests does not hold. */
	async findings(datasets: Datasets, tests: readonly ConsumerTest[]): Promise<Finding[]> {
		const fits = tests.map((test) => ({ test, findings: structureFindings(test, datasets) }));
		const fitting = fits.flatMap(({ test, findings }) => (findings.length === 0 ? [test] : []));
		const apart = fits.flatMap(({ findings }) => findings);
		if (fitting.length === 0) return apart;
		const asked = await this.#scratch.within((database) =>
			this.#asked(database, datasets, fitting),
		);
		return [...apart, ...asked];
	}

	async #asked(
		database: Database,
		datasets: Datasets,
		tests: readonly ConsumerTest[],
	): Promise<Finding[]> {
		const settings = `set local search_path to asked; set local statement_timeout to ${this.#statementMs}`;
		await database.query(`begin; create schema asked; ${settings}`);
		const read = new Set(tests.flatMap(({ reads }) => reads.map(({ dataset }) => dataset)));
		for (const domain of new Set([...read].map((name) => domainOf(name))))
			await database.query(`create schema ${quoted(domain)}`);
		for (const name of read) await database.query(loadSql(name, datasets.get(name)!));
		await this.#reach("asking");
		const findings: Finding[] = [];
		const made: { test: ConsumerTest; place: number }[] = [];
		for (const [place, test] of tests.entries()) {
			const found = await viewFindings(database, settings, test, place);
			findings.push(...found);
			if (found.length === 0) made.push({ test, place });
		}
		if (made.length === 0) return findings;
		const lines = rowsOf<LineageRow>(await database.query(lineageSql));
		const whole = rowsOf<{ view: string }>(await database.query(wholeRowsSql));
		for (const { test, place } of made) {
			const isOwn = ({ view }: { view: string }) => view.split("_")[0] === `q${place}`;
			const reads = readFindings(test, lines.filter(isOwn), whole.some(isOwn));
			findings.push(...reads);
			if (reads.length === 0)
				findings.push(...(await answerFindings(database, settings, test, place)));
		}
		return findings;
	}
}

function domainOf(dataset: string): string {
	return dataset.split(".")[0]!;
}

/** What a test says that it reads, held against what is published. */
function structureFindings(
	{ consumer, query, reads }: ConsumerTest,
	datasets: Datasets,
): Finding[] {
	return reads.flatMap(({ dataset, columns }) => {
		const published = datasets.get(dataset);
		if (published === undefined)
			return [
				{
					place: [consumer, query, dataset],
					rule: "presence",
					why: `${consumer} reads it, and nobody publishes it`,
				},
			];
		const types = new Map(published.columns.map(({ name, type }) => [name, type]));
		return [...columns].flatMap(([column, type]): Finding[] => {
			const found = types.get(column);
			const place = [consumer, query, dataset, column];
			if (found === undefined)
				return [
					{
						place,
						rule: "presence",
						why: `${consumer} reads it, and the contract has no such column`,
					},
				];
			return found === type
				? []
				: [{ place, rule: "type", why: `${consumer} reads it as ${type}, and it is ${found}` }];
		});
	});
}

/** With its key, which tests look rows up by. */
function loadSql(name: string, { columns, key, rows }: Dataset): string {
	const table = name.split(".").map(quoted).join(".");
	const list = [
		...columns.map((column) => `${quoted(column.name)} ${column.type}`),
		...(key.length === 0 ? [] : [`unique (${key.map(quoted).join(", ")})`]),
	].join(", ");
	return `create table ${table} (${list}); insert into ${table} select * from json_populate_recordset(null::${table}, ${literal(rows)})`;
}

/** Makes a view of the query, and one of each expectation: what can't be a view is no query of one's own. */
async function viewFindings(
	database: Database,
	settings: string,
	{ consumer, query, sql, expect }: ConsumerTest,
	place: number,
): Promise<Finding[]> {
	const views = [
		{ name: `q${place}`, sql, at: [consumer, query], rule: "runs" },
		...expect.map((one, n) => ({
			name: `q${place}_${n}`,
			sql: `select (${bare(one.query)})::float8 as value`,
			at: [consumer, query],
			rule: one.name,
		})),
	];
	const make = (some: typeof views) =>
		database.query(
			`${settings}; savepoint views; ${some.map((view) => executed(`create view ${quoted(view.name)} as ${bare(view.sql)}`)).join("; ")}`,
		);
	try {
		await make(views);
		return [];
	} catch (error) {
		findingOf(error, [], "");
		await database.query("rollback to savepoint views");
	}
	// One by one, to know which of them it is.
	const findings: Finding[] = [];
	for (const view of views)
		try {
			await make([view]);
		} catch (error) {
			findings.push(findingOf(error, view.at, view.rule));
			await database.query("rollback to savepoint views");
		}
	return findings;
}

/** A test says what it reads, no more and no less: by that, publishers know whom they would break. */
function readFindings(
	{ consumer, query, reads }: ConsumerTest,
	lines: readonly LineageRow[],
	isWhole: boolean,
): Finding[] {
	const finding = (place: string[], why: string) => ({
		place: [consumer, query, ...place],
		rule: "reads",
		why,
	});
	if (isWhole) return [finding([], "it reads whole rows: name the columns")];
	const used = new Set(
		lines.flatMap(({ dataset, column }) => (column === null ? [] : [`${dataset} ${column}`])),
	);
	const said = new Set(
		reads.flatMap(({ dataset, columns }) =>
			[...columns.keys()].map((column) => `${dataset} ${column}`),
		),
	);
	return [
		...[...used]
			.filter((one) => !said.has(one))
			.map((one) => ({ one, why: "it is read, and the test does not say so" })),
		...[...said]
			.filter((one) => !used.has(one))
			.map((one) => ({ one, why: "the test says that it is read, and nothing reads it" })),
	].map(({ one, why }) => finding(one.split(" "), why));
}

/** Runs the query and what is expected. */
async function answerFindings(
	database: Database,
	settings: string,
	{ consumer, query, expect }: ConsumerTest,
	place: number,
): Promise<Finding[]> {
	const values = expect.map((_, n) => `(select value from q${place}_${n})`).join(", ");
	const ask = (text: string) => database.query(`${settings}; savepoint answers; ${text}`);
	const at = [consumer, query];
	try {
		const answer = await ask(
			`select array[${values}]::float8[] as values, (select count(t::text) from q${place} as t) as answer`,
		);
		const [row] = rowsOf<{ values: (number | null)[] }>(answer);
		return expect.flatMap((one, n) => judged(at, one, row!.values[n] ?? null));
	} catch (error) {
		findingOf(error, [], "");
		await database.query("rollback to savepoint answers");
	}
	const findings: Finding[] = [];
	const alone = async (text: string, rule: string, judge: (value: number | null) => Finding[]) => {
		try {
			const [row] = rowsOf<{ value: number | null }>(await ask(text));
			findings.push(...judge(row?.value ?? null));
		} catch (error) {
			findings.push(findingOf(error, at, rule));
			await database.query("rollback to savepoint answers");
		}
	};
	await alone(`select count(t::text)::float8 as value from q${place} as t`, "runs", () => []);
	for (const [n, one] of expect.entries())
		await alone(`select value from q${place}_${n}`, one.name, (value) => judged(at, one, value));
	return findings;
}

function judged(place: string[], expectation: Expectation, value: number | null): Finding[] {
	const threshold = thresholdOf(expectation);
	if (threshold === null)
		return [{ place, rule: expectation.name, why: "it does not say what the number has to be" }];
	return value !== null && threshold.holds(value)
		? []
		: [{ place, rule: expectation.name, why: `it is ${value}, and has to be ${threshold.wanted}` }];
}

/** Without what would end the statement that it is part of. */
function bare(sql: string): string {
	return sql.trim().replace(/;$/, "");
}
