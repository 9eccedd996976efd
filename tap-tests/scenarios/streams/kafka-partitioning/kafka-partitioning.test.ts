import t from "tap";
import { judge } from "../../../../daemon/host/judge.ts";
import { summarize } from "../../../../load/summary.ts";
import { resolveParams } from "../../../../scenarios/contract/params.ts";
import type { Scenario } from "../../../../scenarios/contract/scenario.ts";
import type { Observed } from "../../../../scenarios/streams/kafka-partitioning/conclude.ts";
import type { CaseFacts } from "../../../../scenarios/streams/kafka-partitioning/findings.ts";
import kafkaPartitioning from "../../../../scenarios/streams/kafka-partitioning/kafka-partitioning.scenario.ts";
import type { P } from "../../../../scenarios/streams/kafka-partitioning/params.ts";
import { routeOf, sent } from "../../../../scenarios/streams/kafka-partitioning/workload.ts";
import { numbersIn } from "../../numbers-in.ts";

const scenario = kafkaPartitioning as unknown as Scenario;
const rules = {
	schema: JSON.parse(JSON.stringify(kafkaPartitioning.params)),
	sizes: JSON.parse(JSON.stringify(kafkaPartitioning.sizes)),
	guarded: false,
};
const paramsOf = (given: Record<string, unknown> = {}) =>
	resolveParams(rules, given).params as unknown as P;

const count = 1_000;
const noLatency = { count: 0, p50Ms: null, p95Ms: null, p99Ms: null, maxMs: null, curve: [] };

interface Bad {
	observed?: (observed: Observed) => Observed;
	/** From sending to the acknowledgement. */
	ackP99Ms?: number;
	okCount?: number;
	unknownCount?: number;
}

/** The facts of a case in which all went well, but for what is done to them. */
function factsOf(given: Record<string, unknown>, bad: Bad = {}): CaseFacts {
	const params = paramsOf({ sweep: "off", ...given });
	const expected = { partitions: sent(routeOf(params), count, params.partitions) };
	const observed: Observed = {
		partitions: expected.partitions.map(({ count, sum }) => ({
			end: count,
			committed: count,
			position: count,
			delivered: count,
			sum,
			skippedCount: 0,
			redeliveredCount: 0,
		})),
		lags: [
			{ atMs: 1_000, lag: [0, 4], ends: [100, 100] },
			{ atMs: 2_000, lag: [0, 10], ends: [600, 600] },
			{ atMs: 3_200, lag: [70, 70], ends: [700, 700] },
		],
		agreement: { comparedCount: 80, gapMaxCount: 5, disagreements: [] },
		refusedCount: 0,
		order: { keyCount: 500, splitKeyCount: 0, regressionCount: 0 },
		latency: { ...noLatency, count, p50Ms: 1, p95Ms: 2, p99Ms: 3, maxMs: 4 },
		takeovers: [],
	};
	const summary = summarize([], { fromMs: 0, toMs: 1_000 });
	const { okCount = count, unknownCount = 0, ackP99Ms = 10 } = bad;
	const response_us = { ...summary.response_us, p99: 1_000 * ackP99Ms };
	const counts = { due_count: count, ok_count: okCount, unknown_count: unknownCount };
	return {
		params,
		case: null,
		faults: [],
		alerts: [],
		recovery: null,
		expected,
		straddlingCount: 0,
		phases: [{ name: "steady", fromMs: 900, toMs: 2_100 }],
		loads: [
			{
				name: "messages",
				phase: "all",
				summary: { ...summary, response_us, ...counts },
				counters: {},
			},
		],
		observed: bad.observed?.(observed) ?? observed,
	};
}

function failed(facts: CaseFacts): string[] {
	const { checks } = judge(scenario.judgement, facts as never, null);
	const threw = checks.filter(({ outcome }) => outcome === "threw");
	if (threw.length > 0) t.fail(threw.map(({ message }) => message).join());
	return checks.filter(({ outcome }) => outcome === "failed").map(({ id }) => id);
}

/** The same with one partition's facts changed. */
const partition =
	(index: number, change: (there: Observed["partitions"][number]) => object) =>
	(observed: Observed): Observed => ({
		...observed,
		partitions: observed.partitions.map((there, i) =>
			i === index ? { ...there, ...change(there) } : there,
		),
	});

