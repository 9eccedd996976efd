import t from "tap";
import { judge } from "../../../../daemon/host/judge.ts";
import { judgeRun } from "../../../../daemon/judgement/verdict.ts";
import type { OutcomeKind } from "../../../../load/outcome.ts";
import { summarize } from "../../../../load/summary.ts";
import type { Facts } from "../../../../scenarios/contract/facts.ts";
import { resolveParams } from "../../../../scenarios/contract/params.ts";
import type { Scenario } from "../../../../scenarios/contract/scenario.ts";
import outage from "../../../../scenarios/failing/failure-modes/downstream-outage.scenario.ts";
import {
	evidenceOf,
	expectedOf,
	type FoundRow,
	type Seen,
} from "../../../../scenarios/failing/failure-modes/evidence.ts";
import { countAttempts } from "../../../../scenarios/failing/failure-modes/pipeline/attempts.ts";
import {
	publicationOf,
	transform,
} from "../../../../scenarios/failing/failure-modes/pipeline/steps.ts";
import { sourceRows } from "../../../../scenarios/failing/failure-modes/source.ts";
import { numbersIn } from "../../numbers-in.ts";

const scenario = outage as unknown as Scenario;
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
		batch,
		line,
		customer,
		net_cents: netCents,
		vat_cents: vatCents,
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
	times: new Map(),
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
		name: "batches",
		phase: name,
		counters: {},
		summary: { ...summary, response_us, due_count: due, started_count: due, ok_count: ok },
	});
	return {
		params,
		case: null,
		phases: [],
		recovery: history.recovery,
		straddlingCount: history.straddlingCount ?? 0,
		loads: [
			phase("all", 10, 8),
			phase("steady", 2, 1),
			phase("faulting", 5, 4),
			phase("recovering", 3, 3),
		],
		faults: Array.from({ length: history.kills }, () => ({ kind: "kill" })) as Facts["faults"],
		alerts: [
			{ rule: "another", firedMs: [1, 2, 3] },
			{ rule: "batches-refused", firedMs: Array.from({ length: history.refusedFired }, () => 1) },
		] as unknown as Facts["alerts"],
		observed: await evidenceOf(history, rowsPerBatch),
		expected: await expectedOf(history.told, seed, rowsPerBatch),
	};
}

async function failedChecks(history: History): Promise<string[]> {
	const { checks } = judge(scenario.judgement, await factsOf(history), null);
	t.same(
		checks.filter(({ outcome }) => outcome === "threw"),
		[],
		"no check threw",
	);
	return checks.filter(({ outcome }) => outcome !== "held").map(({ id }) => id);
}

t.test("a good history passes every check", async (t) => {
	t.same(await failedChecks(good), []);
	const { checks } = judge(scenario.judgement, await factsOf(good), null);
	t.equal(judgeRun(checks, []).verdict, "passed");
	t.same(
		checks.map(({ id, kind, shapedBy, message }) => [id, kind, shapedBy, numbersIn(message)]),
		[
			["rows-exactly-once", "correctness", null, [36, 0, 0, 0]],
			["orders-exactly-once", "correctness", null, [9, 0, 0, 0]],
			["source-and-sink-agree", "correctness", null, [36, 36]],
			["attempts-agree", "correctness", null, [10, 10, 10]],
			["retry-amplification", "correctness", "timing", [1, 1.5]],
			["recovers-in-time", "performance", "timing", [500]],
			["nothing-partial", "correctness", null, []],
			["each-batch-answered", "correctness", "timing", [9, 1, 0]],
			["what-cannot-recover-is-told", "correctness", "timing", [1, 1]],
		],
		"each says of how many",
	);
	t.match(checks[6]?.message, /as a whole/);
	t.match(checks[2]?.message, /agree$/);
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
		t.same((await failedChecks({ ...good, ...damage })).sort(), failed.toSorted(), why);
});

