import t from "tap";
import { judge } from "../../../../daemon/host/judge.ts";
import { judgeRun } from "../../../../daemon/judgement/verdict.ts";
import { resolveParams } from "../../../../scenarios/contract/params.ts";
import type { Scenario } from "../../../../scenarios/contract/scenario.ts";
import { exactlyOnce } from "../../../../scenarios/kit/exactly-once.ts";
import replay from "../../../../scenarios/streams/backlog-replay/backlog-replay.scenario.ts";
import { sinkLoad, sinkTime } from "../../../../scenarios/streams/backlog-replay/charts.ts";
import {
	catchUpMs,
	efficiencyPct,
	peakPct,
	type ReplayFacts,
} from "../../../../scenarios/streams/backlog-replay/findings.ts";
import {
	type P,
	slowShare,
	statedPerSec,
} from "../../../../scenarios/streams/backlog-replay/params.ts";
import type { Observed } from "../../../../scenarios/streams/backlog-replay/record.ts";
import type { Slice } from "../../../../scenarios/streams/backlog-replay/timeline.ts";

const scenario = replay as unknown as Scenario;
const rules = {
	schema: JSON.parse(JSON.stringify(replay.params)),
	sizes: JSON.parse(JSON.stringify(replay.sizes)),
	guarded: true,
};
const paramsOf = (given: Record<string, unknown> = {}) =>
	resolveParams(rules, given).params as unknown as P;
const p = { ...paramsOf(), backlog: 24_000 };

const digest = { count: 3, checksum: "aa", parts: [] };
const written = exactlyOnce(
	["40000", "40001"].map((key) => [key, "ok"] as const),
	new Map(["40000", "40001"].map((key) => [key, 1])),
);

/** A replay from second 4 to 14: at 3,000 a second, and at 1,500 from 7 to 10 while the sink is slow; live is in time. */
const slices = Array.from({ length: 160 }, (_, place): Slice => {
	const atMs = 100 * place;
	const isReplaying = atMs >= 4_000 && atMs < 14_000;
	const isSlow = atMs >= 7_200 && atMs < 10_000;
	return [atMs, isReplaying ? (isSlow ? 150 : 300) : 0, 20, 20, 0, 20];
});

const good: Observed = {
	finished: true,
	replayed: digest,
	coverage: { backlogCount: p.backlog, coveredCount: p.backlog, overlapCount: 0 },
	live: written,
	keyCount: 300,
	staleCount: 0,
	gate: {
		capacityPerSec: 4_000,
		safePerSec: 3_200,
		grantCount: 5_000,
		peakPerSec: 3_264,
		outOfTurnCount: 0,
	},
	replay: { fromMs: 4_000, toMs: 14_000, errorCount: 0 },
	sliceMs: 100,
	timeline: slices,
};

const slowFault = {
	kind: "slow-work",
	on: "sink",
	injectedMs: 7_000,
	healedMs: 10_000,
} as ReplayFacts["faults"][number];

interface History {
	observed?: Partial<Observed>;
	params?: Partial<P>;
	alerts?: string[];
	recovery?: ReplayFacts["recovery"];
	faults?: ReplayFacts["faults"];
}

function factsOf({
	observed = {},
	params = {},
	alerts = [],
	recovery = { mttrMs: 3_500, afterHealMs: 500, censored: false },
	faults = [slowFault],
}: History): ReplayFacts {
	return {
		params: { ...p, ...params },
		case: null,
		phases: [],
		loads: [],
		faults,
		alerts: ["live-over-its-objective", "sink-over-what-is-safe"].map((rule) => ({
			rule,
			case: null,
			origin: "plan" as const,
			firedMs: alerts.includes(rule) ? [9_000] : [],
			resolvedMs: [],
			acknowledgedMs: [],
			score: null,
		})),
		recovery,
		straddlingCount: 0,
		observed: { ...good, ...observed },
		expected: { replayed: digest },
	};
}

const judged = (history: History) => {
	const { checks } = judge(scenario.judgement, factsOf(history) as never, null);
	t.notOk(
		checks.some(({ outcome }) => outcome === "threw"),
		"no check threw",
	);
	return checks;
};
const wrongIn = (history: History) =>
	judged(history)
		.filter(({ outcome }) => outcome !== "held")
		.map(({ id }) => id);

t.test("a good history passes every check", (t) => {
	const checks = judged({});
	t.same(
		checks.map(({ id, kind }) => [id, kind]),
		[
			["backlog-once", "correctness"],
			["contents-match", "correctness"],
			["live-once", "correctness"],
			["newest-wins", "correctness"],
			["sink-protected", "correctness"],
			["live-first", "correctness"],
			["live-in-time", "performance"],
			["capacity-as-stated", "performance"],
			["alerts-silent", "performance"],
			["catches-up", "performance"],
			["backs-off", "performance"],
			["recovers-in-time", "performance"],
		],
	);
	t.same(wrongIn({}), []);
	t.equal(judgeRun(checks, []).verdict, "passed");
	t.end();
});

