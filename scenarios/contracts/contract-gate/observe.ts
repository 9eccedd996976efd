import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type GuardTrial, type HookContext, withPostgres } from "faultline";
import { Changes } from "./changes/changes.ts";
import { repositoryName } from "./forge/repository.ts";
import { saidFile } from "./gate/files.ts";
import { git } from "./gate/git.ts";
import { main } from "./gate/refs.ts";
import type { Said } from "./gate/service.ts";
import type { P } from "./params.ts";
import { leftInScratch, makeScratchRole, type Rebuilt, rebuild } from "./scratch-seen.ts";
import { filesOf } from "./shop/files.ts";
import type { TrialReceipt } from "./trial.ts";

type Ctx = HookContext<P, "postgres", unknown, "changes" | "reads", "gate" | "forge">;

/** A commit that main has been, with what it merges. */
export type MainCommit = { oid: string; parents: string[] };

/** What is seen of a run when it is over. */
export type Observed = {
	trials: GuardTrial[];
	receipts: TrialReceipt[];
	/** What main has been, from the last back to the first, along first parents. */
	mains: MainCommit[];
	said: Said[];
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
	const receipts: TrialReceipt[] = [];
	for await (const { receipt } of ctx.journal("changes"))
		if (receipt !== null) receipts.push(JSON.parse(receipt) as TrialReceipt);
	receipts.sort((a, b) => a.n - b.n);
	const reads = new Map<string, number>();
	for await (const { receipt } of ctx.journal("reads"))
		if (receipt !== null) reads.set(receipt, (reads.get(receipt) ?? 0) + 1);
	const changes = new Changes(params.seed);
	const count = params.trials;
	const folder = join(ctx.subjectFolder("forge"), repositoryName);
	const wanted = changes.after(count);
	const files = await blobsOf(folder);
	const seen = await withPostgres(direct, async (client) => {
		const ask = async (text: string) => (await client.query(text)).rows;
		const left = await leftInScratch(ask, names.database);
		return { left, rebuilt: await rebuild(ask, await migrationsOf(folder), wanted) };
	});
	return {
		trials: trialsOf(changes, count, receipts),
		receipts,
		mains: await mainsOf(folder),
		said: saidIn(join(ctx.subjectFolder("gate"), saidFile)),
		reads: [...reads].map(([oid, count]) => ({ oid, count })),
		wrongFiles: wrongFiles(files, filesOf(wanted)),
		filesCount: files.size,
		...seen,
	};
}

function trialsOf(
	changes: Changes,
	count: number,
	receipts: readonly TrialReceipt[],
): GuardTrial[] {
	const byNumber = new Map(receipts.map((receipt) => [receipt.n, receipt]));
	return Array.from({ length: count }, (_, n) => {
		const { kind, truth } = changes.at(n);
		const receipt = byNumber.get(n);
		return {
			name: `${n} ${kind}`,
			change: kind,
			truth,
			verdict: receipt?.verdict ?? { kind: "none", message: "it had no answer" },
			smallest: receipt?.smallest ?? null,
		};
	});
}

async function mainsOf(folder: string): Promise<MainCommit[]> {
	const out = await git(["log", "--first-parent", "--format=%H %P", main], { folder });
	return out
		.toString()
		.trim()
		.split("\n")
		.map((line) => {
			const [oid = "", ...parents] = line.trim().split(" ");
			return { oid, parents };
		});
}

function saidIn(file: string): Said[] {
	if (!existsSync(file)) return [];
	const lines = readFileSync(file, "utf8").split("\n").slice(0, -1);
	return lines.map((line) => JSON.parse(line) as Said);
}

/** The files of main: path → object id. */
async function blobsOf(folder: string): Promise<Map<string, string>> {
	const out = await git(["ls-tree", "-r", "-z", "--format=%(objectname) %(path)", main], {
		folder,
	});
	const lines = out.toString().split("\0").slice(0, -1);
	return new Map(lines.map((line) => [line.slice(41), line.slice(0, 40)]));
}

/** The migrations of main, in the order of their names. */
async function migrationsOf(folder: string): Promise<string[]> {
	const paths = [...(await blobsOf(folder)).keys()].filter((path) =>
		path.startsWith("migrations/"),
	);
	const texts = paths.sort().map((path) => git(["show", `${main}:${path}`], { folder }));
	return (await Promise.all(texts)).map(String);
}

/** Held against the texts that they should have, by git's own way to make an id of a text. */
export function wrongFiles(
	found: ReadonlyMap<string, string>,
	wanted: Readonly<Record<string, string>>,
): string[] {
	const paths = new Set([...found.keys(), ...Object.keys(wanted)]);
	return [...paths].filter((path) => {
		const text = wanted[path];
		return text === undefined || found.get(path) !== blobId(text);
	});
}

export function blobId(text: string): string {
	const bytes = Buffer.from(text);
	return createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}
