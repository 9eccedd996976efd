import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import t from "tap";
import { faultName } from "../../../../chaos/fault.ts";
import { judge } from "../../../../daemon/host/judge.ts";
import { summarize } from "../../../../load/summary.ts";
import { resolveParams } from "../../../../scenarios/contract/params.ts";
import type { Scenario } from "../../../../scenarios/contract/scenario.ts";
import type { WindowFacts } from "../../../../scenarios/streams/sliding-windows/judgement.ts";
import type { Observed } from "../../../../scenarios/streams/sliding-windows/observe.ts";
import { expectedWindows } from "../../../../scenarios/streams/sliding-windows/oracle/expected-windows.ts";
import { decode } from "../../../../scenarios/streams/sliding-windows/purchase.ts";
import scenarioOf from "../../../../scenarios/streams/sliding-windows/sliding-windows.scenario.ts";
import { numbersIn } from "../../numbers-in.ts";

const scenario = scenarioOf as unknown as Scenario;
const rules = {
	schema: JSON.parse(JSON.stringify(scenario.params)),
	sizes: JSON.parse(JSON.stringify(scenario.sizes)),
	guarded: true,
};
const paramsOf = (given: Record<string, unknown> = {}) => resolveParams(rules, given).params;

const none = { count: 0, first: [] };
const some = (count: number, ...first: string[]) => ({ count, first });

/** What is seen of a run in which all went well. */
function good(): Observed {
	return {
		comparison: {
			expectedCount: 1_000,
			rightCount: 1_000,
			wrong: none,
			missing: none,
			extra: none,
			again: none,
		},
		log: { count: 500, strange: none, lost: none, doubled: none },
		repeatedCount: 5,
		closersCount: 3,
		left: { events: 503, counted: 498, repeated: 5, late: 0, staleCount: 0, stale: [] },
		work: {
			replay: { fromMs: 100, toMs: 1_100 },
			latency: { count: 90, p50Ms: 40, p95Ms: 120, p99Ms: 130, maxMs: 140, curve: [[50, 40]] },
			state: [
				{ atMs: 100, bytes: { windows: 900, ids: 70 } },
				{ atMs: 200, bytes: { windows: 800, ids: 90 } },
			],
			sessions: [
				{ partition: 0, atMs: 10, position: 0, restoredCount: 0, restoreMs: 30, committed: 0 },
				{
					partition: 0,
					atMs: 2_600,
					position: 90,
					restoredCount: 40,
					restoreMs: 80,
					committed: 90,
				},
				{
					partition: 1,
					atMs: 2_700,
					position: 50,
					restoredCount: 40,
					restoreMs: 70,
					committed: 49,
				},
			],
			failedCount: 1,
			failed: [{ partition: 1, atMs: 2_500, why: "fenced" }],
			cpuMs: 40,
		},
	};
}

function factsOf(change: (observed: Observed) => void = () => {}, given = {}): WindowFacts {
	const observed = good();
	change(observed);
	const summary = summarize([], { fromMs: 0, toMs: 1_000 });
	return {
		params: paramsOf({ sweep: "off", ...given }) as unknown as WindowFacts["params"],
		case: null,
		phases: [{ name: "steady", fromMs: 1_000, toMs: 2_000 }],
		loads: [{ name: "purchases", phase: "all", summary, counters: {} }],
		faults: [{ kind: "kill", on: "consumer-1", injectedMs: 2_000 } as never],
		alerts: [],
		recovery: null,
		straddlingCount: 0,
		observed,
		expected: null,
	};
}

const judged = (facts: WindowFacts) => judge(scenario.judgement, facts as never, null);
const failed = (facts: WindowFacts) => {
	const { checks } = judged(facts);
	t.same(
		checks.filter(({ outcome }) => outcome === "threw"),
		[],
	);
	return checks.filter(({ outcome }) => outcome === "failed").map(({ id }) => id);
};

t.test("a good run passes every check, and each says of how many", (t) => {
	t.same(
		judged(factsOf()).checks.map(({ id, kind, outcome, message }) => [
			id,
			kind,
			outcome,
			...numbersIn(message),
		]),
		[
			["log-as-sent", "correctness", "held", 500, 0, 0, 0],
			["windows-exact", "correctness", "held", 1_000, 1_000, 0, 0, 0],
			["given-once", "correctness", "held", 1_000, 0],
			["each-accounted", "correctness", "held", 500, 495, 5, 0, 5],
			["state-let-go", "correctness", "held", 0],
			["replay-in-bound", "performance", "held", 10_000, 10_000, 1_000],
			["latency-in-bound", "performance", "held", 120, 95, 250, 90],
			["goes-on-where-committed", "correctness", "held", 3, 2, 0, 0],
		],
	);
	t.end();
});