const checkOf = (facts: CaseFacts, id: string) =>
	judge(scenario.judgement, facts as never, null).checks.find((check) => check.id === id);

t.test("a good case passes every check, whatever its strategy, and each says of how many", (t) => {
	const said = (strategy: string) =>
		judge(scenario.judgement, factsOf({ strategy }) as never, null).checks.map(
			({ id, kind, outcome, message }) => [id, kind, outcome, ...numbersIn(message)],
		);
	for (const strategy of ["sticky", "key-hash", "zipf", "salted"]) {
		const ordered = strategy === "key-hash" || strategy === "zipf";
		t.same(
			said(strategy),
			[
				["produced", "correctness", "held", count, 0, count],
				["delivered", "correctness", "held", count, 0, 0, 0, 8],
				["order-per-key", "correctness", "held", ...(ordered ? [500, 0, 0] : [])],
				// At 10,000/s and with a commit each 100 ms.
				["lag-agrees", "correctness", "held", 80, 0, 5, 1_000, 0, 0],
			],
			strategy,
		);
	}
	const salted = checkOf(factsOf({ strategy: "salted" }), "order-per-key");
	t.match(salted, { message: /^salted /, expected: null, actual: null });
	t.same(failed(factsOf({ costUs: 0 })), [], "nor is anything left where messages cost nothing");
	t.end();
});

t.test("each kind of damage is caught by the check that is there for it", (t) => {
	const withOrder = (order: object) => (observed: Observed) => ({
		...observed,
		order: { ...observed.order, ...order },
	});
	const disagreement = { partition: 0, atMs: 5, committed: 9, least: 1, most: 8 };
	const rows: [given: Record<string, unknown>, bad: Bad, failed: string[], why: string][] = [
		[{}, { okCount: 1_001 }, ["produced"], "acknowledged, and not in the log"],
		[{}, { okCount: 999 }, ["produced"], "in the log, and never acknowledged"],
		[
			{},
			{ observed: partition(0, ({ sum }) => ({ sum: sum! + 1 })) },
			["delivered"],
			"another message than the one that was sent",
		],
		[{}, { observed: partition(0, () => ({ sum: null })) }, ["delivered"], "it can't be told"],
		[
			{},
			{
				observed: partition(2, ({ delivered }) => ({ delivered: delivered - 5, skippedCount: 5 })),
			},
			["delivered"],
			"five messages that were committed and not processed",
		],
		[
			{ costUs: 0 },
			{ observed: partition(2, ({ delivered }) => ({ delivered: delivered - 5 })) },
			["delivered"],
			"five left, where they cost nothing",
		],
		[
			{ costUs: 400 },
			{ observed: partition(2, ({ delivered }) => ({ delivered: delivered - 5, sum: 7 })) },
			[],
			"five left, where they cost something: that is a finding",
		],
		[
			{ costUs: 400 },
			{ observed: partition(2, ({ delivered }) => ({ delivered: delivered + 1 })) },
			["delivered"],
			"one more than there are",
		],
		[
			{},
			{
				observed: partition(1, ({ end, delivered }) => ({
					end: end - 1,
					delivered: delivered - 1,
				})),
			},
			["produced", "delivered"],
			"a message less than the seed makes",
		],
		[{}, { observed: withOrder({ splitKeyCount: 1 }) }, ["order-per-key"], "a split key"],
		[{}, { observed: withOrder({ regressionCount: 1 }) }, ["order-per-key"], "one overtaken"],
		[
			{ strategy: "salted" },
			{ observed: withOrder({ splitKeyCount: 1, regressionCount: 1 }) },
			[],
			"no order was promised",
		],
		[
			{},
			{
				observed: (observed) => ({
					...observed,
					agreement: { ...observed.agreement, disagreements: [disagreement] },
				}),
			},
			["lag-agrees"],
			"the consumers say otherwise than the broker",
		],
		[
			{},
			{ observed: partition(0, ({ committed }) => ({ committed: committed - 1 })) },
			["lag-agrees"],
			"at the end something is not committed",
		],
	];
	for (const [given, bad, expected, why] of rows)
		t.same(failed(factsOf(given, bad)), expected, why);
	t.end();
});

