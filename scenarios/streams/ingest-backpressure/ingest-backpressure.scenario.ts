import {
	type FaultSpec,
	fault,
	load,
	makeTopic,
	monotonicMs,
	msOf,
	pctOf,
	phasesOf,
	scenario,
	withKafka,
	withPostgres,
} from "faultline";
import { casesOf } from "./cases.ts";
import { goodputCurve, queueOverTime } from "./charts.ts";
import { guardedClients, naiveClients, type SendEvent } from "./client.ts";
import { dataChecks } from "./data-checks.ts";
import { eventOf } from "./event.ts";
import {
	type CaseFacts,
	capacityPerSec,
	errorPct,
	goodputPct,
	goodputPerSec,
	refusalCostPct,
	rejectedPct,
} from "./findings.ts";
import { guardChecks } from "./guard-checks.ts";
import {
	budgetShare,
	burstWindow,
	contractOf,
	type P,
	properties,
	serviceOf,
	stepsOf,
} from "./params.ts";
import { timedChecks } from "./timed-checks.ts";
import { writeReceipt } from "./told.ts";

// What needs a client is imported where it is used: the load's thread plans with this file as well.

export default scenario({
	title: "Ingest under a burst: what is refused, what is served, and what is left of the capacity",
	question:
		"How much of its capacity does an ingest service still deliver when ten times as much comes?",
	params: properties,
	sizes: {
		small: {
			sweep: "off",
			// A limit that begins at the store's slots has grown by then; in so short a burst the rest of it counts.
			warmMs: 600,
			goodputPctMin: 75,
			objectiveMs: 220,
			beforeMs: 200,
			burstMs: 1_000,
			// A p99 of so few a second is of the last ten: the burst has to be behind them before it can be steady.
			steadyMs: 2_200,
			slowMs: 250,
			slowByMs: 20,
			gapMs: 50,
			awayMs: 400,
			recoverLimitMs: 2_500,
			intervalMs: 50,
		},
		large: { slots: 16, burstMs: 10_000, steadyMs: 14_000 },
	},
	needs: ["postgres", "kafka"],
	twin: { fails: ["queue-bounded", "deadlines-kept"] },
	cases: casesOf,

	plan: (p) => {
		const { toMs } = burstWindow(p);
		const sendEvent = clientsOf(p);
		const inFlightMax = inFlightMaxOf(p);
		const steadyEndMs = p.warmMs + p.steadyMs;
		if (toMs >= steadyEndMs)
			throw new Error(
				`steadyMs must be over beforeMs + burstMs = ${toMs - p.warmMs}, but is ${p.steadyMs}: the burst would not be over when the faults begin`,
			);
		return {
			phases: phasesOf(p),
			paths: {
				db: "postgres",
				log: "kafka",
				store: { subject: "store" },
				ingest: { subject: "ingest" },
			},
			subjects: {
				store: { file: "./store.ts", env: { SLOTS: p.slots, SERVICE_MS: p.serviceMs } },
				ingest: {
					file: "./ingest.ts",
					env: {
						GUARD: serviceOf(p) === "guarded" ? "on" : "off",
						SERVICE_MS: p.serviceMs,
						DEADLINE_MS: p.deadlineMs,
					},
				},
			},
			loads: {
				events: load({
					arrival: { kind: "steps", steps: stepsOf(p) },
					clients: { api: { driver: "http", at: "ingest", connections: inFlightMax } },
					deadlineMs: p.deadlineMs,
					inFlightMax,
					journal: true,
					work: async ({ api }, operation) => {
						const { intendedAtMs } = operation;
						const unansweredCount = await sendEvent(api, eventOf(operation.n, p), operation);
						return writeReceipt({ intendedAtMs, endAtMs: monotonicMs(), unansweredCount });
					},
				}),
			},
			faults: faultsOf(p),
			// Only what is broken recovers.
			steady:
				p.faults === "off"
					? []
					: [
							{ load: "events", signal: "response_p99_ms", is: "below", value: p.objectiveMs },
							{ load: "events", signal: "error_pct", is: "below", value: 1 },
						],
		};
	},

	atScale: {
		growth:
			"`faultline run ingest-backpressure --size small --guard off -p burstMs=300` (then 600, 1200): what waits in the naive service's memory grows to 163, 283 and 498 requests, ~ burst^0.8; in the guarded one it is 6 whatever comes.",
		breaksFirst:
			"The processor that refuses: past 1 ÷ (what a refusal takes) requests a second it has no time left for those that are served, 33 times capacity with the defaults.",
		replacement:
			"Refuse before the process, in a proxy that knows the limit, or at the client by what it was told (adaptive throttling); limits that all instances of a service share; a store that says itself how full it is.",
	},

	explore: {
		kinds: {
			down: { on: ["log", "db", "store"] },
			"slow-work": { on: ["store"], params: { part: "write", extraUs: [10_000, 200_000] } },
			kill: { on: ["ingest", "store"] },
			reset: { on: ["log", "ingest", "store"] },
			latency: { on: ["log", "db"], params: { latencyMs: [20, 200] } },
		},
		faultsMax: 4,
		horizonMs: 2_000,
	},
})
	.arrange(async (ctx) => {
		const { table, topic } = await import("./observe.ts");
		await withPostgres(ctx.direct, (client) => client.query(table));
		await withKafka(ctx.direct, (admin) =>
			makeTopic(admin, { topic: ctx.names.topicPrefix + topic, numPartitions: 1 }),
		);
	})
	/** A try that its client gave up may still be on its way. */
	.settle({
		limitMs: 2_000,
		stillMs: 50,
		look: async (ctx) => {
			const response = await fetch(`${ctx.subject("ingest")}/received`, { signal: ctx.signal });
			return { still: { received: ((await response.json()) as { count: number }).count } };
		},
	})
	.observe(
		async (ctx) => (await import("./observe.ts")).observe(ctx),
		async (ctx) => (await import("./observe.ts")).expected(ctx),
	)
	.judge(...dataChecks, ...guardChecks, ...timedChecks, {
		metrics: {
			goodput_per_sec: {
				unit: "per_sec",
				direction: "higher",
				portability: "bounded",
				measure: goodputPerSec,
			},
			goodput_pct: pctOf("higher", goodputPct),
			capacity_per_sec: {
				unit: "per_sec",
				direction: "higher",
				portability: "bounded",
				measure: capacityPerSec,
			},
			time_to_recover_ms: msOf(({ observed }) => observed.burst?.recoveredAfterMs ?? null),
			error_pct: pctOf("lower", errorPct),
			rejected_pct: pctOf("lower", rejectedPct),
			critical_ok_pct: pctOf("higher", ({ observed: { burst } }) =>
				burst === null ? null : (100 * burst.criticalOkCount) / burst.criticalCount,
			),
			refusal_cost_pct: { ...pctOf<CaseFacts>("lower", refusalCostPct), portability: "machine" },
		},
		charts: { "queue-and-limit": queueOverTime },
	})
	.judgeAll({ charts: { "goodput-curve": goodputCurve } });

/** Whoever waits, waits in the network or at the service, never in the generator. */
function inFlightMaxOf(p: P): number {
	const mostPerSec = Math.max(...stepsOf(p).map(({ ratePerSec }) => ratePerSec));
	return Math.max(50, Math.ceil((2 * mostPerSec * p.deadlineMs) / 1_000));
}

function clientsOf(p: P): SendEvent {
	return serviceOf(p) === "guarded"
		? guardedClients({
				seed: p.seed,
				clients: p.clients,
				contract: contractOf(p),
				deadlineMs: p.deadlineMs,
				budgetShare,
			})
		: naiveClients();
}

/** The store is slow for a while, and some time later the broker is away. */
function faultsOf(p: P): FaultSpec<"store" | "log">[] {
	if (p.faults === "off") return [];
	const awayFromMs = p.slowMs + p.gapMs;
	return [
		fault(
			"slow-work",
			"store",
			{ part: "write", extraUs: 1_000 * p.slowByMs },
			{ fromMs: 0, toMs: p.slowMs },
		),
		fault("down", "log", {}, { fromMs: awayFromMs, toMs: awayFromMs + p.awayMs }),
	];
}
