import { join } from "node:path";
import { phasesOf, recovery, scenario } from "faultline";
import { atScale } from "./at-scale.ts";
import { expected } from "./expected.ts";
import {
	loadsOf,
	moverOf,
	moverPaths,
	steadyReads,
	tierFaults,
	tierParams,
	tierSizes,
	tierTwin,
} from "./experiment.ts";
import { filesStore } from "./files-store.ts";
import { economy, interruptions } from "./judgement.ts";
import { observed } from "./observe.ts";
import { pointersFile } from "./open-storage.ts";
import { readPointers } from "./pointer-log.ts";

export default scenario({
	title: "Storage tiers: objects move between hot, warm and cold, and moves are interrupted",
	question:
		"Do tiers save what they promise within the latency bound, and does every object survive the moves, once, whatever is killed?",
	params: tierParams,
	sizes: tierSizes,
	needs: [],
	twin: tierTwin,
	limits: { hookMs: 120_000 },
	plan: (p) => ({
		phases: phasesOf(p),
		paths: moverPaths,
		// It is killed, and not the machine: what the kernel has is kept.
		subjects: { mover: moverOf(p, { STORE: "files", SYNC: "off" }) },
		loads: loadsOf(p),
		faults: tierFaults(p),
		steady: [...steadyReads(p)],
	}),
	atScale,
})
	.observe(
		async (ctx) => {
			const root = ctx.subjectFolder("mover");
			const pointers = readPointers(join(root, pointersFile));
			return observed(ctx, await filesStore(root, { sync: false }), pointers);
		},
		async (ctx) => expected(ctx.params),
	)
	.judge(interruptions, economy, recovery);