t.test("each kind of damage is caught by the check that is there for it", (t) => {
	const rows: [change: (observed: Observed) => void, checks: string[], why: string][] = [
		[
			({ comparison }) => {
				comparison.wrong = some(1, "1m/0/ana");
			},
			["windows-exact"],
			"a window with another sum",
		],
		[
			({ comparison }) => {
				comparison.missing = some(1, "1m/0/ana");
			},
			["windows-exact"],
			"a window that was never given, as of a partition that waits for ever",
		],
		[
			({ comparison }) => {
				comparison.extra = some(1, "1m/0/ana");
			},
			["windows-exact"],
			"a window that nobody's purchases are in",
		],
		[
			({ comparison }) => {
				comparison.again = some(2, "1m/0/ana");
			},
			["given-once"],
			"a result that was given outside of its transaction",
		],
		[
			({ log }) => {
				log.lost = some(1, "message 7");
			},
			["log-as-sent"],
			"a producer that says it sent what it did not",
		],
		[
			({ log }) => {
				log.strange = some(1, "message 7");
			},
			["log-as-sent"],
			"a message that was changed on its way",
		],
		[
			({ log }) => {
				log.doubled = some(1, "message 7");
			},
			["log-as-sent"],
			"a message that was sent twice",
		],
		[
			({ left }) => {
				left.late = 3;
				left.counted -= 3;
			},
			["each-accounted"],
			"events that the watermark has overtaken",
		],
		[
			({ left }) => {
				left.repeated = 4;
				left.counted += 1;
			},
			["each-accounted"],
			"a repeated event that nobody knew again",
		],
		[
			({ left }) => {
				left.counted -= 1;
			},
			["each-accounted"],
			"an event of which nothing has become",
		],
		[
			({ left }) => {
				left.events += 1;
				left.counted += 1;
			},
			["each-accounted"],
			"one that was counted twice",
		],
		[
			({ left }) => {
				left.events -= 100;
				left.counted -= 100;
			},
			["each-accounted"],
			"a state that has lost what had been counted",
		],
		[
			({ left }) => {
				left.staleCount = 2;
				left.stale = ["pane/0/ana"];
			},
			["state-let-go"],
			"windows that are over and still kept",
		],
		[
			({ work }) => {
				work.sessions[1]!.position = 0;
			},
			["goes-on-where-committed"],
			"whoever took over began at the start",
		],
		[
			({ work }) => {
				work.sessions[1]!.restoredCount = 0;
			},
			["goes-on-where-committed"],
			"whoever took over had no state",
		],
		[
			({ work }) => {
				work.latency.p95Ms = 251;
			},
			["latency-in-bound"],
			"results that come too late",
		],
	];
	for (const [change, checks, why] of rows) t.same(failed(factsOf(change)), checks, why);
	t.end();
});

t.test(
	"a replay is held against its bound, and latency against its own, where there are any",
	(t) => {
		const replayed = (toMs: number) => (observed: Observed) => {
			observed.work.replay = { fromMs: 100, toMs };
		};
		const given = { backlog: 60_000, replayPerSecMin: 50_000 };
		t.same(failed(factsOf(replayed(1_300), given)), [], "50,000 a second");
		t.same(failed(factsOf(replayed(1_301), given)), ["replay-in-bound"]);
		const never = factsOf((observed) => {
			observed.work.replay = null;
		});
		t.same(failed(never), ["replay-in-bound"], "it never came to its end");
		const asked = (more: object) => judged(factsOf(() => {}, more)).checks.map(({ id }) => id);
		t.notOk(asked({ p95MsMax: 0 }).includes("latency-in-bound"));
		t.notOk(asked({ replayPerSecMin: 0 }).includes("replay-in-bound"));
		t.end();
	},
);

t.test("where no result came in steady state its latency can't be told", (t) => {
	const facts = factsOf(({ work }) => {
		work.latency = { ...work.latency, count: 0, p95Ms: null };
	});
	const check = judged(facts).checks.find(({ id }) => id === "latency-in-bound");
	t.equal(check?.outcome, "cannot_tell");
	t.end();
});

