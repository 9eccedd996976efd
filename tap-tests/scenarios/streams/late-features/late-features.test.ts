import t from "tap";
import { judge } from "../../../../daemon/host/judge.ts";
import { summarize } from "../../../../load/summary.ts";
import { resolveParams } from "../../../../scenarios/contract/params.ts";
import type { Scenario } from "../../../../scenarios/contract/scenario.ts";
import type { FeatureFacts } from "../../../../scenarios/streams/late-features/judgement.ts";
import scenarioOf from "../../../../scenarios/streams/late-features/late-features.scenario.ts";
import type { Observed } from "../../../../scenarios/streams/late-features/observe.ts";
import { numbersIn } from "../../numbers-in.ts";

const scenario = scenarioOf as unknown as Scenario;
const rules = {
	schema: JSON.parse(JSON.stringify(scenario.params)),
	sizes: JSON.parse(JSON.stringify(scenario.sizes)),
	guarded: true,
};
const paramsOf = (given: Record<string, unknown> = {}) => resolveParams(rules, given).params;
const none = { count: 0, first: [] };
const some = { count: 1, first: ["0/ana"] };

/** What is seen of a run in which all went well. */
function good(): Observed {
	return {
		comparison: {
			featureCount: 100,
			rightCount: 100,
			wrong: none,
			missing: none,
			extra: none,
			versionCount: 130,
			wrongVersions: none,
			again: none,
			lateCount: 7,
			lateMissing: none,
			lateExtra: none,
			notAddedUp: none,
			orders: 5,
		},
		log: { count: 500, strange: none, lost: none, doubled: none },
		left: { events: 504, onTime: 467, absorbed: 30, late: 7, staleCount: 0, stale: [] },
		closersCount: 4,
		work: {
			replay: null,
			latency: { count: 90, p50Ms: 40, p95Ms: 120, p99Ms: 130, maxMs: 140, curve: [[50, 40]] },
			state: [
				{ atMs: 100, bytes: { feature: 900 } },
				{ atMs: 200, bytes: { feature: 800 } },
			],
			sessions: [
				{ partition: 0, atMs: 10, position: 0, restoredCount: 0, restoreMs: 30, committed: 0 },
				{ partition: 0, atMs: 2_600, position: 9, restoredCount: 4, restoreMs: 80, committed: 9 },
			],
			failedCount: 1,
			failed: [{ partition: 1, atMs: 2_500, why: "fenced" }],
			cpuMs: 40,
		},
		expected: { onTime: 463, absorbed: 30, late: 7 },
		convergedAfterMs: { p50: 20_000, p95: 300_000 },
		shares: [
			{ waitMs: 100, share: 0.5 },
			{ waitMs: 1_000, share: 0.9 },
		],
	};
}

function factsOf(change: (observed: Observed) => unknown = () => {}): FeatureFacts {
	const observed = good();
	change(observed);
	const summary = summarize([], { fromMs: 0, toMs: 1_000 });
	return {
		params: paramsOf() as unknown as FeatureFacts["params"],
		case: null,
		phases: [{ name: "steady", fromMs: 1_000, toMs: 2_000 }],
		loads: [{ name: "activities", phase: "all", summary, counters: {} }],
		faults: [{ kind: "kill", on: "consumer-1", injectedMs: 2_000 } as never],
		alerts: [],
		recovery: null,
		straddlingCount: 0,
		observed,
		expected: null,
	};
}

const judged = (facts: FeatureFacts) => judge(scenario.judgement, facts as never, null);

t.test("a good run passes every check, and each says of how many", (t) => {
	t.same(
		judged(factsOf()).checks.map(({ id, outcome, message }) => [
			id,
			outcome,
			...numbersIn(message),
		]),
		[
			["log-as-sent", "held", 500, 0, 0, 0],
			["values-converge", "held", 100, 100, 0, 0, 0],
			["each-in-one-place", "held", 500, 463, 30, 7, 463, 30, 7, 7, 0, 0],
			["versions-exact", "held", 130, 0, 0],
			["any-order-adds-up", "held", 5, 0],
			["state-let-go", "held", 0],
			["latency-in-bound", "held", 120, 95, 250, 90],
			["goes-on-where-committed", "held", 2, 1, 0, 0],
		],
	);
	t.end();
});

