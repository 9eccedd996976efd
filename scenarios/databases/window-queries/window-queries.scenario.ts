import {
	count,
	type FaultSpec,
	fault,
	type HookContext,
	load,
	ms,
	type Params,
	type PhaseName,
	type Phases,
	phaseParams,
	phasesOf,
	scenario,
	withPostgres,
} from "faultline";
import {
	type Answer,
	countGiven,
	digestOf,
	type Receipt,
	readReceipt,
	receiptText,
} from "./answers.ts";
import { questionOf, rowsOf, workOf } from "./ask.ts";
import { growthChart, serviceTimeChart } from "./charts.ts";
import { answersEqual, growthAsStated, indexesUsed, rowsEqual, tableComplete } from "./checks.ts";
import { caseMetrics, growthMetrics } from "./metrics.ts";
import { expectedRows } from "./oracle/oracle.ts";
import { ordersOf } from "./orders.ts";
import { valuesFor } from "./parameters.ts";
import { findings, recordedPlans } from "./plans.ts";
import { type QueryFile, readQueries } from "./query-file.ts";
import type { Expected, Observed } from "./record.ts";
import { serviceTimesOf } from "./service-times.ts";
import { loadedFrom, loadedInto, makeTable, schemaFor } from "./table.ts";
import { comparable } from "./text.ts";
import { growthFromRows } from "./work.ts";

const queries = readQueries(new URL("queries/", import.meta.url));

const properties = {
	rows: count(100_000, 1_000, 1_000_000, "rows of the largest table"),
	tables: count(2, 1, 4, "tables, each with a tenth of the rows of the next: a case each"),
	variants: count(3, 1, 10, "sets of parameters of each query"),
	repeats: count(5, 1, 100, "times that the undisturbed work of a query is taken, at least"),
	rowsPerSec: count(
		2_000_000,
		1_000,
		100_000_000,
		"rows of the table × queries offered, per second",
	),
	ratePerSecMax: count(100, 1, 1_000, "most queries offered, per second"),
	connections: count(4, 1, 50, "queries that run at once"),
	workMemKb: count(4_096, 64, 1_048_576, "work_mem of a sort or hash, KiB"),
	latencyMs: ms(30, 1, 10_000, "added to each answer while the link is slow"),
	kills: count(3, 1, 20, "times that all backends are killed, while the link is slow"),
	deadlineMs: ms(10_000, 100, 120_000, "patience with a query"),
	...phaseParams({ warmMs: 1_000, steadyMs: 10_000, recoverLimitMs: 10_000, intervalMs: 500 }),
	faultMs: ms(4_000, 200, 60_000, "time that the link is slow"),
};

type P = Params<typeof properties>;

export default scenario({
	title: "Window queries: ten of them against an oracle, while backends are killed",
	question:
		"Is every row of ten window queries right, also while backends die and the link is slow, and does their time grow as stated?",
	params: properties,
	sizes: {
		small: {
			rows: 10_000,
			variants: 2,
			kills: 1,
			latencyMs: 20,
			warmMs: 75,
			steadyMs: 225,
			faultMs: 400,
			recoverLimitMs: 2_500,
			intervalMs: 75,
		},
		large: { rows: 1_000_000, tables: 3, steadyMs: 20_000, faultMs: 10_000, intervalMs: 1_000 },
	},
	needs: ["postgres"],
	limits: { hookMs: 300_000, memoryMb: 3_000 },

	cases: (p) =>
		Object.fromEntries(
			Array.from({ length: p.tables }, (_, i) => Math.round(p.rows / 10 ** (p.tables - 1 - i))).map(
				(rows) => [`${rows}-rows`, { rows }],
			),
		),

	plan: (p) => {
		const times = timesOf(p);
		return {
			...times,
			paths: { db: "postgres" },
			loads: {
				queries: load({
					arrival: { kind: "constant", ratePerSec: ratePerSec(p) },
					clients: { db: { driver: "postgres", at: "db", connections: p.connections } },
					deadlineMs: p.deadlineMs,
					// As many as there are connections: a query that waits for one has not begun.
					inFlightMax: p.connections,
					journal: true,
					work: async ({ db }, operation) => {
						const { query, variant } = questionNumber(operation.n, p);
						const values = valuesFor(query.id, p.seed, p.rows, variant);
						const begunMs = performance.now();
						const answer = await db.run(questionOf(query, values), operation.signal);
						const serviceUs = Math.round((performance.now() - begunMs) * 1_000);
						const rows = rowsOf(answer);
						return receiptText({
							query: query.id,
							variant,
							phase: operation.phase as PhaseName,
							serviceUs,
							rowCount: rows.length,
							digest: digestOf(rows),
						});
					},
				}),
			},
			steady: [{ load: "queries", signal: "error_pct", is: "below", value: 1 }],
		};
	},

	atScale: {
		growth:
			"Over 2,500 to 1,000,000 orders the exponent of a query's time was 0.04 for running-total, whose customer has no more orders in a larger table, 0.71 for moving-average, 0.77 for gaps-and-islands and 0.83 for period-over-period, which fixed days and months flatten at the small end, and 0.88 to 0.97 for the rest: ten times the rows, ten times the time.",
		breaksFirst:
			"work_mem. At its default of 4 MB, sessionisation (a hash of sessions) and moving-average (a sort) write to disk at 1,000,000 orders and not at 100,000. Next comes the time itself: at 1,000,000 orders most queries take 0.1 to 0.4 s of a core, so that a few asked at once fill them all.",
		replacement:
			"Sums kept as orders come: one row for each day, category and region answers moving-average, gaps-and-islands, period-over-period and share-of-total, however many orders there are. Partitions by month, so that one that is over is read once and its sums are kept; for sessions and cohorts a row for each customer and month; beyond that a column store.",
	},
})
	.arrange(arrange)
	.observe(observe, truth)
	.judge({
		checks: {
			"table-complete": tableComplete,
			"rows-equal": rowsEqual,
			"answers-equal": answersEqual,
			"indexes-used": indexesUsed(queries, recordedPlans),
		},
		metrics: caseMetrics(queries, recordedPlans),
		charts: { "service-time": serviceTimeChart },
	})
	.judgeAll({
		checks: { "growth-as-stated": growthAsStated(queries) },
		metrics: growthMetrics(queries),
		charts: { growth: growthChart },
	});

