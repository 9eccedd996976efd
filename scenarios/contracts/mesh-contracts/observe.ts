import { join } from "node:path";
import { type GuardTrial, type HookContext, withPostgres } from "faultline";
import { connectPostgres } from "faultline/subject";
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
import { folderOf } from "./forge/repositories.ts";
import { domainDatabase } from "./gate/means.ts";
import { filesOf } from "./mesh/files.ts";
import { domains, type Mesh, repositoryNames } from "./mesh/mesh.ts";
import { brokenOf } from "./oracle/broken.ts";
import type { P } from "./params.ts";
import { type Radius, radiiOf } from "./radius.ts";
import { type Rebuilt, rebuild } from "./rebuild.ts";

type Ctx = HookContext<P, "postgres", unknown, "changes" | "reads", "web" | "gate" | "forge">;

/** What is seen of a run when it is over. */
export type Observed = {
	trials: GuardTrial[];
	pushes: Pushes;
	/** What each main has been, from the last back to the first, along first parents. */
	repositories: { name: string; mains: MainCommit[] }[];
	told: Told[];
	/** Mains that readers saw, and how often. */
	reads: { oid: string; count: number }[];
	/** Paths of mains whose text is not what the seed says, or that should not be there, or are not. */
	wrongFiles: string[];
	filesCount: number;
	/** What checks have left in scratch databases. */
	left: string[];
	/** Datasets that publishers' mains make, and those that are not what the seed publishes. */
	datasetsCount: number;
	wrongDatasets: string[];
	/** What consumers would not get of that, as `finance.revenue_by_country status-known`. */
	broken: string[];
	testsCount: number;
	radii: Radius[];
};

/** A database of each publisher's, and a role of the gate's own, which can do nothing but make schemas in these. */
export async function arrange({ direct, names }: Pick<Ctx, "direct" | "names">): Promise<void> {
	const own = domains.map((domain) => domainDatabase(names.database, domain));
	await withPostgres(direct, async (client) => {
		for (const database of own) await client.query(`create database "${database}"`);
		await makeScratchRole((text) => client.query(text), names.database, [names.database, ...own]);
	});
}

/** The repositories read by git, the databases by their catalogs, and what both should be by the seed. */
export async function observe(ctx: Ctx): Promise<Observed> {
	const { direct, names, params } = ctx;
	const receipts = await receiptsIn(ctx.journal("changes"));
	const changes = new Changes(params.seed);
	const count = params.trials;
	const wanted = changes.after(count);
	const folder = (name: (typeof repositoryNames)[number]) =>
		join(ctx.subjectFolder("web"), folderOf(name));
	const seen = await Promise.all(
		repositoryNames.map(async (name) => {
			const files = await blobsOf(folder(name));
			return {
				name,
				mains: await mainsOf(folder(name)),
				filesCount: files.size,
				wrong: wrongFiles(files, filesOf(wanted, name)).map((path) => `${name}/${path}`),
			};
		}),
	);
	const left: string[] = [];
	const rebuilt: Rebuilt = { published: {}, wrong: [] };
	for (const domain of [null, ...domains]) {
		const at = new URL(direct.postgres.url);
		if (domain !== null) at.pathname = `/${domainDatabase(names.database, domain)}`;
		const client = await connectPostgres(at.href);
		try {
			const ask = async (text: string) => (await client.query(text)).rows;
			left.push(...(await leftInScratch(ask, names.database)));
			if (domain === null) continue;
			const migrations = [...(await textsBelow(folder(domain), "migrations/")).values()];
			const models = await textsBelow(folder(domain), "models/");
			const one = await rebuild(ask, domain, { migrations, models }, wanted);
			Object.assign(rebuilt.published, one.published);
			rebuilt.wrong.push(...one.wrong);
		} finally {
			await client.end();
		}
	}
	const said = saidIn(join(ctx.subjectFolder("gate"), saidFile));
	return {
		trials: guardTrialsOf(count, (n) => changes.at(n), receipts),
		pushes: pushesOf(receipts),
		repositories: seen.map(({ name, mains }) => ({ name, mains })),
		told: toldOf(said),
		reads: await readsIn(ctx.journal("reads")),
		wrongFiles: seen.flatMap(({ wrong }) => wrong),
		filesCount: seen.reduce((sum, { filesCount }) => sum + filesCount, 0),
		left,
		datasetsCount: Object.keys(rebuilt.published).length,
		wrongDatasets: rebuilt.wrong,
		...held(wanted, rebuilt),
		radii: radiiOf(changes, count, said),
	};
}

/** The consumers' tests on what publishers' mains make. */
function held(wanted: Mesh, { published }: Rebuilt): Pick<Observed, "broken" | "testsCount"> {
	const broken = brokenOf(wanted, published);
	return {
		broken: broken.map(({ consumer, query, rule }) => `${consumer}.${query} ${rule}`),
		testsCount: Object.values(wanted.consumers).reduce(
			(sum, { tests }) => sum + Object.keys(tests).length,
			0,
		),
	};
}
