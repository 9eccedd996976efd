import { scenario, tool } from "faultline";
import { seededLoad } from "../../subjects/streams/produce-seeded.ts";
import {
	cpuCost,
	goesOn,
	logAsSent,
	resultLatency,
} from "../../subjects/streams/stream-judgement.ts";
import { streamPlan } from "../../subjects/streams/stream-plan.ts";
import { engines } from "./engines.ts";
import { features } from "./judgement.ts";
import { messageOf, streamOf } from "./names.ts";
import { type P, properties } from "./params.ts";

// What needs a client is imported where it is used: the load's thread plans with this file as well.

export default scenario({
	title: "Late features: values of event time that are given, corrected, and over at last",
	question:
		"Do features come to the right values however late activities are, and is none dropped in silence?",
	params: properties,
	sizes: {
		small: {
			ratePerSec: 1_500,
			backlog: 6_000,
			fault: "kill",
			users: 16,
			gapMs: 300,
			sessionTimeoutMs: 1_000,
			gatherMs: 20,
			faultMs: 500,
			p95MsMax: 10_000,
			warmMs: 150,
			steadyMs: 300,
			recoverLimitMs: 2_500,
			intervalMs: 75,
		},
		large: { users: 1_000, ratePerSec: 8_000, gapMs: 20, steadyMs: 20_000, backlog: 200_000 },
	},
	needs: ["kafka"],
	needsFor: { engine: { flink: [tool("flink")], spark: [tool("spark")] } },
	twin: { fails: ["values-converge", "each-in-one-place"] },
	limits: { hookMs: 120_000 },
	plan: (p) =>
		streamPlan(p, engines[p.engine], { activities: seededLoad(p, streamOf(p), messageOf(p)) }),
	explore: (p) => engines[p.engine].explore(p),
	atScale: {
		growth:
			"`node measure-growth.ts`, three hours through the job: with 100,000 to 400,000 activities of 100 users the state is 167 to 173 kB, ~ activities^0.03; with 100 to 400 users 171 to 695 kB, ~ users^1.01; corrected for 10, 20, 40 min 167, 308, 589 kB, ~ lateness^0.91: 150 bytes for each user and open window. An activity takes 3 to 6 µs of the processor.",
		breaksFirst:
			"Lateness times users: ten million users whose windows of a minute are corrected for an hour are 600 million open windows, 90 GB of changelog, which a restore reads before its partition goes on. Then the corrections: each late activity is two records and a write downstream.",
		replacement:
			"State in a store on disk with snapshots; a short lateness for the values that are served and a batch job that corrects the day from the log, whose output has greater versions; corrections gathered for some seconds, so that ten late activities of a window are one; an idle partition's time from the others (see sliding-windows).",
	},
})
	.arrange(async (ctx) => (await import("./observe.ts")).arrange(ctx))
	.settle({
		limitMs: 300_000,
		stuckMs: ({ params }) => engines[params.engine].stuckMs,
		look: async (ctx) => (await import("./observe.ts")).atRest(ctx),
	})
	.observe(async (ctx) => (await import("./observe.ts")).observe(ctx))
	.judge(
		logAsSent,
		features,
		resultLatency((p: P) => engines[p.engine].p95MsMax(p)),
		goesOn,
		cpuCost,
	);
