import t from "tap";
import { judge } from "../../../../daemon/host/judge.ts";
import { judgeRun } from "../../../../daemon/judgement/verdict.ts";
import { stepsPacer } from "../../../../load/steps-pacer.ts";
import { summarize } from "../../../../load/summary.ts";
import { resolveParams } from "../../../../scenarios/contract/params.ts";
import type { Scenario } from "../../../../scenarios/contract/scenario.ts";
import { exactlyOnce } from "../../../../scenarios/kit/exactly-once.ts";
import { burstSeen } from "../../../../scenarios/streams/ingest-backpressure/burst-seen.ts";
import { casesOf } from "../../../../scenarios/streams/ingest-backpressure/cases.ts";
import { goodputCurve } from "../../../../scenarios/streams/ingest-backpressure/charts.ts";
import type { Decision } from "../../../../scenarios/streams/ingest-backpressure/decisions.ts";
import { eventOf } from "../../../../scenarios/streams/ingest-backpressure/event.ts";
import type { CaseFacts } from "../../../../scenarios/streams/ingest-backpressure/findings.ts";
import ingest from "../../../../scenarios/streams/ingest-backpressure/ingest-backpressure.scenario.ts";
import {
	burstWindow,
	type P,
	statedPerSec,
	stepsOf,
} from "../../../../scenarios/streams/ingest-backpressure/params.ts";
import type { Observed } from "../../../../scenarios/streams/ingest-backpressure/record.ts";
import { timelineOf } from "../../../../scenarios/streams/ingest-backpressure/timeline.ts";
import { type Told, zeroAtMsOf } from "../../../../scenarios/streams/ingest-backpressure/told.ts";

const scenario = ingest as unknown as Scenario;
const rules = {
	schema: JSON.parse(JSON.stringify(ingest.params)),
	sizes: JSON.parse(JSON.stringify(ingest.sizes)),
	guarded: true,
};
const paramsOf = (given: Record<string, unknown> = {}) =>
	resolveParams(rules, given).params as unknown as P;
const small = paramsOf({ size: "small", burstMs: "600", goodputPctMin: "90" });

const digest = { count: 3, checksum: "aa", parts: [] };
const once = exactlyOnce(
	["a", "b", "c"].map((key) => [key, "ok"] as const),
	new Map(["a", "b", "c"].map((key) => [key, 1])),
);

const good: Observed = {
	stored: once,
	published: once,
	rows: digest,
	messages: digest,
	unpublishedCount: 0,
	unansweredCount: 0,
	audit: {
		receivedCount: 520,
		refusedCount: 300,
		startedCount: 220,
		errorCount: 0,
		errorsAtMs: [],
		waitingMax: 6,
		underWayMax: 10,
		forNobodyCount: 0,
		shedCount: 280,
		unfairCount: 0,
		outOfTurnCount: 0,
		overLimitCount: 0,
	},
	burst: {
		usefulMs: 0.95 * small.slots * small.burstMs,
		recoveredAfterMs: 100,
		lookedMs: 250,
		criticalCount: 15,
		criticalOkCount: 15,
		mostByClient: 30,
	},
	capacityPerSec: 100,
	refusalMs: 0.2,
	zeroAtMs: 7_000,
	timeline: [],
};

interface History {
	observed?: Partial<Observed>;
	params?: Partial<P>;
	attempts?: number;
	errors?: Record<string, number>;
	recovery?: CaseFacts["recovery"];
	faults?: CaseFacts["faults"];
}

/** From one second of the run to two. */
const broken = { injectedMs: 1_000, cleanMs: 2_000 } as CaseFacts["faults"][number];

function factsOf({
	observed = {},
	params = {},
	attempts = 520,
	errors = {},
	recovery = { mttrMs: 900, afterHealMs: 200, censored: false },
	faults = [],
}: History): CaseFacts {
	const summary = summarize([], { fromMs: 0, toMs: 1_000 });
	const all = { ...summary, started_count: 500, ok_count: 200, errors };
	return {
		params: { ...small, ...params },
		case: null,
		phases: [],
		loads: [{ name: "events", phase: "all", summary: all, counters: { "api.attempts": attempts } }],
		faults,
		alerts: [],
		recovery,
		straddlingCount: 0,
		observed: { ...good, ...observed },
		expected: { rows: digest },
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
			["stored-once", "correctness"],
			["contents-match", "correctness"],
			["log-first", "correctness"],
			["attempts-agree", "correctness"],
			["queue-bounded", "correctness"],
			["deadlines-kept", "correctness"],
			["within-contract", "correctness"],
			["downstream-errors", "correctness"],
			["important-first", "correctness"],
			["refusals-say-when", "correctness"],
			["retry-amplification", "correctness"],
			["goodput", "performance"],
			["recovers-after-burst", "performance"],
			["capacity-is-the-store's", "performance"],
			["refusal-is-cheap", "performance"],
			["recovers-in-time", "performance"],
		],
	);
	t.same(wrongIn({}), []);
	t.equal(judgeRun(checks, []).verdict, "passed");
	t.end();
});