t.test("what is lost or doubled is named with the times of its batch", async (t) => {
	const at = (n: number) => ({
		intendedMs: 100 * n,
		startedMs: 100 * n + 1,
		endedMs: 100 * n + 50,
	});
	const history = {
		...good,
		times: new Map(batches.map((n) => [n, at(n)])),
		rows: [...good.rows.slice(1), good.rows[9]!],
		orders: good.orders.slice(0, -1),
	};
	const { rows, orders } = await evidenceOf(history, rowsPerBatch);
	t.same(rows.times, { "0/0": at(0), "2/1": at(2) });
	t.same(orders.times, { "batch-8": at(8) });
});

t.test("what fails says what was wanted, what was seen, and how much of it", async (t) => {
	const none = { lost: 0, doubled: 0, phantom: 0 };
	const rows: [Partial<History>, id: string, wanted: unknown, seen: unknown, numbers: number[]][] =
		[
			[
				{ rows: [...good.rows.slice(3), good.rows[5]!, ...rowsOf(9)] },
				"rows-exactly-once",
				none,
				{ lostCount: 3, doubledCount: 1, phantomCount: 4 },
				[36, 3, 1, 4],
			],
			[
				{ orders: [...good.orders.slice(2), orderOf(3), orderOf(3), orderOf(3), orderOf(9)] },
				"orders-exactly-once",
				none,
				{ lostCount: 2, doubledCount: 3, phantomCount: 1 },
				[9, 2, 3, 1],
			],
			[{ rows: good.rows.slice(1, -1) }, "nothing-partial", 0, 2, [2, 0, 3, 4]],
			[
				{ rows: good.rows.slice(1) },
				"source-and-sink-agree",
				{ count: 36, checksums: [/^[0-9a-f]{16}$/, /^[0-9a-f]{16}$/] },
				{ count: 35, checksums: [/^[0-9a-f]{16}$/, /^[0-9a-f]{16}$/] },
				[35, 36],
			],
			[
				{ told: new Map([...good.told, [7, "unknown"], [8, "unknown"]]) },
				"each-batch-answered",
				0,
				2,
				[7, 1, 2],
			],
			[
				{ attempts: { made: 48, needed: 30, publish: 10, taken: 10 } },
				"retry-amplification",
				{ atMost: 1.5 },
				1.6,
				[1.6, 1.5],
			],
			[
				{ attempts: { ...good.attempts, publish: 14, taken: 12 } },
				"attempts-agree",
				{ atLeast: 12, atMost: 14 },
				10,
				[14, 12, 10],
			],
			[{ refusedFired: 0 }, "what-cannot-recover-is-told", true, false, [1, 0]],
		];
	for (const [damage, id, expected, actual, numbers] of rows) {
		const { checks } = judge(scenario.judgement, await factsOf({ ...good, ...damage }), null);
		const check = checks.find((check) => check.id === id);
		t.match(check, { outcome: "failed", expected, actual }, id);
		t.same(numbersIn(check?.message), numbers, `${id}: ${check?.message}`);
		if (id === "source-and-sink-agree") t.match(check?.message, /differ$/);
	}
});

t.test("an alert that nobody needed may be silent, and another rule's is none", async (t) => {
	const told = async (given: Partial<History>, alerts?: Facts["alerts"]) => {
		const facts = await factsOf({ ...good, ...given });
		const { checks } = judge(
			scenario.judgement,
			alerts === undefined ? facts : { ...facts, alerts },
			null,
		);
		return checks.find(({ id }) => id === "what-cannot-recover-is-told");
	};
	const whole = { told: new Map([...good.told].slice(0, 9)) };
	t.match(await told({ ...whole, refusedFired: 0 }), { ok: true, expected: false, actual: false });
	t.match(await told({}), { ok: true, expected: true, actual: true });
	t.match(await told({}, []), { outcome: "failed", actual: false }, "there is no such rule");
});