type Context = HookContext<P, "postgres">;

async function arrange({ direct, names, params: p }: Context): Promise<void> {
	await withPostgres(direct, async (client) => {
		for (const rows of tablesFor(p)) await makeTable(client, ordersOf(p.seed, rows), queries);
		// Of the run's own database: one process for each query, so that its time is its work, and no compiler.
		const settings = {
			search_path: schemaFor(p.rows),
			work_mem: `'${p.workMemKb}kB'`,
			max_parallel_workers_per_gather: "0",
			jit: "off",
		};
		for (const [name, value] of Object.entries(settings))
			await client.query(`alter database ${names.database} set ${name} = ${value}`);
	});
}

/** Every answer once more in quiet, what the load was answered, and the server's own account of the work. */
async function observe({ direct, params: p, journal, log }: Context): Promise<Observed> {
	const receipts: Receipt[] = [];
	for await (const { outcome, receipt } of journal("queries"))
		if (outcome === "ok" && receipt !== null) receipts.push(readReceipt(receipt));
	return withPostgres(direct, async (client) => {
		const version = await client.query<{ major: number }>(
			"select current_setting('server_version_num')::integer / 10000 as major",
		);
		const answers: Answer[] = [];
		for (const { query, variant } of questions(p)) {
			const values = valuesFor(query.id, p.seed, p.rows, variant);
			const answer = await client.query(questionOf(query, values));
			answers.push({ query: query.id, variant, rows: rowsOf(answer) });
		}
		const postgres = version.rows[0]!.major;
		const sizes = tablesFor(p);
		const work = await workOf(client, queries, { seed: p.seed, sizes, repeats: p.repeats });
		for (const finding of findings(recordedPlans, postgres, work)) log(finding);
		return {
			postgres,
			loaded: await loadedInto(client, p.rows),
			answers,
			given: countGiven(receipts),
			serviceTimes: serviceTimesOf(receipts.filter(({ phase }) => phase === "steady")),
			work,
		};
	});
}

/** The orders made again from the seed, and the answers found by plain loops over them: no SQL. */
async function truth({ params: p }: Context): Promise<Expected> {
	const orders = ordersOf(p.seed, p.rows);
	return {
		loaded: loadedFrom(orders),
		answers: questions(p).map(({ query, variant }) => {
			const values = valuesFor(query.id, p.seed, p.rows, variant);
			const rows = expectedRows(query.id, orders, values).map(comparable);
			return { query: query.id, variant, rows };
		}),
	};
}

/** Every query with every set of parameters. */
function questions(p: P): { query: QueryFile; variant: number }[] {
	return queries.flatMap((query) =>
		Array.from({ length: p.variants }, (_, variant) => ({ query, variant })),
	);
}

/** The queries take turns, and after each round their parameters do. */
function questionNumber(n: number, p: P): { query: QueryFile; variant: number } {
	const variant = Math.floor(n / queries.length) % p.variants;
	return { query: queries[n % queries.length]!, variant };
}

/** The case's table, and one of a quarter of it: with a size for each case alone, little tells growth from noise. */
function tablesFor(p: P): number[] {
	const quarter = Math.round(p.rows / 4);
	return quarter < growthFromRows ? [p.rows] : [quarter, p.rows];
}

function ratePerSec(p: P): number {
	return Math.min(p.ratePerSecMax, p.rowsPerSec / p.rows);
}

/** The link is slow all through `faulting`; meanwhile all backends are killed, again and again. */
function timesOf(p: P): { phases: Phases; faults: FaultSpec<"db">[] } {
	const apartMs = p.faultMs / p.kills;
	const kills = Array.from({ length: p.kills }, (_, i) => Math.round((i + 0.3) * apartMs));
	return {
		phases: phasesOf(p),
		faults: [
			{ kind: "latency", on: "db", params: { latencyMs: p.latencyMs }, fromMs: 0, toMs: p.faultMs },
			...kills.map((fromMs) =>
				fault("terminate-backends", "db", {}, { fromMs, toMs: Math.round(fromMs + 0.6 * apartMs) }),
			),
		],
	};
}