t.test("each kind of damage is caught by the check that is there for it", (t) => {
	const audit = (found: Record<string, number | number[]>) => ({
		audit: { ...good.audit, ...found },
	});
	const burst = (found: object) => ({ burst: { ...good.burst!, ...found } });
	const other = { ...digest, checksum: "bb" };
	const lost = { ...once, lostCount: 1 };
	const rows: [bad: History, failed: string[], why: string][] = [
		[{ observed: { stored: lost } }, ["stored-once"], "an accepted event is not stored"],
		[{ observed: { rows: other } }, ["contents-match"], "a row is not what was sent"],
		[{ observed: { messages: other } }, ["contents-match"], "nor a message"],
		[{ observed: { published: lost } }, ["log-first"], "an accepted event is not in the log"],
		[{ observed: { unpublishedCount: 1 } }, ["log-first"], "a row is not in the log"],
		[{ observed: { published: { ...once, doubledCount: 5 } } }, [], "a message may come twice"],
		[{ attempts: 519 }, ["attempts-agree"], "a request that no client sent"],
		[{ attempts: 521 }, ["attempts-agree"], "a try that did not come in"],
		[{ attempts: 521, errors: { ECONNRESET: 1 } }, [], "its connection was reset"],
		[{ attempts: 521, errors: { refused: 9 } }, ["attempts-agree"], "those had an answer"],
		[{ attempts: 521, observed: { unansweredCount: 1 } }, [], "and was sent again"],
		[{ observed: audit({ waitingMax: 7 }) }, ["queue-bounded"], "one more waited than may"],
		[{ observed: audit({ overLimitCount: 1 }) }, ["queue-bounded"], "one was over the limit"],
		[{ observed: audit({ forNobodyCount: 1 }) }, ["deadlines-kept"], "work for nobody"],
		[{ observed: audit({ unfairCount: 1 }) }, ["important-first"], "the wrong one was shed"],
		[{ observed: audit({ outOfTurnCount: 1 }) }, ["important-first"], "one before its turn"],
		[{ observed: audit({ errorCount: 3 }) }, ["downstream-errors"], "1.4 % of calls failed"],
		[{ observed: audit({ errorCount: 2 }) }, [], "0.9 % did"],
		[
			{ observed: audit({ errorCount: 3, errorsAtMs: [8_000, 8_100, 8_200] }), faults: [broken] },
			[],
			"its store was broken by a fault",
		],
		[
			{ observed: audit({ errorCount: 6, errorsAtMs: [7_999, 11_001, 12_000] }), faults: [broken] },
			["downstream-errors"],
			"before it and after it",
		],
		[{ errors: { refused_without_retry_after: 1 } }, ["refusals-say-when"], "a silent refusal"],
		[{ observed: burst({ mostByClient: 41 }) }, ["within-contract"], "8 + 40/s × 0.8 s are 40"],
		[
			{ attempts: 601, observed: audit({ receivedCount: 601 }) },
			["retry-amplification"],
			"more than 1.2 tries per event",
		],
		[{ observed: burst({ usefulMs: 2_159 }) }, ["goodput"], "under 90 % at five times"],
		[{ params: { burst: 10 }, observed: burst({ usefulMs: 2_159 }) }, [], "80 % will do at ten"],
		[{ params: { burst: 10 }, observed: burst({ usefulMs: 1_919 }) }, ["goodput"], "under 80 %"],
		[{ observed: { capacityPerSec: 89 } }, ["capacity-is-the-store's"], "not what its slots say"],
		[{ observed: { refusalMs: 0.81 } }, ["refusal-is-cheap"], "over 2 % of 40 ms"],
		[{ observed: burst({ recoveredAfterMs: null }) }, ["recovers-after-burst"], "never seen"],
		[{ observed: burst({ recoveredAfterMs: 2_001 }) }, ["recovers-after-burst"], "too late"],
		[{ recovery: null }, ["recovers-in-time"], "steady state was not back"],
	];
	for (const [bad, failed, why] of rows) t.same(wrongIn(bad), failed, why);
	t.end();
});

t.test("a recovery that was not looked at for long enough is not told", (t) => {
	const after = (lookedMs: number) =>
		judged({ observed: { burst: { ...good.burst!, recoveredAfterMs: null, lookedMs } } }).find(
			({ id }) => id === "recovers-after-burst",
		)?.outcome;
	t.equal(after(1_999), "cannot_tell");
	t.equal(after(2_000), "failed");
	t.end();
});

t.test("the control is looked at, and judged only by what both services promise", (t) => {
	const control: History = {
		params: { control: "on" },
		observed: { audit: { ...good.audit, waitingMax: 900, forNobodyCount: 400 } },
	};
	t.same(wrongIn(control), []);
	t.same(
		judged(control).map(({ id }) => id),
		["stored-once", "contents-match", "log-first", "attempts-agree"],
	);
	t.end();
});