t.test("a batch at a fault's edge may have been answered and spared two tries", async (t) => {
	const told = new Map(good.told).set(8, "unknown");
	const tries = (made: number) => ({ attempts: { ...good.attempts, made, needed: 30 } });
	const rows: [given: Partial<History>, id: string, ok: boolean, actual: number, why: string][] = [
		[{ told, straddlingCount: -1 }, "each-batch-answered", true, 1, "the one that is open"],
		[{ told, straddlingCount: 1 }, "each-batch-answered", false, 1, "more can't help it"],
		[{ straddlingCount: 3 }, "each-batch-answered", true, 0, "what was answered was answered"],
		[{ ...tries(45) }, "retry-amplification", true, 1.5, "as many as are allowed"],
		[{ ...tries(46), straddlingCount: -2 }, "retry-amplification", true, 1.4, "four spared"],
		[{ ...tries(44), straddlingCount: 2 }, "retry-amplification", false, 1.6, "four more"],
	];
	for (const [given, id, ok, actual, why] of rows) {
		const { checks } = judge(scenario.judgement, await factsOf({ ...good, ...given }), null);
		const check = checks.find((check) => check.id === id);
		t.equal(check?.ok, ok, why);
		t.ok(Math.abs(Number(check?.actual) - actual) < 1e-9, `${why}: ${check?.actual}`);
	}
	const answered = async (batches: Record<OutcomeKind, number>, straddlingCount: number) => {
		const facts = await factsOf({ ...good, straddlingCount });
		const observed = { ...(facts.observed as object), batches };
		const { checks } = judge(scenario.judgement, { ...facts, observed }, null);
		return checks.find(({ id }) => id === "each-batch-answered")?.outcome;
	};
	t.equal(await answered({ ok: 5, fail: 5, unknown: 0 }, 0), "held", "half of them refused");
	t.equal(await answered({ ok: 4, fail: 1, unknown: 5 }, -5), "held", "half of them open");
});

t.test("an older record says what was published again, not what was answered", async (t) => {
	const judged = async (publishReceived: number) => {
		const facts = await factsOf({ ...good, publishReceived });
		const attempts = { made: 31, needed: 30, publish: 11, republished: 1 };
		const observed = { ...(facts.observed as object), attempts };
		const { checks } = judge(scenario.judgement, { ...facts, observed }, null);
		return checks.find(({ id }) => id === "attempts-agree");
	};
	t.match(await judged(10), { outcome: "held", expected: { atLeast: 10, atMost: 11 } });
	t.match(await judged(9), { outcome: "failed" });
});

t.test("what is missing of a batch is said", async (t) => {
	const { observed } = await factsOf({ ...good, rows: good.rows.slice(1) });
	t.match(observed, { partial: { count: 1, first: ["batch-0: published with 3 of 4 rows"] } });
});

t.test("the metrics say what the checks look at, in numbers", async (t) => {
	const { metrics } = judge(scenario.judgement, await factsOf(good), null);
	const exact = ["count", "lower", "exact"];
	t.same(
		metrics.map(({ name, unit, direction, portability }) => [name, unit, direction, portability]),
		[
			["rows_lost_count", ...exact],
			["rows_duplicated_count", ...exact],
			["retry_amplification", "ratio", "lower", "bounded"],
			["batches_partial_count", ...exact],
			["batches_refused_pct", "pct", "lower", "bounded"],
			["auto_recovery_pct", "pct", "higher", "bounded"],
		],
	);
	const metricsOf = async (history: History) =>
		Object.fromEntries(
			judge(scenario.judgement, await factsOf(history), null).metrics.map(({ name, value }) => [
				name,
				value,
			]),
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
		rows_lost_count: 2,
		rows_duplicated_count: 1,
		batches_partial_count: 1,
	});
	const outcomes: [number, OutcomeKind][] = [
		...[...good.told.keys()].slice(0, 5).map((n): [number, OutcomeKind] => [n, "ok"]),
		...([
			[5, "fail"],
			[6, "fail"],
			[7, "unknown"],
		] satisfies [number, OutcomeKind][]),
	];
	t.equal((await metricsOf({ ...good, told: new Map(outcomes) })).batches_refused_pct, 25);
});
