import t from "tap";
import { judge } from "../../../daemon/host/judge.ts";
import { judgeRun } from "../../../daemon/runs/verdict.ts";
import type { OutcomeKind } from "../../../load/outcome.ts";
import { summarize } from "../../../load/summary.ts";
import type { Facts } from "../../../scenarios/facts.ts";
import outage from "../../../scenarios/failure-modes/downstream-outage.scenario.ts";
import {
	evidenceOf,
	expectedOf,
	type FoundRow,
	type Seen,
} from "../../../scenarios/failure-modes/evidence.ts";
import { refusedRule } from "../../../scenarios/failure-modes/judgement.ts";
import { countAttempts } from "../../../scenarios/failure-modes/pipeline/attempts.ts";
import { publicationOf, transform } from "../../../scenarios/failure-modes/pipeline/steps.ts";
import { sourceRows } from "../../../scenarios/failure-modes/source.ts";
import { resolveParams } from "../../../scenarios/params.ts";
import type { AnyScenario } from "../../../scenarios/scenario.ts";

const scenario = outage as unknown as AnyScenario;
const rowsPerBatch = 4;
const seed = 3;

interface History extends Seen {
	refusedFired: number;
	kills: number;
	recovery: Facts["recovery"];
	straddlingCount?: number;
	steadyP50Ms: number;
}

const batches = Array.from({ length: 10 }, (_, n) => n);
const sinkRows = (batch: number) => sourceRows(seed, batch, rowsPerBatch).map(transform);
const rowsOf = (batch: number): FoundRow[] =>
	sinkRows(batch).map(({ line, customer, netCents, vatCents }) => ({
		...{ batch, line, customer, net_cents: netCents, vat_cents: vatCents },
	}));
const orderOf = (batch: number) => {
	const { orderId, amountCents } = publicationOf(batch, sinkRows(batch));
	return { order_id: orderId, amount_cents: amountCents };
};
const attemptsOf = (list: readonly number[]) =>
	countAttempts(list.map((n) => `${n} extract\n${n} load\n${n} publish\n${n} taken\n`).join(""));

/** Nine batches published, the tenth refused as a whole. */
const good: History = {
	told: new Map(batches.map((n) => [n, n === 9 ? "fail" : "ok"])),
	rows: batches.slice(0, 9).flatMap(rowsOf),
	orders: batches.slice(0, 9).map(orderOf),
	attempts: attemptsOf(batches),
	publishReceived: 10,
	refusedFired: 1,
	kills: 0,
	recovery: { mttrMs: 1_500, afterHealMs: 500, censored: false },
	steadyP50Ms: 120,
};

async function factsOf(history: History): Promise<Facts> {
	const schema = JSON.parse(JSON.stringify(outage.params));
	const { params } = resolveParams({ schema, sizes: {}, guarded: true }, { seed, rowsPerBatch });
	const summary = summarize([], { fromMs: 0, toMs: 1_000 });
	const response_us = { ...summary.response_us, p50: 1_000 * history.steadyP50Ms };
	const phase = (name: "all" | "steady" | "faulting" | "recovering", due: number, ok: number) => ({
		...{ name: "batches", phase: name, counters: {} },
		summary: { ...summary, response_us, due_count: due, started_count: due, ok_count: ok },
	});
	return {
		...{ params, case: null, phases: [], recovery: history.recovery },
		straddlingCount: history.straddlingCount ?? 0,
		loads: [
			...[phase("all", 10, 8), phase("steady", 2, 1)],
			...[phase("faulting", 5, 4), phase("recovering", 3, 3)],
		],
		faults: Array.from({ length: history.kills }, () => ({ kind: "kill" })) as Facts["faults"],
		alerts: [
			{ rule: refusedRule, firedMs: Array.from({ length: history.refusedFired }, () => 1) },
		] as unknown as Facts["alerts"],
		observed: await evidenceOf(history, rowsPerBatch),
		expected: await expectedOf(history.told, seed, rowsPerBatch),
	};
}

async function failedChecks(history: History): Promise<string[]> {
	const { checks } = judge(scenario, await factsOf(history), null);
	t.same(
		checks.filter(({ outcome }) => outcome === "threw"),
		[],
		"no check threw",
	);
	return checks.filter(({ outcome }) => outcome !== "held").map(({ id }) => id);
}

t.test("a good history passes every check", async (t) => {
	t.same(await failedChecks(good), []);
	const { checks } = judge(scenario, await factsOf(good), null);
	t.equal(checks.length, 9);
	t.equal(judgeRun(checks, []).verdict, "passed");
});