t.test("what fails says what was wanted, what was seen, and how much of it", (t) => {
	const both =
		(...changes: ((observed: Observed) => Observed)[]) =>
		(observed: Observed) =>
			changes.reduce((seen, change) => change(seen), observed);
	const order = { keyCount: 500, splitKeyCount: 3, regressionCount: 2 };
	const disagreements = [
		{ partition: 0, atMs: 5, committed: 9, least: 1, most: 8 },
		{ partition: 1, atMs: 6, committed: 9, least: 1, most: 8 },
	];
	const uncommitted = (index: number) =>
		partition(index, ({ committed }) => ({ committed: committed - 1 }));
	const rows: [bad: Bad, id: string, wanted: object, seen: unknown, numbers: number[]][] = [
		[
			{ okCount: 990, unknownCount: 4 },
			"produced",
			{ atLeast: 990, atMost: 994 },
			count,
			[990, 4, count],
		],
		[
			{
				observed: both(
					partition(1, ({ delivered }) => ({ delivered: delivered - 9, skippedCount: 9 })),
					partition(2, ({ delivered }) => ({ delivered: delivered - 5, skippedCount: 2 })),
				),
			},
			"delivered",
			{ skipped: 0, wrongPartitions: 0, left: 0 },
			{ delivered: 986, skipped: 11, wrongPartitions: 2, left: 3 },
			[986, 11, 3, 2, 8],
		],
		[
			{ observed: (observed) => ({ ...observed, order }) },
			"order-per-key",
			{ split: 0, regressions: 0 },
			order,
			[500, 3, 2],
		],
		[
			{
				observed: both(uncommitted(0), uncommitted(3), uncommitted(4), (observed) => ({
					...observed,
					agreement: { comparedCount: 60, gapMaxCount: 40, disagreements },
					refusedCount: 4,
				})),
			},
			"lag-agrees",
			{ disagreements: 0, open: 0 },
			{ comparedCount: 60, gapMaxCount: 40, disagreements, open: 3, refusedCount: 4 },
			[60, 2, 40, 200, 3, 4],
		],
	];
	for (const [bad, id, expected, actual, numbers] of rows) {
		const check = checkOf(factsOf({ costUs: 0, ratePerSec: 2_000 }, bad), id);
		t.match(check, { outcome: "failed", expected, actual }, id);
		t.same(numbersIn(check?.message), numbers, `${id}: ${check?.message}`);
	}
	t.match(
		checkOf(factsOf({ costUs: 400 }), "delivered"),
		{ expected: { left: null } },
		"where messages cost something, any number may be left",
	);
	t.end();
});

t.test("what is open where the group refused commits can't be told, and fails nothing", (t) => {
	const open = partition(0, ({ committed }) => ({ committed: committed - 1 }));
	const facts = factsOf({}, { observed: (o) => ({ ...open(o), refusedCount: 1 }) });
	t.same(failed(facts), []);
	t.match(checkOf(facts, "lag-agrees"), {
		outcome: "cannot_tell",
		message: /at the end 1 partitions were not committed, and 1 commits had been refused$/,
	});
	const refused = factsOf({}, { observed: (o) => ({ ...o, refusedCount: 1 }) });
	t.match(checkOf(refused, "lag-agrees"), { outcome: "held" }, "nothing is open");
	const never = factsOf(
		{},
		{ observed: (o) => ({ ...o, agreement: { ...o.agreement, comparedCount: 0 } }) },
	);
	t.match(
		checkOf(never, "lag-agrees"),
		{ outcome: "cannot_tell", message: /; nothing was there to judge$/ },
		"nothing was compared",
	);
	t.end();
});

t.test("a message of unknown fate may be there or not", (t) => {
	t.same(failed(factsOf({}, { okCount: 999, unknownCount: 1 })), []);
	const without = partition(0, ({ end }) => ({
		end: end - 1,
		committed: end - 1,
		position: end - 1,
		delivered: end - 1,
		sum: 7,
	}));
	t.same(failed(factsOf({}, { okCount: 999, unknownCount: 1, observed: without })), []);
	t.end();
});

