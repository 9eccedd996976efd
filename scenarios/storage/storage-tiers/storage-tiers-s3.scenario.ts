import { count, fault, ms, number, phasesOf, recovery, scenario, withS3 } from "faultline";
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
import { economy, interruptions } from "./judgement.ts";
import { observed } from "./observe.ts";
import { bucketsFor } from "./open-storage.ts";
import { s3Pointers } from "./s3-pointers.ts";
import { s3Store } from "./s3-store.ts";

export default scenario({
	title: "Storage tiers in S3 buckets: moves between them are interrupted at both ends",
	question:
		"Does every object survive the moves between buckets, once, when the mover is killed and its connections to S3 break?",
	// Each step of a move is some requests to another process here, and a start reads each pointer by one.
	params: {
		...tierParams,
		realObjects: count(150, 10, 5_000, "of these objects, those that really move"),
		readsPerSec: number(40, 1, 2_000, "real reads offered, per second"),
		movesAtOnce: count(8, 1, 64, "real moves that are under way at once"),
		kills: count(3, 1, 50, "times that the mover is killed"),
		faultMs: ms(9_000, 200, 120_000, "time in which it is killed and cold is slow"),
		readP95MsMax: ms(400, 1, 60_000, "p95 of real reads that nothing interrupted, at most"),
	},
	sizes: {
		small: { ...tierSizes.small, realObjects: 80, faultMs: 2_500 },
		large: { ...tierSizes.large, realObjects: 500, kills: 10 },
	},
	needs: ["s3"],
	twin: tierTwin,
	limits: { hookMs: 120_000 },
	plan: (p) => ({
		phases: phasesOf(p),
		paths: { store: "s3", ...moverPaths },
		subjects: { mover: moverOf(p, { STORE: "s3" }) },
		loads: loadsOf(p),
		faults: [
			...tierFaults(p),
			fault(
				"reset",
				"store",
				{},
				{
					fromMs: Math.round(0.8 * p.faultMs),
					toMs: Math.round(0.95 * p.faultMs),
				},
			),
		],
		steady: [...steadyReads(p)],
	}),
	atScale,
})
	.arrange(({ direct, names }) =>
		withS3(direct, async (s3) => {
			const { pointers, ...ofTiers } = bucketsFor(names.bucketPrefix);
			for (const bucket of [pointers, ...Object.values(ofTiers)])
				await s3.request({ method: "PUT", bucket });
		}),
	)
	.observe(
		(ctx) =>
			withS3(ctx.direct, async (s3) => {
				const buckets = bucketsFor(ctx.names.bucketPrefix);
				const table = await s3Pointers(s3, buckets.pointers);
				const pointers = new Map([...table.all()].map((pointer) => [pointer.id, pointer]));
				return observed(ctx, s3Store(s3, buckets), pointers);
			}),
		async (ctx) => expected(ctx.params),
	)
	.judge(interruptions, economy, recovery);
