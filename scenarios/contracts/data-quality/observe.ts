import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { codeOf, type HookContext, withPostgres } from "faultline";
import { docsIndex } from "./docs-index.ts";
import { customersSql, sourceSql, targetSql } from "./etl/tables.ts";
import { type Finding, ruleId } from "./etl/verdict.ts";
import type { P } from "./params.ts";
import type { Observed } from "./record.ts";
import { digestsSql, noRows } from "./sales/columns.ts";
import { customersOf } from "./sales/sale.ts";
import { smallerFrom, type TrialReceipt } from "./trial.ts";

type Ctx = HookContext<P, "postgres", unknown, "batches" | "reads", "validator" | "loader">;

type Rows = (text: string, values?: unknown[]) => Promise<{ rows: Record<string, unknown>[] }>;

/** The tables of shop and warehouse, with the customers that the warehouse knows. */
export async function arrange({ direct, params }: Pick<Ctx, "direct" | "params">): Promise<void> {
	await withPostgres(direct, (client) =>
		arrangeTables((text, values) => client.query(text, values), params.seed),
	);
}

export async function arrangeTables(query: Rows, seed: number): Promise<void> {
	for (const statement of [...sourceSql, ...targetSql]) await query(statement);
	const { text, values } = customersSql(customersOf(seed));
	await query(text, values);
}

/** What is in warehouse and quarantine, and what anybody has seen of it. */
export async function observe(ctx: Ctx): Promise<Observed> {
	const receipts: TrialReceipt[] = [];
	for await (const { receipt } of ctx.journal("batches"))
		if (receipt !== null) receipts.push(JSON.parse(receipt) as TrialReceipt);
	receipts.sort((a, b) => a.batch - b.batch);
	const seen: string[] = [];
	for await (const { receipt } of ctx.journal("reads")) if (receipt !== null) seen.push(receipt);
	const stored = await withPostgres(ctx.direct, (client) =>
		storedIn((text, values) => client.query(text, values)),
	);
	const folder = join(ctx.subjectFolder("validator"), "pages");
	ctx.keep("data-docs", folder, { "index.html": docsIndex(stored.quarantined) });
	return {
		receipts,
		...stored,
		pages: pagesIn(folder),
		reads: readsOf(seen),
		readsCount: seen.length,
		validatorStartMs: await startOf(ctx.subject("validator"), ctx.signal),
	};
}

type Stored = Pick<Observed, "loaded" | "quarantined" | "decided" | "leftInStaging">;

/** Without the smaller forms of what slipped through: those are no batches of the run. */
export async function storedIn(query: Rows): Promise<Stored> {
	const ofRun = <T extends { batch: unknown }>(rows: T[]) =>
		rows.filter(({ batch }) => Number(batch) < smallerFrom);
	const rowsOf = async (text: string) => ofRun((await query(text)).rows as { batch: unknown }[]);
	const digests = async (table: string) => (await rowsOf(digestsSql(table))) as Stored["loaded"];
	const rejected = (await rowsOf(
		"select batch, error, page from quarantine.batches order by batch",
	)) as { batch: number; error: string; page: string }[];
	const inQuarantine = new Map(
		(await digests("quarantine.sales")).map(({ batch, digest }) => [batch, digest]),
	);
	const decided = (await rowsOf(
		"select batch, state, findings from etl.batches order by batch",
	)) as unknown as { batch: number; state: string; findings: Finding[] }[];
	const { rows: staged } = await query(
		`select relname as name from pg_class where relnamespace = 'staging'::regnamespace
			and relkind = 'r' and relname <> 'shape' order by relname`,
	);
	return {
		loaded: await digests("warehouse.sales"),
		quarantined: rejected.map((one) => ({ ...one, digest: inQuarantine.get(one.batch) ?? noRows })),
		decided: decided.map(({ batch, state, findings }) => ({
			batch,
			state,
			broken: findings.map(ruleId).sort(),
		})),
		leftInStaging: staged.map(({ name }) => String(name)),
	};
}

/** Whether each page has come to its end, and which columns it is about. */
export function pagesIn(folder: string): Observed["pages"] {
	return filesIn(folder)
		.filter((name) => name.endsWith(".html"))
		.map((page) => {
			const html = readFileSync(join(folder, page), "utf8");
			return { page, isWhole: html.trimEnd().endsWith("</html>"), named: wordsOf(html) };
		});
}

function filesIn(folder: string): string[] {
	try {
		return readdirSync(folder).sort();
	} catch (error) {
		// No batch was rejected.
		if (codeOf(error) === "ENOENT") return [];
		throw error;
	}
}

const places =
	/\b(?:order_id|customer_id|customer_name|email|country|ship_country|sku|quantity|unit_price_cents|parcel_grams|ordered_at)\b/g;

function wordsOf(html: string): string[] {
	return [...new Set(html.match(places) ?? [])].sort();
}

/** What consumers read, by batch: each count of rows that was seen. */
export function readsOf(seen: readonly string[]): Observed["reads"] {
	const counts = new Map<string, number>();
	for (const pair of seen.flatMap((text) => (text === "" ? [] : text.split(","))))
		counts.set(pair, (counts.get(pair) ?? 0) + 1);
	return [...counts].flatMap(([pair, count]) => {
		const [batch = 0, rowCount = 0] = pair.split(":").map(Number);
		return batch < smallerFrom ? [{ batch, rowCount, count }] : [];
	});
}

async function startOf(url: string, signal: AbortSignal): Promise<number | null> {
	const response = await fetch(`${url}/health`, { signal });
	const { startMs } = (await response.json()) as { startMs: number };
	return startMs;
}