t.test("each kind of damage is caught by the check that is there for it", (t) => {
	const rows: [change: (observed: Observed) => object, check: string, why: string][] = [
		[
			(o) => Object.assign(o.comparison, { wrong: some }),
			"values-converge",
			"a value that is wrong",
		],
		[
			(o) => Object.assign(o.comparison, { missing: some }),
			"values-converge",
			"a window without a value",
		],
		[(o) => Object.assign(o.comparison, { extra: some }), "values-converge", "a window of nobody"],
		[
			(o) => Object.assign(o.comparison, { lateMissing: some }),
			"each-in-one-place",
			"dropped in silence",
		],
		[
			(o) => Object.assign(o.comparison, { lateExtra: some }),
			"each-in-one-place",
			"told, and counted too",
		],
		[(o) => Object.assign(o.left, { late: 6 }), "each-in-one-place", "one in no place"],
		[(o) => Object.assign(o.left, { events: 505 }), "each-in-one-place", "one that was read twice"],
		[
			(o) => Object.assign(o.left, { events: 505, onTime: 468 }),
			"each-in-one-place",
			"one that was counted twice",
		],
		[
			(o) => Object.assign(o.left, { absorbed: 29, onTime: 468 }),
			"each-in-one-place",
			"one in another place",
		],
		[
			(o) => Object.assign(o.comparison, { wrongVersions: some }),
			"versions-exact",
			"a version left out",
		],
		[
			(o) => Object.assign(o.comparison, { again: some }),
			"versions-exact",
			"a version given twice",
		],
		[
			(o) => Object.assign(o.comparison, { notAddedUp: some }),
			"any-order-adds-up",
			"sums that differ",
		],
		[
			(o) => Object.assign(o.left, { staleCount: 2 }),
			"state-let-go",
			"windows that are kept for ever",
		],
		[(o) => Object.assign(o.log, { lost: some }), "log-as-sent", "a producer that loses"],
		[
			(o) => Object.assign(o.work.sessions[1]!, { position: 8 }),
			"goes-on-where-committed",
			"a job that goes back",
		],
		[(o) => Object.assign(o.work.latency, { p95Ms: 251 }), "latency-in-bound", "slow results"],
	];
	for (const [change, check, why] of rows) {
		const failed = judged(factsOf(change)).checks.filter(({ outcome }) => outcome !== "held");
		t.match(failed, [{ id: check, outcome: "failed" }], why);
		t.equal(failed.length, 1, why);
	}
	t.end();
});

t.test(
	"on flink a result may wait for three checkpoints more, on spark three times as long and three batches",
	(t) => {
		const slow = (p95Ms: number, params: object) =>
			judged({
				...factsOf(({ work }) => Object.assign(work.latency, { p95Ms })),
				params: paramsOf({
					checkpointMs: 400,
					batchMs: 800,
					...params,
				}) as unknown as FeatureFacts["params"],
			}).checks.find(({ id }) => id === "latency-in-bound")?.outcome;
		t.equal(slow(1_400, { engine: "flink" }), "held");
		t.equal(slow(1_500, { engine: "flink" }), "failed");
		t.equal(slow(3_100, { engine: "spark" }), "held");
		t.equal(slow(3_200, { engine: "spark" }), "failed");
		t.equal(slow(300, { engine: "node" }), "failed");
		t.end();
	},
);

t.test("metrics say what lateness costs, and charts what waiting buys", (t) => {
	const { metrics, charts } = judged(factsOf());
	const values = Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
	t.match(values, {
		accuracy_pct: 100,
		results_lost_count: 0,
		results_doubled_count: 0,
		late_absorbed_pct: (100 * 30) / 37,
		too_late_count: 7,
		feature_stability: 0.3,
		convergence_ms: 300_000,
		state_bytes: 900,
		latency_p95_ms: 120,
		restore_ms: 80,
		cpu_per_event_us: 80,
	});
	const none = factsOf((o) => Object.assign(o, { convergedAfterMs: null }));
	t.equal(judged(none).metrics.find(({ name }) => name === "convergence_ms")?.value, null);
	const points = Object.fromEntries(charts.map(({ id, series }) => [id, series[0]?.points]));
	t.match(points, {
		"trade-off": [
			[0.1, 50],
			[1, 90],
		],
		cost: [
			[0.1, 60_100 / 60_000],
			[1, 61_000 / 60_000],
		],
		state: [
			[0.1, 900],
			[0.2, 800],
		],
	});
	t.end();
});
