import { join } from "node:path";
import { type GuardTrial, type HookContext, withPostgres } from "faultline";
import {
	blobsOf,
	type MainCommit,
	mainsOf,
	textsBelow,
	wrongFiles,
} from "../../subjects/forge/seen.ts";
import { saidFile, saidIn, type Told, toldOf } from "../../subjects/gate/said.ts";
import { leftInScratch, makeScratchRole } from "../../subjects/gate/scratch-database.ts";
import {
	guardTrialsOf,
	type Pushes,
	pushesOf,
	readsIn,
	receiptsIn,
} from "../../subjects/gate/trial.ts";
import { Changes } from "./changes/changes.ts";
import { repositoryName } from "./forge/repository.ts";
import type { P } from "./params.ts";
import { type Rebuilt, rebuild } from "./scratch-seen.ts";
import { filesOf } from "./shop/files.ts";

type Ctx = HookContext<P, "postgres", unknown, "changes" | "reads", "gate" | "forge">;

/** What is seen of a run when it is over. */
export type Observed = {
	trials: GuardTrial[];
	pushes: Pushes;
	/** What main has been, from the last back to the first, along first parents. */
	mains: MainCommit[];
	told: Told[];
	/** Mains that readers saw, and how often. */
	reads: { oid: string; count: number }[];
	/** Paths of main whose text is not what the seed says, or that should not be there, or are not. */
	wrongFiles: string[];
	filesCount: number;
	rebuilt: Rebuilt;
	/** What checks have left in the scratch database. */
	left: string[];
};

/** A role of the gate's own, which can do nothing but make schemas in the run's database. */
export async function arrange({ direct, names }: Pick<Ctx, "direct" | "names">): Promise<void> {
	await withPostgres(direct, (client) =>
		makeScratchRole((text) => client.query(text), names.database),
	);
}

/** The repository read by git, the database by its catalog, and what both should be by the seed. */
export async function observe(ctx: Ctx): Promise<Observed> {
	const { direct, names, params } = ctx;
	const receipts = await receiptsIn(ctx.journal("changes"));
	const changes = new Changes(params.seed);
	const count = params.trials;
	const folder = join(ctx.subjectFolder("forge"), repositoryName);
	const wanted = changes.after(count);
	const files = await blobsOf(folder);
	const seen = await withPostgres(direct, async (client) => {
		const ask = async (text: string) => (await client.query(text)).rows;
		const left = await leftInScratch(ask, names.database);
		const migrations = await textsBelow(folder, "migrations/");
		return { left, rebuilt: await rebuild(ask, [...migrations.values()], wanted) };
	});
	return {
		trials: guardTrialsOf(count, (n) => changes.at(n), receipts),
		pushes: pushesOf(receipts),
		mains: await mainsOf(folder),
		told: toldOf(saidIn(join(ctx.subjectFolder("gate"), saidFile))),
		reads: await readsIn(ctx.journal("reads")),
		wrongFiles: wrongFiles(files, filesOf(wanted)),
		filesCount: files.size,
		...seen,
	};
}
