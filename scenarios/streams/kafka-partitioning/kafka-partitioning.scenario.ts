import {
	countOf,
	type FaultSpec,
	fault,
	load,
	type Metric,
	msOf,
	noNames,
	pctOf,
	phasesOf,
	scenario,
	shapedCount,
} from "faultline";
import { casesOf } from "./cases.ts";
import { charts, overallCharts } from "./charts.ts";
import { checks, overallChecks } from "./checks.ts";
import { type CaseFacts, lagCounts, leftPct, rebalanceMs, throughputPerSec } from "./findings.ts";
import { total } from "./lag.ts";
import { consumerNames, topicOf } from "./names.ts";
import { type P, properties } from "./params.ts";
import { produceTo } from "./produce.ts";
import { promisesOrder } from "./strategies.ts";
import { routeOf, sent } from "./workload.ts";

/** Between two faults of a case, so that each is seen by itself. */
const gapMs = 2_000;

// What needs a client is imported where it is used: the load's thread plans with this file as well.

export default scenario({
	title: "Kafka partitioning: where the lag grows, and what it costs to keep a key together",
	question: "Which partitioner for which keys and rate, and what does it do to lag and latency?",
	params: properties,
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
	needs: ["kafka"],
	cases: casesOf,

	plan: (p) => ({
		phases: phasesOf({ ...p, recoverLimitMs: 5_000 }),
		paths: { log: "kafka" },
		subjects: Object.fromEntries(
			consumerNames(p).map((name) => [
				name,
				{
					file: "./consumer.ts",
					keep: true as const,
					env: {
						TOPIC: topicOf(noNames, p),
						NAME: name,
						MEMBERS: p.consumers,
						PARTITIONS: p.partitions,
						COST_US: p.costUs,
						COMMIT_MS: p.commitMs,
						...(promisesOrder(p.strategy) ? { ORDERED_KEYS: p.keys } : {}),
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

	atScale: {
		growth:
			"Below its capacity a partition's lag is what is under way. Beyond it, it grows with (share × rate − 1 ÷ cost) × time: with the Zipf keys from 8,000 to 16,000 messages/s as rate^2.1 (95 %: 1.8 to 2.4), towards rate^1 far above the capacity.",
		breaksFirst:
			"The partition of the hottest key: with a share s and a cost c it is full at 1 ÷ (s × c) messages a second, 5,300 with the defaults, whatever the number of partitions and consumers.",
		replacement:
			"Salting with a second stage that puts the parts of a key together; a consumer that works on several keys of a partition at once and commits in order; share groups (KIP-932) where nothing is needed of keys.",
	},
})
	.arrange(async (ctx) => {
		const { LagWatch } = await import("./observe.ts");
		return LagWatch.open(ctx);
	})
	.gauges({ lag_count: ({ state: watch }) => watch.look() })
	.observe(
		/** What the consumers wrote down, and what the broker says of the same. */
		async (ctx) => {
			try {
				const { observe } = await import("./observe.ts");
				return await observe(ctx, ctx.state);
			} finally {
				await ctx.state.close();
			}
		},
		/** The messages of each partition, made again from the seed: no broker, no consumer. */
		async ({ params, counts }) => ({
			partitions: sent(routeOf(params), counts("messages").started, params.partitions),
		}),
	)
	.judge({
		checks,
		charts,
		metrics: {
			lag_avg_count: lagOf("avg"),
			lag_max_count: lagOf("max"),
			left_pct: pctOf("lower", leftPct),
			latency_p50_ms: msOf(({ observed }) => observed.latency.p50Ms),
			latency_p95_ms: msOf(({ observed }) => observed.latency.p95Ms),
			latency_p99_ms: msOf(({ observed }) => observed.latency.p99Ms),
			throughput_per_sec: {
				unit: "per_sec",
				direction: "higher",
				portability: "machine",
				measure: throughputPerSec,
			},
			rebalance_ms: msOf(rebalanceMs),
			passed_over_count: countOf(({ observed }) =>
				total(observed.partitions.map(({ skippedCount }) => skippedCount)),
			),
			redelivered_count: shapedCount(({ observed }) =>
				total(observed.partitions.map(({ redeliveredCount }) => redeliveredCount)),
			),
		},
	})
	.judgeAll({ checks: overallChecks, charts: overallCharts });

function lagOf(which: "avg" | "max"): Metric<CaseFacts> {
	return {
		unit: "count",
		direction: "lower",
		portability: "machine",
		measure: (facts) => lagCounts(facts)?.[which] ?? null,
	};
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
