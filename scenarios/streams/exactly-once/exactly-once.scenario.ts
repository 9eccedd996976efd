import { load, phasesOf, recovery, scenario, tool } from "faultline";
import { charts } from "./charts.ts";
import { engineOf } from "./engines.ts";
import { failureGrammar, failureScript } from "./failures.ts";
import { accepted, judgement, resultsMatch } from "./judgement.ts";
import { topicsOf } from "./names.ts";
import { properties } from "./params.ts";
import { paymentOf } from "./payments.ts";

// What needs a client is imported where it is used: the load's thread plans with this file as well.

export default scenario({
	title:
		"Exactly once: payments through a transaction, whatever is killed, cut off, frozen or fenced meanwhile",
	question:
		"Is every payment among the results once, in order, whatever happens between any two steps of its transaction, and what does that cost?",
	params: properties,
	sizes: {
		small: {
			script: "gaps",
			partitions: 3,
			ratePerSec: 150,
			costPairs: 0,
			downMs: 250,
			warmMs: 150,
			steadyMs: 250,
			recoverLimitMs: 2_500,
			intervalMs: 75,
		},
		large: { script: "leaders", rounds: 3, accounts: 1_000, partitions: 12, ratePerSec: 1_000 },
	},
	needs: ["kafka", "postgres"],
	needsFor: { engine: { flink: [tool("flink")], spark: [tool("spark")] } },
	twin: { fails: ["nothing-doubled", "results-match"] },
	limits: { hookMs: 120_000 },
	explore: failureGrammar,

	atScale: {
		growth:
			"`node scenarios/streams/exactly-once/measure-growth.ts --brokers 127.0.0.1:9092`: with 1, 10, 100 and 1,000 payments in a transaction a processor does 172, 1,485, 7,787 and 20,767 a second, ~ size^0.70, and 0.36, 0.53, 0.75 and 0.82 of what its naive twin does.",
		breaksFirst:
			"Transactions by partition: each has a producer of its own and a commit of some milliseconds, whose markers go to every partition it wrote to. At ten thousand partitions the coordinators write more markers than the processors write results. Then what a restart reads: all balances of a partition.",
		replacement:
			"Larger transactions, by time and not by number; one for all partitions of a processor, fenced by the group's generation, with a client that sends it (librdkafka, the Java client); state in snapshots beside the changelog, of which the rest alone is read; or rows that are known again by their place in the input, which need no transaction at all (`sink=upsert`).",
	},

	plan: (p) => ({
		phases: phasesOf(p),
		paths: { log: "kafka", store: "postgres" },
		subjects: engineOf(p).subjects(p),
		loads: {
			payments: load({
				arrival: { kind: "poisson", ratePerSec: p.ratePerSec },
				clients: { log: { driver: "kafka-wire", at: "log", connections: 1 } },
				deadlineMs: 15_000,
				inFlightMax: Math.max(500, 20 * p.ratePerSec),
				journal: true,
				work: {
					issue: ({ log }, names) => {
						const topic = topicsOf(names.topicPrefix).payments;
						return (operation) => {
							const payment = paymentOf(p.seed, operation.n, p.accounts);
							const key = Buffer.from(payment.account);
							log.produce(topic, { key, value: Buffer.from(JSON.stringify(payment)) }, operation);
						};
					},
				},
			}),
		},
		faults: failureScript(p),
		steady: [{ load: "payments", signal: "error_pct", is: "below", value: 1 }],
		alerts: [
			{
				id: "lag-over-a-second",
				when: { gauge: "lag_count", is: "above", value: p.ratePerSec },
				forIntervals: 2,
			},
		],
	}),
})
	.arrange(async (ctx) => {
		const { openWatch } = await import("./watch.ts");
		return openWatch(ctx);
	})
	.gauges({ lag_count: (ctx) => ctx.state.lag(ctx) })
	.settle({
		limitMs: 300_000,
		stuckMs: ({ params }) => engineOf(params).stuckMs,
		look: async (ctx) => ({
			zero: { lag_count: await ctx.state.lag(ctx), unread_count: await ctx.state.unread() },
		}),
	})
	.observe(
		async (ctx) => {
			const { observe } = await import("./observe.ts");
			return observe(ctx);
		},
		async (ctx) => {
			const { expected } = await import("./observe.ts");
			return expected(ctx);
		},
	)
	.judge(accepted, resultsMatch, judgement, recovery, { charts });