t.test("the metrics are of steady state, and of what the faults did", (t) => {
	const facts = factsOf({}, { observed: partition(1, ({ end }) => ({ position: end - end / 2 })) });
	facts.faults = [{ kind: "kill", on: "consumer-1", injectedMs: 2_000 } as never];
	facts.observed.takeovers = [
		{ partition: 0, from: "consumer-1", to: "consumer-2", firstAtMs: 1_500 },
		{ partition: 1, from: "consumer-2", to: "consumer-1", firstAtMs: 2_100 },
		{ partition: 0, from: "consumer-1", to: "consumer-2", firstAtMs: 3_300 },
		{ partition: 4, from: "consumer-1", to: "consumer-2", firstAtMs: 3_200 },
	];
	const { metrics } = judge(scenario.judgement, facts as never, null);
	t.match(Object.fromEntries(metrics.map(({ name, value }) => [name, value])), {
		lag_avg_count: 7,
		lag_max_count: 10,
		left_pct: 50,
		throughput_per_sec: 994,
		latency_p50_ms: 1,
		latency_p95_ms: 2,
		latency_p99_ms: 3,
		rebalance_ms: 1_200,
		passed_over_count: 0,
		redelivered_count: 0,
	});
	t.end();
});

const sweep = (
	leftPct: Record<string, number>,
	late: Bad = {},
	{
		of = (_: string) => true,
		given = {},
	}: { of?: (strategy: string) => boolean; given?: object } = {},
) =>
	["sticky", "key-hash", "zipf", "salted"].map((strategy) => {
		const waits = leftPct[strategy] ?? 0;
		const facts = factsOf(
			{ strategy, ratePerSec: 10_000, ...given },
			{
				observed: partition(0, ({ end }) => ({ position: end * (1 - waits / 100) })),
				...(of(strategy) ? late : {}),
			},
		);
		return { ...facts, case: `${strategy}-10k` };
	});
const follows = (facts: CaseFacts[]) =>
	judge(scenario.judgementOfAll, facts as never, null).checks.find(
		({ id }) => id === "recommendation-follows",
	);

t.test("the recommendation over all cases is the one that arithmetic expects", (t) => {
	t.match(follows(sweep({ zipf: 40 })), {
		ok: true,
		kind: "performance",
		message:
			"uniform keys at 10000/s: key-hash; zipf keys at 10000/s: salted; by queueing arithmetic the same",
		expected: [{ use: "key-hash" }, { use: "salted" }],
		actual: [{ use: "key-hash" }, { use: "salted" }],
	});
	t.match(follows(sweep({})), {
		ok: false,
		message: /zipf keys at 10000\/s: key-hash; by queueing arithmetic .*: salted$/,
		expected: [{ use: "key-hash" }, { use: "salted" }],
		actual: [{ use: "key-hash" }, { use: "key-hash" }],
	});
	t.match(follows(sweep({ zipf: 40, salted: 40 })), { ok: false, message: /none of them/ });
	t.match(
		follows(sweep({ zipf: 40 }, {}, { given: { need: "order" } })),
		{ ok: true, actual: [{ use: "key-hash" }, { use: null }] },
		"salts keep no order",
	);
	t.match(
		follows(sweep({}, {}, { given: { ratePerSec: 8_000 } })),
		{ ok: true, actual: [{ use: "key-hash" }, { use: "key-hash" }] },
		"what 1.2 s leave of 8,000/s the drain has time for",
	);
	t.match(follows([]), { ok: false, expected: [], actual: [] }, "no case was measured");
	t.end();
});

t.test("on a machine that was late, another recommendation can't be told from a wrong one", (t) => {
	const late = { ackP99Ms: 500 };
	const only = (...strategies: string[]) => ({
		of: (strategy: string) => strategies.includes(strategy),
	});
	t.match(follows(sweep({ zipf: 40, salted: 40 }, late)), {
		outcome: "cannot_tell",
		openBy: "others",
		message:
			/zipf keys at 10000\/s: none of them; by .*: salted; but the machine was late with salted-10k$/,
	});
	t.match(
		follows(sweep({ zipf: 40, salted: 40 }, late, only("salted"))),
		{ outcome: "cannot_tell" },
		"the others ended as they should",
	);
	t.match(
		follows(sweep({ zipf: 40, salted: 40 }, late, only("zipf"))),
		{ ok: false },
		"the one that differs was in time",
	);
	t.match(follows(sweep({ salted: 40 }, late, only("salted", "zipf"))), {
		outcome: "cannot_tell",
		message: / zipf-10k, salted-10k$/,
	});
	t.match(
		follows(sweep({ zipf: 40, sticky: 40 }, late)),
		{ ok: true },
		"one differs that nobody asked for",
	);
	const alone = sweep({ "key-hash": 40 }, late).map((facts) => ({ ...facts, case: null }));
	t.match(follows(alone.slice(1, 2)), { outcome: "cannot_tell", message: / the case$/ });
	t.match(follows(sweep({ zipf: 40 }, late)), { ok: true, message: /the same$/ });
	t.match(follows(sweep({ zipf: 40, salted: 40 }, { ackP99Ms: 499 })), { ok: false });
	const endedLate = sweep({});
	for (const { observed } of endedLate) observed.lags.at(-1)!.atMs = 2_100 + 1_000 + 1_000;
	t.match(follows(endedLate), { outcome: "cannot_tell" }, "they worked on meanwhile");
	t.end();
});