t.test("each kind of damage is caught by the check that is there for it", async (t) => {
	const told = (n: number, outcome: OutcomeKind) => new Map([...good.told, [n, outcome]]);
	const altered = good.rows.with(2, { ...good.rows[2]!, customer: "somebody else" });
	const wrongTotal = good.orders.with(1, { ...good.orders[1]!, amount_cents: 1 });
	const bad: [damage: Partial<History>, failed: string[], why: string][] = [
		[
			{ rows: good.rows.slice(1) },
			["rows-exactly-once", "nothing-partial", "source-and-sink-agree"],
			"a row is lost, and the batch is published all the same",
		],
		[
			{ rows: [...good.rows, good.rows[0]!] },
			["rows-exactly-once", "source-and-sink-agree"],
			"a row is there twice",
		],
		[
			{ rows: [...good.rows, ...rowsOf(9)] },
			["rows-exactly-once", "nothing-partial"],
			"the rows of a refused batch are there",
		],
		[{ rows: altered }, ["source-and-sink-agree"], "a value is not the source's"],
		[
			{ orders: [...good.orders, orderOf(3)] },
			["orders-exactly-once", "source-and-sink-agree"],
			"a batch is published twice",
		],
		[
			{ orders: good.orders.slice(1) },
			["orders-exactly-once", "nothing-partial", "source-and-sink-agree"],
			"a batch that was told as published is not",
		],
		[
			{ orders: [...good.orders, orderOf(9)] },
			["orders-exactly-once", "nothing-partial"],
			"a refused batch is published, with none of its rows",
		],
		[
			{ orders: wrongTotal },
			["nothing-partial", "source-and-sink-agree"],
			"a total that its rows do not make",
		],
		[
			{ told: told(8, "unknown") },
			["each-batch-answered"],
			"nobody was told how a batch ended, and it is there",
		],
		[{ told: told(9, "unknown") }, ["each-batch-answered"], "the same, and it is not there"],
		[
			{ told: told(8, "unknown"), orders: good.orders.slice(0, -1) },
			["each-batch-answered"],
			"the same, and it is on its way to the order service",
		],
		[
			{ told: told(8, "unknown"), rows: good.rows.slice(0, -1) },
			["nothing-partial", "each-batch-answered"],
			"the same, and it is published in part",
		],
		[
			{ attempts: { made: 46, needed: 30, publish: 10, taken: 10 } },
			["retry-amplification"],
			"more than 1.5 tries per step",
		],
		[{ publishReceived: 11 }, ["attempts-agree"], "a try that the worker did not note"],
		[{ publishReceived: 9 }, ["attempts-agree"], "a try that never arrived"],
		[
			{ publishReceived: 9, kills: 1 },
			["attempts-agree"],
			"the same where a worker was killed, and each try was answered",
		],
		[
			{ attempts: { ...good.attempts, publish: 11, taken: 11 } },
			["attempts-agree"],
			"a try that is said to be answered, and never arrived",
		],
		[
			{ attempts: { ...good.attempts, publish: 11 }, kills: 1 },
			[],
			"a try that a killed worker took with it, made again",
		],
		[
			{ attempts: { ...good.attempts, publish: 11 } },
			[],
			"a try that was given up before it had left, made again",
		],
		[
			{ attempts: { ...good.attempts, publish: 11 }, publishReceived: 11 },
			[],
			"one that was given up after it had left",
		],
		[{ refusedFired: 0 }, ["what-cannot-recover-is-told"], "nobody hears of a refused batch"],
		[
			{ recovery: { mttrMs: 1, afterHealMs: 1, censored: true } },
			["recovers-in-time"],
			"still not steady",
		],
		[{ recovery: null }, ["recovers-in-time"], "nothing was broken, so nothing was recovered"],
	];
	for (const [damage, failed, why] of bad)
		t.same(await failedChecks({ ...good, ...damage }), failed, why);
});

t.test("what is missing of a batch is said", async (t) => {
	const { observed } = await factsOf({ ...good, rows: good.rows.slice(1) });
	t.match(observed, { partial: { count: 1, first: ["batch-0: published with 3 of 4 rows"] } });
});

t.test("the metrics say what the checks look at, in numbers", async (t) => {
	const metricsOf = async (history: History) =>
		Object.fromEntries(
			judge(scenario, await factsOf(history), null).metrics.map(({ name, value }) => [name, value]),
		);
	t.same(await metricsOf(good), {
		retry_amplification: 1,
		rows_lost_count: 0,
		rows_duplicated_count: 0,
		batches_partial_count: 0,
		batches_refused_pct: 10,
		auto_recovery_pct: 87.5,
	});
	const damaged = { ...good, rows: [...good.rows.slice(2), good.rows[5]!] };
	t.match(await metricsOf(damaged), {
		...{ rows_lost_count: 2, rows_duplicated_count: 1, batches_partial_count: 1 },
	});
});
