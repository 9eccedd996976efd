import { Type } from "typebox";
import { noNames } from "../../../base/run-names.ts";
import { type FaultSpec, fault } from "../../../chaos/fault.ts";
import { load } from "../../contract/plan.ts";
import { scenario } from "../../contract/scenario.ts";
import { casesOf } from "./cases.ts";
import { charts, overallCharts } from "./charts.ts";
import { checks, overallChecks } from "./checks.ts";
import { type CaseFacts, lagCounts, leftPct, rebalanceMs, throughputPerSec } from "./findings.ts";
import { total } from "./lag.ts";
import { consumerNames, topicOf } from "./names.ts";
import type { LagWatch } from "./observe.ts";
import { type P, properties } from "./params.ts";
import { produceTo } from "./produce.ts";
import { promisesOrder } from "./strategies.ts";
import { routeOf, sent } from "./workload.ts";

/** Between two faults of a case, so that each is seen by itself. */
const gapMs = 2_000;

/** Of the case that is under way; a run host has one at a time. */
let watch: LagWatch | null = null;

// What needs a client is imported where it is used: the load's thread plans with this file as well.

export default scenario({
	title: "Kafka partitioning: where the lag grows, and what it costs to keep a key together",
	question: "Which partitioner for which keys and rate, and what does it do to lag and latency?",
	params: Type.Object(properties),
	sizes: {
		small: {
			costUs: 4_000,
			commitMs: 50,
			warmMs: 150,
			steadyMs: 250,
			drainMs: 150,
			intervalMs: 50,
		},
		large: { steadyMs: 10_000 },
	},
	guarded: false,
	needs: ["kafka"],
	cases: (p: P) => casesOf(p),

	plan: (p: P) => ({
		phases: {
			warmMs: p.warmMs,
			steadyMs: p.steadyMs,
			recoverLimitMs: 5_000,
			intervalMs: p.intervalMs,
		},
		paths: { log: "kafka" },
		subjects: Object.fromEntries(
			consumerNames(p).map((name) => [
				name,
				{
					file: "./consumer.ts",
					keep: true,
					env: {
						TOPIC: topicOf(noNames, p),
						NAME: name,
						MEMBERS: String(p.consumers),
						PARTITIONS: String(p.partitions),
						COST_US: String(p.costUs),
						COMMIT_MS: String(p.commitMs),
						...(promisesOrder(p.strategy) ? { ORDERED_KEYS: String(p.keys) } : {}),
					},
				},
			]),
		),
		loads: {
			messages: load({
				arrival: { kind: "constant", ratePerSec: p.ratePerSec },
				clients: { log: { driver: "kafka-wire", at: "log", connections: 1 } },
				deadlineMs: 10_000,
				// A second's worth: a broker that is slower than that is not one that takes this rate.
				inFlightMax: Math.max(100, p.ratePerSec),
				okPctMin: 99,
				work: { issue: ({ log }, names) => produceTo(log, topicOf(names, p), p) },
			}),
		},
		faults: faultsOf(p),
		// Only what is broken recovers.
		steady:
			p.fault === "none" ? [] : [{ load: "messages", signal: "error_pct", is: "below", value: 1 }],
		alerts: [
			{
				id: "lag-over-a-second",
				when: { gauge: "lag_count", is: "above", value: p.ratePerSec },
				forIntervals: 2,
			},
		],
	}),

	async arrange(ctx) {
		const { LagWatch } = await import("./observe.ts");
		watch = await LagWatch.open(ctx);
	},

	gauges: {
		lag_count: async () => (watch === null ? Number.NaN : watch.look()),
	},

	/** What the consumers wrote down, and what the broker says of the same. */
	async observe(ctx) {
		if (watch === null) throw new Error("the lag was not watched");
		try {
			const { observe } = await import("./observe.ts");
			return await observe(ctx, watch);
		} finally {
			await watch.close();
			watch = null;
		}
	},

	/** The messages of each partition, made again from the seed: no broker, no consumer. */
	async truth({ params, counts }) {
		return { partitions: sent(routeOf(params), counts("messages").started, params.partitions) };
	},

	checks,

	metrics: {
		lag_avg_count: {
			unit: "count",
			direction: "lower",
			portability: "machine",
			measure: (facts: CaseFacts) => lagCounts(facts)?.avg ?? null,
		},
		lag_max_count: {
			unit: "count",
			direction: "lower",
			portability: "machine",
			measure: (facts: CaseFacts) => lagCounts(facts)?.max ?? null,
		},
		left_pct: {
			unit: "pct",
			direction: "lower",
			portability: "bounded",
			measure: leftPct,
		},
		latency_p50_ms: latency("p50Ms"),
		latency_p95_ms: latency("p95Ms"),
		latency_p99_ms: latency("p99Ms"),
		throughput_per_sec: {
			unit: "per_sec",
			direction: "higher",
			portability: "machine",
			measure: throughputPerSec,
		},
		rebalance_ms: {
			unit: "ms",
			direction: "lower",
			portability: "machine",
			measure: rebalanceMs,
		},
		passed_over_count: {
			unit: "count",
			direction: "lower",
			portability: "exact",
			measure: ({ observed }: CaseFacts) =>
				total(observed.partitions.map(({ skippedCount }) => skippedCount)),
		},
		redelivered_count: {
			unit: "count",
			direction: "lower",
			portability: "bounded",
			measure: ({ observed }: CaseFacts) =>
				total(observed.partitions.map(({ redeliveredCount }) => redeliveredCount)),
		},
	},

	charts,
	overall: { checks: overallChecks, charts: overallCharts },

	atScale: {
		growth:
			"Below its capacity a partition's lag is what is under way. Beyond it, it grows with (share × rate − 1 ÷ cost) × time: with the Zipf keys from 8,000 to 16,000 messages/s as rate^2.1 (95 %: 1.8 to 2.4), towards rate^1 far above the capacity.",
		breaksFirst:
			"The partition of the hottest key: with a share s and a cost c it is full at 1 ÷ (s × c) messages a second, 5,300 with the defaults, whatever the number of partitions and consumers.",
		replacement:
			"Salting with a second stage that puts the parts of a key together; a consumer that works on several keys of a partition at once and commits in order; share groups (KIP-932) where nothing is needed of keys.",
	},
});

function latency(which: "p50Ms" | "p95Ms" | "p99Ms") {
	return {
		unit: "ms",
		direction: "lower",
		portability: "machine",
		measure: ({ observed }: CaseFacts) => observed.latency[which],
	} as const;
}

function faultsOf(p: P): FaultSpec[] {
	const at = (turn: number) => {
		const fromMs = turn * (p.faultMs + gapMs);
		return { fromMs, toMs: fromMs + p.faultMs };
	};
	// Half as much again as the partition's messages leave time for.
	const slowUs = Math.round((1.5 * 1e6 * p.partitions) / p.ratePerSec);
	const victim = consumerNames(p)[0]!;
	const kinds = {
		"slow-link": (turn: number) => fault("latency", "log", { latencyMs: p.linkMs }, at(turn)),
		crash: (turn: number) => fault("kill", victim, {}, at(turn)),
		"slow-partition": (turn: number) =>
			fault("slow-work", victim, { part: "0", extraUs: slowUs }, at(turn)),
	};
	switch (p.fault) {
		case "none":
			return [];
		case "all":
			return Object.values(kinds).map((kind, turn) => kind(turn));
		case "slow-link":
		case "crash":
		case "slow-partition":
			return [kinds[p.fault](0)];
		default:
			return p.fault satisfies never;
	}
}
