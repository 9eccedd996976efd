import { fault, phasesOf, recovery, scenario, withS3 } from "faultline";
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
	params: tierParams,
	// Each step of a move is some requests to another process here.
	sizes: {
		small: {
			...tierSizes.small,
			realObjects: 80,
			movesAtOnce: 8,
			readsPerSec: 40,
			readP95MsMax: 400,
			faultMs: 2_500,
		},
		large: tierSizes.large,
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
