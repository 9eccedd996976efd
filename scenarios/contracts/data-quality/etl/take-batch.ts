import { saleColumns, stagingTable } from "./tables.ts";
import { errorText, type Question, type Verdict } from "./verdict.ts";

/** Runs a statement. */
export type Query = (
	text: string,
	values?: unknown[],
) => Promise<{ rows: Record<string, unknown>[] }>;

/** With what a batch is taken: where it is read, where it is staged and loaded, and who looks at it between. */
export interface Ports {
	source: Query;
	target: Query;
	validate(question: Question): Promise<Verdict>;
}

/** Between what is done with a batch, where it can be interrupted: told as the loader comes to each. */
export type EtlStep = (typeof etlSteps)[number];
export const etlSteps = ["staged", "validated", "decided", "committed"] as const;
export type Reach = (step: EtlStep) => Promise<void>;

/** What became of a batch. `again`: it had been decided before, and this time nothing was done. */
export type Taken =
	| { kind: "loaded"; again: boolean; ms: Times }
	| { kind: "rejected"; again: boolean; error: string; page: string; ms: Times }
	/** Nothing of it is anywhere but in staging: take it once more. */
	| { kind: "none"; reason: string };

/** Milliseconds of each part; none of those were needed for a batch that was decided before. */
export type Times = { stage: number; validate: number; page: number; decide: number } | null;

/**
 * Claims a batch, stages it, has it validated, and then loads it or puts it in quarantine, in one transaction with the line
 * that says so. Whoever is killed anywhere between has done nothing, or all of it; and a batch that comes twice is taken once.
 * The claim is a lock of the target's session, which is also the one that decides: it ends with who holds it, and not before.
 */
export async function takeBatch(
	batch: number,
	{ source, target, validate }: Ports,
	reach: Reach = async () => {},
): Promise<Taken> {
	const beganMs = performance.now();
	const claim = await claimBatch(target, batch);
	if (claim.kind === "not") return claim.taken;
	const delivery = await deliveryOf(source, batch);
	if (delivery === null) return { kind: "none", reason: `nobody has handed batch ${batch} over` };
	const table = stagingTable(batch, claim.attempt);
	await stageBatch(source, target, batch, table);
	await reach("staged");
	const stage = performance.now() - beganMs;
	const verdict = await validate({ batch, table, ...delivery });
	await reach("validated");
	if (verdict.kind === "none") return verdict;
	const judgedMs = performance.now();
	await decide(target, batch, table, verdict, reach);
	const ms = { stage, ...verdict.ms, decide: performance.now() - judgedMs };
	return verdict.kind === "passed"
		? { kind: "loaded", again: false, ms }
		: {
				kind: "rejected",
				again: false,
				error: errorText(verdict.findings),
				page: verdict.page,
				ms,
			};
}

type Claim = { kind: "not"; taken: Taken } | { kind: "claimed"; attempt: number };

async function claimBatch(target: Query, batch: number): Promise<Claim> {
	const lock = await target("select pg_try_advisory_lock(hashtext('etl.batches'), $1) as mine", [
		batch,
	]);
	if (lock.rows[0]!.mine !== true)
		return { kind: "not", taken: { kind: "none", reason: "somebody else is at it" } };
	const { rows } = await target(
		`insert into etl.batches (batch, attempt, state) values ($1, 1, 'claimed')
			on conflict (batch) do update set attempt = etl.batches.attempt + (etl.batches.state = 'claimed')::integer
			returning attempt, state`,
		[batch],
	);
	const { attempt, state } = rows[0]!;
	if (state === "claimed") return { kind: "claimed", attempt: Number(attempt) };
	return { kind: "not", taken: await decidedAs(target, batch, String(state)) };
}

async function decidedAs(target: Query, batch: number, state: string): Promise<Taken> {
	if (state === "loaded") return { kind: "loaded", again: true, ms: null };
	const { rows } = await target("select error, page from quarantine.batches where batch = $1", [
		batch,
	]);
	const { error, page } = rows[0]!;
	return { kind: "rejected", again: true, error: String(error), page: String(page), ms: null };
}

/** What was said of a batch when it was handed over; null where nobody has. */
export async function deliveryOf(
	source: Query,
	batch: number,
): Promise<{ day: string; rowCount: number } | null> {
	const { rows } = await source(
		`select day::text, row_count as "rowCount" from source.deliveries where batch = $1`,
		[batch],
	);
	return (rows[0] ?? null) as { day: string; rowCount: number } | null;
}

const rowsAtOnce = 5_000;

/** The rows of a batch as a table of their own, as the source has them. */
export async function stageBatch(
	source: Query,
	target: Query,
	batch: number,
	table: string,
): Promise<void> {
	await target(`drop table if exists staging.${table}`);
	await target(`create table staging.${table} (like staging.shape)`);
	for (let line = 0; ; line += rowsAtOnce) {
		const { rows } = await source(
			`select count(*)::integer as count, coalesce(jsonb_agg(to_jsonb(sale) order by line), '[]')::text as sales
				from source.sales as sale where batch = $1 and line >= $2 and line < $3`,
			[batch, line, line + rowsAtOnce],
		);
		const { count, sales } = rows[0]!;
		if (count === 0) return;
		await target(
			`insert into staging.${table} select * from jsonb_populate_recordset(null::staging.shape, $1::jsonb)`,
			[sales],
		);
	}
}

type Decision = Exclude<Verdict, { kind: "none" }>;

/** Carries the verdict out. */
async function decide(
	target: Query,
	batch: number,
	table: string,
	verdict: Decision,
	reach: Reach,
): Promise<void> {
	await target("begin");
	for (const statement of outcomeSql(batch, table, verdict)) await target(...statement);
	await target("select etl.drop_staged($1)", [batch]);
	await reach("decided");
	await target("commit");
	await reach("committed");
}

type Statement = [text: string, values?: unknown[]];

function outcomeSql(batch: number, table: string, verdict: Decision): Statement[] {
	const copy = (into: string): Statement => [
		`insert into ${into} (batch, ${saleColumns}) select $1, ${saleColumns} from staging.${table}`,
		[batch],
	];
	switch (verdict.kind) {
		case "passed":
			return [
				copy("warehouse.sales"),
				["update etl.batches set state = 'loaded' where batch = $1", [batch]],
			];
		case "blocked":
			return [
				copy("quarantine.sales"),
				[
					"insert into quarantine.batches values ($1, $2, $3)",
					[batch, errorText(verdict.findings), verdict.page],
				],
				[
					"update etl.batches set state = 'rejected', findings = $2 where batch = $1",
					[batch, JSON.stringify(verdict.findings)],
				],
			];
		default:
			return verdict satisfies never;
	}
}