/** The slices with those from one instant to another changed. */
const between = (fromMs: number, toMs: number, change: (slice: Slice) => Slice) => ({
	timeline: slices.map((slice) => (slice[0] >= fromMs && slice[0] < toMs ? change(slice) : slice)),
});
const late = ([atMs, replayed, lived, due, , sinkMs]: Slice): Slice => [
	atMs,
	replayed,
	lived,
	due,
	due,
	sinkMs,
];
const someLate = ([atMs, replayed, lived, due, , sinkMs]: Slice): Slice => [
	atMs,
	replayed,
	lived,
	due,
	15,
	sinkMs,
];
const atFullSpeed = ([atMs, , ...rest]: Slice): Slice => [atMs, 300, ...rest];

t.test("each kind of damage is caught by the check that is there for it", (t) => {
	const gate = (seen: object) => ({ gate: { ...good.gate, ...seen } });
	const coverage = (seen: object) => ({ coverage: { ...good.coverage, ...seen } });
	const rows: [bad: History, failed: string[], why: string][] = [
		[{ observed: coverage({ coveredCount: 23_999 }) }, ["backlog-once"], "one was not delivered"],
		[{ observed: coverage({ overlapCount: 1 }) }, ["backlog-once"], "one was twice"],
		[{ observed: coverage({ backlogCount: 23_999 }) }, ["backlog-once"], "the topic lacks one"],
		[{ observed: { replayed: { ...digest, count: 2 } } }, ["contents-match"], "a key lacks some"],
		[{ observed: { live: { ...written, lostCount: 1 } } }, ["live-once"], "a live write is lost"],
		[
			{ observed: { staleCount: 1 } },
			["newest-wins"],
			"an old value has taken a newer one's place",
		],
		[{ observed: gate({ peakPerSec: 3_265 }) }, ["sink-protected"], "102.03 %"],
		[{ observed: gate({ outOfTurnCount: 1 }) }, ["live-first"], "a batch before a live write"],
		[
			{ observed: gate({ capacityPerSec: 3_599 }) },
			["capacity-as-stated"],
			"not what its slots say",
		],
		[{ observed: between(5_000, 5_200, late) }, ["live-in-time"], "40 of 1,600 were late"],
		[{ observed: between(5_000, 5_050, someLate) }, [], "15 of them are 0.9 %"],
		[{ observed: between(7_000, 9_000, late) }, [], "the ramp has two seconds"],
		[{ observed: between(9_000, 9_200, late) }, ["live-in-time"], "and no more"],
		[{ observed: between(4_000, 14_000, late) }, ["live-in-time"], "all were late"],
		[{ alerts: ["sink-over-what-is-safe"] }, ["alerts-silent"], "the sink's load was told"],
		[{ alerts: ["live-over-its-objective"] }, ["alerts-silent"], "live latency was"],
		[
			{ observed: { replay: { fromMs: 4_000, toMs: 15_600, errorCount: 0 } } },
			["catches-up"],
			"two seconds longer than it had to take",
		],
		[{ observed: between(7_000, 10_000, atFullSpeed) }, ["backs-off"], "it did not slow down"],
		[{ recovery: null }, ["recovers-in-time"], "steady state was not back"],
	];
	for (const [bad, failed, why] of rows) t.same(wrongIn(bad), failed, why);
	t.end();
});

t.test(
	"of a replay that has not ended nothing is lost yet, and old values are still wrong",
	(t) => {
		const unfinished: Partial<Observed> = {
			finished: false,
			coverage: { ...good.coverage, coveredCount: 10 },
			replayed: { ...digest, count: 1 },
		};
		t.same(wrongIn({ observed: unfinished }), []);
		t.notOk(judged({ observed: unfinished }).some(({ id }) => id === "backlog-once"));
		t.same(wrongIn({ observed: { ...unfinished, staleCount: 1 } }), ["newest-wins"]);
		t.end();
	},
);

t.test("without a slow sink nobody has to back off", (t) => {
	const history: History = { params: { slow: "off" }, faults: [], recovery: null };
	t.notOk(judged(history).some(({ id }) => id === "backs-off" || id === "recovers-in-time"));
	t.equal(Math.round(efficiencyPct(factsOf(history))!), 80, "8 s would have been enough");
	t.end();
});

t.test("what is told of a replay is as arithmetic has it", (t) => {
	const facts = factsOf({});
	t.equal(peakPct(facts), 102);
	t.equal(catchUpMs(facts), 10_000);
	// Half as quick for three seconds: 1,600 − 200 are left then, so that it takes 7 + 3 · 1,600 / 3,000 s more.
	t.equal(Math.round(efficiencyPct(facts)!), 96);
	t.equal(slowShare(p), 0.5);
	t.equal(statedPerSec(p), 4_000);
	const [replayed, lived, safe] = sinkLoad.series(facts);
	t.same(replayed!.points[45], [4.5, 3_000]);
	t.same(lived!.points[0], [0, 200]);
	t.same(safe!.points[0], [0, 3_200]);
	t.same(sinkTime.series(facts)[0]!.points[0], [0, 20]);
	t.end();
});

t.test("a batch that no second could be held to is refused before anything starts", (t) => {
	t.throws(() => scenario.plan({ ...p, batch: 33 } as never), {
		message: /batch must be at most 32/,
	});
	const plan = scenario.plan(p as never);
	t.equal(plan.jobs?.replay?.file, "./replay.ts");
	t.same(plan.loads.replay?.arrival, { kind: "trials", count: 1 });
	t.end();
});