t.test("a sweep has each burst guarded and naive, and the faults after the last", (t) => {
	const on = casesOf(paramsOf());
	t.same(Object.keys(on), [
		"1x",
		"2x",
		"5x",
		"10x",
		"1x-naive",
		"2x-naive",
		"5x-naive",
		"10x-naive",
	]);
	t.same(
		Object.entries(on).flatMap(([id, { faults }]) => (faults === "on" ? id : [])),
		["10x"],
	);
	const off = casesOf(paramsOf({ guard: "off" }));
	t.same(Object.keys(off), ["1x", "2x", "5x", "10x"], "the twin is its own control");
	t.same(casesOf(small), {}, "and a small run is the one that it describes");
	t.end();
});

t.test("the plan offers as much as it says, and refuses a burst that does not fit", (t) => {
	const plan = scenario.plan({ ...small, burst: 10 } as never);
	const { arrival, inFlightMax } = plan.loads.events!;
	t.same(arrival, { kind: "steps", steps: stepsOf({ ...small, burst: 10 }) });
	const dueMs = stepsPacer(stepsOf({ ...small, burst: 10 }));
	const { fromMs, toMs } = burstWindow(small);
	const inBurst = Array.from({ length: 2_000 }, (_, n) => dueMs(n)!).filter(
		(ms) => ms >= fromMs && ms < toMs,
	);
	t.equal(inBurst.length, (10 * statedPerSec(small) * small.burstMs) / 1_000);
	t.ok(inFlightMax >= (inBurst.length * small.deadlineMs) / small.burstMs);
	t.throws(() => scenario.plan({ ...small, steadyMs: 800 } as never), {
		message: /steadyMs must be over beforeMs \+ burstMs = 800, but is 800/,
	});
	t.end();
});

t.test("the curve has a line for each service, from nothing on", (t) => {
	const cases = [
		factsOf({ params: { burst: 5 } }),
		factsOf({ params: { burst: 2 } }),
		factsOf({ params: { burst: 5, control: "on" }, observed: { capacityPerSec: null } }),
	];
	const lines = goodputCurve.series(cases);
	t.same(
		lines.map(({ label, points }) => [label, points.map(([x]) => x)]),
		[
			["guarded", [0, 2, 5]],
			["naive", [0, 5]],
		],
	);
	t.equal(Math.round(lines[0]!.points[1]![1]!), 95);
	t.end();
});

/** What clients were told of 80 events, of which the burst's are critical or not by the seed; the load began at 1,000. */
const told = Array.from({ length: 80 }, (_, n): Told => {
	const dueMs = stepsPacer(stepsOf(small))(n)!;
	const intendedAtMs = 1_000 + dueMs;
	const receipt = { intendedAtMs, endAtMs: intendedAtMs + 45, unansweredCount: 0 };
	return { event: eventOf(n, small), dueMs, outcome: "ok", receipt };
});

t.test("the load's zero is known from any event that was accepted", (t) => {
	t.equal(zeroAtMsOf(told), 1_000);
	t.equal(zeroAtMsOf(told.map((one) => ({ ...one, outcome: "fail", receipt: null }))), null);
	t.equal(burstSeen(small, [], [], []), null);
	t.end();
});

t.test("of the burst it is seen who came most, and what became of the critical", (t) => {
	const { fromMs } = burstWindow(small);
	const asked = (client: number, ms: number): Decision => ({
		is: "refused",
		atMs: 1_000 + ms,
		key: ms,
		client,
		priority: 1,
		deadlineAtMs: 5_000,
		why: "queue_full",
	});
	const decisions = [
		...[1, 2, 3].map((ms) => asked(7, fromMs + ms)),
		...[1, 2].map((ms) => asked(8, fromMs + ms)),
		...[1, 2, 3, 4].map((ms) => asked(8, fromMs - 10 + ms)),
	];
	const refused = told.map((one) =>
		one.event.priority === 0 ? { ...one, outcome: "fail" as const, receipt: null } : one,
	);
	const work = told.map(
		({ event, dueMs }) => [event.eventId, 1_000 + dueMs, 1_040 + dueMs] as const,
	);
	const seen = burstSeen(small, refused, work, decisions)!;
	t.equal(seen.mostByClient, 3);
	t.equal(seen.criticalOkCount, 0);
	const critical = told.filter(({ event, dueMs }) => event.priority === 0 && dueMs >= fromMs);
	t.equal(seen.criticalCount, critical.length);
	t.ok(seen.usefulMs > 0);
	t.end();
});

t.test("the queue over time is told with no more points than can be seen", (t) => {
	const decisions = Array.from({ length: 2_000 }, (_, n): Decision[] => [
		{ is: "queued", atMs: 1_000 + n, key: n, client: 0, priority: 1, deadlineAtMs: 9_000 },
		{ is: "started", atMs: 1_000 + n, key: n, underWay: 1, limit: 4 },
		{ is: "ended", atMs: 1_000 + n, key: n, how: "done" },
	]).flat();
	const moments = timelineOf(decisions, 1_000);
	t.ok(moments.length <= 600 && moments.length > 300);
	t.same(moments[0], [0, 0, 1, 4]);
	t.end();
});
