import t from "tap";
import { judge } from "../../../../daemon/host/judge.ts";
import { judgeRun } from "../../../../daemon/judgement/verdict.ts";
import type { OutcomeKind } from "../../../../load/outcome.ts";
import { summarize } from "../../../../load/summary.ts";
import type { Facts } from "../../../../scenarios/contract/facts.ts";
import { resolveParams } from "../../../../scenarios/contract/params.ts";
import type { Scenario } from "../../../../scenarios/contract/scenario.ts";
import { type Order, orderOf } from "../../../../scenarios/failing/retry-storm/orders.ts";
import retryStorm from "../../../../scenarios/failing/retry-storm/retry-storm.scenario.ts";
import { digest } from "../../../../scenarios/kit/digest.ts";
import { exactlyOnce } from "../../../../scenarios/kit/exactly-once.ts";

const scenario = retryStorm as unknown as Scenario;
const rules = {
	schema: JSON.parse(JSON.stringify(retryStorm.params)),
	sizes: JSON.parse(JSON.stringify(retryStorm.sizes)),
	guarded: true,
};
const paramsOf = (given: Record<string, unknown> = {}) => resolveParams(rules, given).params;

/** What clients were told, and the rows that are there. */
interface History {
	told: [n: number, outcome: OutcomeKind][];
	rows: Order[];
	driverAttempts: number;
	downstreamAttempts: number;
	recovery: Facts["recovery"];
	straddlingCount?: number;
}

const orders = (count: number) => Array.from({ length: count }, (_, n) => orderOf(1, n));
const recovered = { mttrMs: 1_500, afterHealMs: 500, censored: false };

/** Nine orders accepted and there, the tenth of unknown fate and there as well. */
const good: History = {
	told: orders(10).map((_, n) => [n, n === 9 ? "unknown" : "ok"]),
	rows: orders(10),
	driverAttempts: 12,
	downstreamAttempts: 12,
	recovery: recovered,
};

/** The facts of a history, with `observed` and `expected` as the scenario's own hooks reduce them. */
async function factsOf(history: History): Promise<Facts> {
	const told = history.told.map(([n, outcome]) => [orderOf(1, n).orderId, outcome] as const);
	const accepted = new Set(told.flatMap(([id, outcome]) => (outcome === "ok" ? [id] : [])));
	const found = new Map<string, number>();
	for (const { orderId } of history.rows) found.set(orderId, (found.get(orderId) ?? 0) + 1);
	const reduce = (rows: Order[]) =>
		digest(
			rows,
			(order) => order.orderId,
			(order) => `${order.orderId} ${order.amountCents}`,
		);
	const summary = summarize([], { fromMs: 0, toMs: 1_000 });
	const okCount = accepted.size;
	return {
		params: paramsOf(),
		case: null,
		phases: [],
		loads: [
			{
				name: "orders",
				phase: "all",
				summary: { ...summary, started_count: told.length, ok_count: okCount },
				counters: { "api.attempts": history.driverAttempts },
			},
			{ name: "orders", phase: "steady", summary, counters: {} },
		],
		faults: [],
		alerts: [],
		recovery: history.recovery,
		straddlingCount: history.straddlingCount ?? 0,
		observed: {
			downstreamAttempts: history.downstreamAttempts,
			exactly: exactlyOnce(told, found),
			rows: await reduce(history.rows.filter(({ orderId }) => accepted.has(orderId))),
		},
		expected: {
			rows: await reduce(
				history.told.flatMap(([n, outcome]) => (outcome === "ok" ? [orderOf(1, n)] : [])),
			),
		},
	};
}

async function failedChecks(history: History): Promise<string[]> {
	const { checks } = judge(scenario.judgement, await factsOf(history), null);
	t.notOk(
		checks.some(({ outcome }) => outcome === "threw"),
		"no check threw",
	);
	return checks.filter(({ outcome }) => outcome !== "held").map(({ id }) => id);
}

t.test("a good history passes every check", async (t) => {
	const { checks } = judge(scenario.judgement, await factsOf(good), null);
	t.same(
		checks.map(({ id, kind, ok }) => [id, kind, ok]),
		[
			["exactly-once", "correctness", true],
			["rows-match", "correctness", true],
			["attempts-agree", "correctness", true],
			["retry-amplification", "correctness", true],
			["recovers-in-time", "performance", true],
		],
	);
	t.equal(judgeRun(checks, []).verdict, "passed");
	t.same(await failedChecks({ ...good, rows: orders(9) }), [], "the unknown order is not there");
});