t.test("charts show lag by partition, and the cases side by side", (t) => {
	const facts = sweep({ zipf: 40 });
	const { charts } = judge(scenario.judgement, facts[0] as never, null);
	t.match(charts[0], { id: "lag" });
	t.equal(charts[0]?.series.length, 8);
	t.same(charts[0]?.series[1]?.points[1], [2, 10]);
	const overall = judge(scenario.judgementOfAll, facts as never, null).charts;
	t.same(
		overall.map(({ id }) => id),
		["throughput-lag", "left", "latency"],
	);
	t.same(
		overall[1]?.series.map(({ label, points }) => [label, Math.round(points[0]![1]!)]),
		[
			["sticky", 0],
			["key-hash", 0],
			["zipf", 40],
			["salted", 0],
		],
	);
	t.end();
});

t.test("every size has its cases: strategies, rates and faults as the row names them", (t) => {
	const casesOf = (given: Record<string, unknown>) =>
		Object.entries(scenario.cases?.(paramsOf(given) as never) ?? {});
	t.same(
		casesOf({ size: "small" }).map(([id, { fault }]) => [id, fault]),
		["sticky-1k", "key-hash-1k", "zipf-1k", "salted-1k"].map((id) => [id, "none"]),
	);
	const byDefault = casesOf({});
	t.equal(byDefault.length, 9);
	t.match(byDefault.at(-1), [
		"key-hash-100k",
		{ costUs: 0, ratePerSec: 100_000, steadyMs: 10_000, strategy: "key-hash" },
	]);
	for (const fault of ["slow-link", "crash", "slow-partition"])
		t.equal(byDefault.filter(([, one]) => one.fault === fault).length, 3, fault);
	const large = casesOf({ size: "large" });
	t.equal(large.length, 12);
	t.ok(large.every(([, { fault }]) => fault === "all"));
	t.same(casesOf({ sweep: "off" }), []);
	t.end();
});

t.test("every case makes a plan, with its faults one after another and its consumers told", (t) => {
	for (const size of ["small", "default", "large"]) {
		const params = paramsOf({ size });
		for (const [id, overrides] of Object.entries(scenario.cases?.(params as never) ?? {})) {
			const plan = scenario.plan({ ...params, ...overrides } as never);
			const consumers = Number({ ...params, ...overrides }.consumers);
			const names = Array.from({ length: consumers }, (_, i) => `consumer-${i + 1}`);
			t.same(Object.keys(plan.subjects ?? {}), names, `${size} ${id}`);
			const faults = plan.faults ?? [];
			for (const [i, { fromMs }] of faults.entries())
				if (i > 0) t.ok(fromMs > faults[i - 1]!.toMs, `${size} ${id}: ${i}`);
		}
	}
	const plan = scenario.plan(paramsOf({ sweep: "off", fault: "all", ratePerSec: 1_000 }) as never);
	t.match(JSON.parse(JSON.stringify(plan)), {
		subjects: { "consumer-1": { env: { TOPIC: "key-hash-1000", ORDERED_KEYS: "1000" } } },
		loads: { messages: { arrival: { ratePerSec: 1_000 }, okPctMin: 99 } },
		faults: [
			{ kind: "latency", on: "log", fromMs: 0, toMs: 3_000 },
			{ kind: "kill", on: "consumer-1", fromMs: 5_000 },
			{ kind: "slow-work", on: "consumer-1", params: { part: "0", extraUs: 12_000 } },
		],
	});
	t.notOk(
		scenario.plan(paramsOf({ sweep: "off", strategy: "sticky" }) as never).subjects!["consumer-1"]!
			.env!.ORDERED_KEYS,
		"order is looked at where it is promised",
	);
	t.end();
});