t.test("the metrics are what was counted, and the most that was kept", (t) => {
	const facts = factsOf(
		({ comparison, work }) => {
			comparison.rightCount = 900;
			comparison.extra = some(200);
			comparison.missing = some(40);
			comparison.again = some(7);
			work.replay = { fromMs: 0, toMs: 2_000 };
		},
		{ backlog: 60_000 },
	);
	const { metrics } = judged(facts);
	t.match(Object.fromEntries(metrics.map(({ name, value }) => [name, value])), {
		accuracy_pct: 75,
		results_lost_count: 40,
		results_doubled_count: 7,
		late_dropped_count: 0,
		sessions_failed_count: 1,
		latency_p50_ms: 40,
		latency_p95_ms: 120,
		events_per_sec: 30_000,
		state_bytes: 900,
		dedup_bytes: 90,
		restore_ms: 80,
	});
	const unbroken = { ...factsOf(), faults: [] };
	t.equal(judged(unbroken).metrics.find(({ name }) => name === "restore_ms")?.value, null);
	t.end();
});

t.test("charts show what state costs, how late results are, and what restoring takes", (t) => {
	const { charts } = judged(factsOf());
	t.same(
		charts.map(({ id, series }) => [id, series.map(({ points }) => points)]),
		[
			[
				"state",
				[
					[
						[0.1, 900],
						[0.2, 800],
					],
					[
						[0.1, 70],
						[0.2, 90],
					],
				],
			],
			["latency", [[[2, 40]]]],
			[
				"restores",
				[
					[
						[40, 80],
						[40, 70],
					],
				],
			],
		],
	);
	t.end();
});

t.test("every size has its cases, and every kind of fault its place in the timeline", (t) => {
	const casesOf = (given: object) => Object.keys(scenario.cases(paramsOf({ ...given })));
	t.same(casesOf({ size: "small" }), []);
	t.same(casesOf({}), ["live", "replay"]);
	t.same(casesOf({ size: "large" }), ["live", "replay"]);
	t.same(casesOf({ sweep: "off" }), []);
	const faults = (given: object) =>
		scenario.plan(paramsOf({ sweep: "off", ...given })).faults ?? [];
	const all = faults({});
	t.same(all.map(faultName), [
		"kill on consumer-1 at before-commit",
		"freeze on consumer-2 at before-commit",
		"group-evicted on log",
		"latency on log",
		"kill on kafka",
	]);
	for (const [i, { fromMs }] of all.entries()) if (i > 0) t.ok(fromMs > all[i - 1]!.toMs);
	const frozen = all[1]!;
	t.ok(frozen.toMs - frozen.fromMs > 2_000, "longer than its session");
	for (const fault of ["kill", "freeze", "evict", "slow-link", "broker-restart"])
		t.equal(faults({ fault }).length, 1, fault);
	t.same(faults({ fault: "none" }), []);
	t.end();
});

t.test("the consumers are told what they need, and the twin that it is one", (t) => {
	const plan = scenario.plan(paramsOf({ sweep: "off", guard: "off", consumers: 3 }));
	t.same(Object.keys(plan.subjects ?? {}), ["consumer-1", "consumer-2", "consumer-3"]);
	t.match(plan.subjects!["consumer-2"], {
		file: "./consumer.ts",
		env: { NAME: "consumer-2", INPUT: "purchases-10000", GUARD: "off", DELAY_MS_MAX: 120_000 },
	});
	t.end();
});

const folder = new URL("../../../../scenarios/streams/sliding-windows/", import.meta.url);

t.test("the commands of the README count what the generator makes, as the oracle does", (t) => {
	const readme = readFileSync(new URL("README.md", folder), "utf8");
	const generate = "node generate.ts --seed 7 --count 20000";
	t.ok(readme.includes(`${generate} | node count.ts\n`));
	// With fewer: it prints what it makes, a line each.
	const fewer = generate.replace("20000", "5000");
	const run = (args: string[], input?: Buffer) =>
		execFileSync(process.execPath, args, { cwd: folder, input, maxBuffer: 1e8 });
	const made = run(fewer.split(" ").slice(1));
	const results = String(run(["count.ts"], made))
		.trim()
		.split("\n");
	const purchases = String(made).trim().split("\n");
	t.equal(purchases.length, 5_000);
	const expected = expectedWindows(purchases.map((line) => decode(Buffer.from(line))));
	t.same(
		new Map(
			results.map((line) => {
				const { user, kind, startMs, endMs, ...window } = JSON.parse(line);
				return [`${kind}/${startMs}/${user}`, window];
			}),
		),
		expected,
	);
	t.equal(results.length, expected.size);
	t.end();
});