t.test("each kind of damage is caught by the check that is there for it", async (t) => {
	const altered = { ...orderOf(1, 3), amountCents: orderOf(1, 3).amountCents + 1 };
	const refused: History["told"] = good.told.with(9, [9, "fail"]);
	const rows: [bad: Partial<History>, failed: string[], why: string][] = [
		[{ rows: orders(10).slice(1) }, ["exactly-once", "rows-match"], "an accepted order is lost"],
		[
			{ rows: [...orders(10), orderOf(1, 2)] },
			["exactly-once", "rows-match"],
			"an accepted order is there twice",
		],
		[
			{ rows: [...orders(10), orderOf(1, 9)] },
			["exactly-once"],
			"the order of unknown fate is there twice",
		],
		[{ told: refused }, ["exactly-once"], "an order that was certainly not sent is there"],
		[{ rows: [...orders(10), orderOf(1, 77)] }, ["exactly-once"], "a row that nobody placed"],
		[{ rows: orders(10).with(3, altered) }, ["rows-match"], "an amount is not what was ordered"],
		[
			{ rows: orders(10).toSpliced(1, 1, orderOf(1, 2)) },
			["exactly-once", "rows-match"],
			"one lost and another doubled: the count is right",
		],
		[{ downstreamAttempts: 13 }, ["attempts-agree"], "a try that the driver did not count"],
		[{ downstreamAttempts: 11 }, ["attempts-agree"], "a try that the downstream did not see"],
		[
			{ driverAttempts: 16, downstreamAttempts: 16 },
			["retry-amplification"],
			"1.6 tries per order",
		],
		[{ recovery: { ...recovered, censored: true } }, ["recovers-in-time"], "still not steady"],
		[{ recovery: null }, ["recovers-in-time"], "nothing was broken, so nothing was recovered"],
	];
	for (const [bad, failed, why] of rows)
		t.same(await failedChecks({ ...good, ...bad }), failed, why);
});

t.test("just 1.5 tries per order is still allowed", async (t) => {
	t.same(await failedChecks({ ...good, driverAttempts: 15, downstreamAttempts: 15 }), []);
});

t.test("the naive twin's history fails by correctness, whatever the generator did", async (t) => {
	const storm = {
		...good,
		rows: [...orders(10), ...orders(10)],
		driverAttempts: 60,
		downstreamAttempts: 60,
	};
	const { checks } = judge(scenario.judgement, await factsOf(storm), null);
	const late = { code: "generator_late", message: "late" } as const;
	t.equal(judgeRun(checks, [late]).verdict, "failed");
});

t.test("the metrics say what the checks look at, in numbers", async (t) => {
	const metricsOf = async (history: History) =>
		Object.fromEntries(
			judge(scenario.judgement, await factsOf(history), null).metrics.map(({ name, value }) => [
				name,
				value,
			]),
		);
	t.match(await metricsOf(good), {
		retry_amplification: 1.2,
		rows_lost_count: 0,
		rows_duplicated_count: 0,
		rejected_pct: 10,
	});
	const bad = { ...good, rows: [...orders(10).slice(2), orderOf(1, 5)] };
	t.match(await metricsOf(bad), { rows_lost_count: 2, rows_duplicated_count: 1 });
	t.match(
		await metricsOf({ ...good, told: [] }),
		{ retry_amplification: null, rejected_pct: null },
		"a share of nothing does not exist",
	);
});

t.test(
	"the plan is the same for both guards but for the client; the fault is Postgres out of reach",
	(t) => {
		const [on, off] = [paramsOf(), paramsOf({ guard: "off" })].map((p) =>
			JSON.parse(JSON.stringify(scenario.plan(p))),
		);
		t.same(on, off);
		t.match(on, {
			phases: { warmMs: 2_000, steadyMs: 4_000, recoverLimitMs: 8_000, intervalMs: 500 },
			paths: { db: "postgres", orders: { subject: "downstream" } },
			subjects: { downstream: { env: { SLOTS: "4", SERVICE_MS: "10" } } },
			loads: { orders: { arrival: { ratePerSec: 240 }, journal: true, inFlightMax: 4_000 } },
			faults: [{ kind: "timeout", on: "db", fromMs: 0, toMs: 3_000 }],
			steady: [{ signal: "response_p99_ms", is: "below", value: 125 }, { signal: "error_pct" }],
			alerts: [{ id: "orders-not-accepted", when: { is: "below", value: 120 } }],
		});
		t.end();
	},
);

t.test("every size makes a plan, and the downstream can carry the load it offers", (t) => {
	for (const size of ["small", "default", "large"]) {
		const p = paramsOf({ size });
		t.doesNotThrow(() => scenario.plan(p), size);
		const capacityPerSec = (Number(p.slots) * 1_000) / Number(p.serviceMs);
		t.ok(Number(p.ratePerSec) < capacityPerSec, `${size}: or steady state would never be`);
		const intervals = Math.floor(Number(p.steadyMs) / Number(p.intervalMs));
		t.ok(intervals >= 3, `${size}: steady has room for the three intervals it is judged by`);
	}
	t.end();
});

t.test("too few places to wait are refused with the numbers", (t) => {
	const short = paramsOf({ inFlightMax: 2_639 });
	t.throws(() => scenario.plan(short), {
		message: /inFlightMax must be at least rate × \(outage \+ recovery limit\) = 2640, but is 2639/,
	});
	t.doesNotThrow(() => scenario.plan(paramsOf({ inFlightMax: 2_640 })));
	t.end();
});
