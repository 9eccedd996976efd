import { scenario, tool } from "faultline";
import { seededLoad } from "../../subjects/streams/produce-seeded.ts";
import {
	cpuCost,
	goesOn,
	logAsSent,
	resultLatency,
} from "../../subjects/streams/stream-judgement.ts";
import { streamPlan } from "../../subjects/streams/stream-plan.ts";
import type { EngineName } from "./engine-names.ts";
import { engines } from "./engines.ts";
import { counted, timed } from "./judgement.ts";
import { messageOf, streamOf } from "./names.ts";
import { type P, properties } from "./params.ts";

// What needs a client is imported where it is used: the load's thread plans with this file as well.

export default scenario({
	title: "Sliding windows: per user over 1 min, 5 min and 1 h, by the time at which it happened",
	question:
		"Is every window of every user right, with late, repeated and disordered events, whatever is killed meanwhile?",
	params: properties,
	sizes: {
		small: {
			ratePerSec: 1_500,
			backlog: 6_000,
			fault: "kill",
			users: 16,
			gapMs: 600,
			horizonMs: 2_400_000,
			quietMs: 400,
			sessionTimeoutMs: 1_000,
			gatherMs: 20,
			quietLookMs: 60,
			faultMs: 500,
			p95MsMax: 10_000,
			warmMs: 150,
			steadyMs: 300,
			recoverLimitMs: 2_500,
			intervalMs: 75,
		},
		large: { users: 1_000, ratePerSec: 10_000, gapMs: 10, steadyMs: 20_000 },
	},
	needs: ["kafka"],
	needsFor: { engine: { flink: [tool("flink")] } },
	twin: { fails: ["windows-exact", "each-accounted"] },
	limits: { hookMs: 120_000 },
	cases: casesOf,
	plan: (p) =>
		streamPlan(p, engines[p.engine], { purchases: seededLoad(p, streamOf(p), messageOf(p)) }),
	explore: (p) => engines[p.engine].explore(p),
	atScale: {
		growth:
			"`node measure-growth.ts`, three hours through the job: with 100,000 to 800,000 purchases of 100 users windows cost 424 to 483 kB, ~ purchases^0.06, and ids 0.9 to 5.7 MB, ~ purchases^0.89; with 100 to 800 users windows cost 0.47 to 3.8 MB, ~ users^1.00: 4.8 kB a user and 20 bytes an id. A purchase takes 6 to 10 µs of the processor.",
		breaksFirst:
			"The dedup: at 50,000 purchases a second two hours are 360 million ids, 7 GB of changelog, which a restore reads before its partition goes on. Then the ends of windows, each of which walks through all users of a partition at once.",
		replacement:
			"State in a store on disk with snapshots to restore from; ids of the last hours behind a Bloom filter, or idempotent producers that leave fewer repeats; ends spread by user; standby members that read the changelog along.",
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
		counted,
		timed,
		resultLatency((p: P) => engines[p.engine].p95MsMax(p)),
		goesOn,
		cpuCost,
	);

/** On two cores; Flink takes twice as much of the processor for each purchase. */
const replayPerSecMin: Record<EngineName, number> = { node: 50_000, flink: 20_000 };

/** What is live under faults; and what was there before, as fast as can be. */
function casesOf({
	size,
	sweep,
	engine,
}: Pick<P, "size" | "sweep" | "engine">): Record<string, Partial<P>> {
	if (sweep === "off") return {};
	const replay: Partial<P> = {
		fault: "none",
		ratePerSec: 500,
		warmMs: 0,
		steadyMs: 1_000,
		p95MsMax: 0,
		replayPerSecMin: replayPerSecMin[engine],
	};
	switch (size) {
		case "small":
			return {};
		case "default":
			return { live: {}, replay: { ...replay, backlog: 300_000 } };
		case "large":
			return { live: {}, replay: { ...replay, backlog: 1_500_000 } };
		default:
			return size satisfies never;
	}
}
