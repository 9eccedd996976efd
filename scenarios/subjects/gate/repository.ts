import { basename } from "node:path";
import { type GitPlace, git, runGit } from "../forge/git.ts";
import { main } from "./refs.ts";
import { type Entry, entriesOf } from "./tree.ts";

/** What the commits of a proposal add or change, and the tree that they lead to where main has not moved meanwhile. */
export interface Brought {
	files: { path: string; mode: string; oid: string }[];
	/** Null where they do not go on from main as it is, one after another. */
	tree: string | null;
}

/** What a push may bring: more is not looked at, and so does not pass. */
export const commitsMax = 50;

/**
 * A repository as a push would leave it: what it holds, with the objects that wait to be let in. What has an object id
 * never changes, and is read once.
 */
export class Repository {
	readonly #place: GitPlace;
	readonly #texts: Map<string, string>;
	readonly name: string;

	/**
	 * `env`: where git keeps objects that are not let in yet, as `pre-receive` is told; `name`: by its folder, such as `shop` of
	 * `…/shop.git`, where nothing else is said.
	 */
	constructor(
		folder: string,
		env: Readonly<Record<string, string>>,
		texts: Map<string, string>,
		name: string = basename(folder, ".git"),
	) {
		this.#place = { folder, env };
		this.#texts = texts;
		this.name = name;
	}

	/** The commit that main is at. */
	async main(): Promise<string> {
		return textOf(await git(["rev-parse", "--verify", "--quiet", `${main}^{commit}`], this.#place));
	}

	/** The tree and the parents of a commit. */
	async commit(oid: string): Promise<{ tree: string; parents: string[] }> {
		const args = ["log", "-1", "--format=%T %P", "--end-of-options", oid, "--"];
		const [tree = "", ...parents] = textOf(await git(args, this.#place)).split(" ");
		return { tree, parents: parents.filter((parent) => parent !== "") };
	}

	async isAncestor(older: string, newer: string): Promise<boolean> {
		const args = ["merge-base", "--is-ancestor", older, newer];
		return (await runGit(args, this.#place)).code === 0;
	}

	/** Whether a commit is at the tip of a proposal. */
	async isProposed(oid: string): Promise<boolean> {
		const args = ["for-each-ref", "--count=1", `--points-at=${oid}`, "refs/heads/changes/"];
		return (await git(args, this.#place)).length > 0;
	}

	/** The tree that two commits make; null where they can't be merged without somebody. */
	async mergedTree(ours: string, theirs: string): Promise<string | null> {
		const args = ["merge-tree", "--write-tree", "--no-messages", ours, theirs];
		const { code, out, said } = await runGit(args, this.#place);
		if (code !== 0 && code !== 1) throw new Error(`git merge-tree ended with ${code}: ${said}`);
		return code === 0 ? textOf(out) : null;
	}

	async entries(tree: string): Promise<Entry[]> {
		const args = ["ls-tree", "-r", "-l", "-z", "--full-tree", tree];
		return entriesOf(await git(args, this.#place));
	}

	/** What commits bring that are not on main yet; null where they are too many. */
	async brought(from: string, to: string): Promise<Brought | null> {
		const args = ["log", "--format=tree %T %P", "-m", "--raw", "-z", "--no-abbrev", "--no-renames"];
		const limit = ["-r", `--max-count=${commitsMax + 1}`, `${from}..${to}`, "--"];
		return broughtBy((await git([...args, ...limit], this.#place)).toString(), from);
	}

	/** The sizes of objects, by their ids; one that is not there has none. */
	async sizes(oids: readonly string[]): Promise<Map<string, number>> {
		const stdin = oids.map((oid) => `${oid}\n`).join("");
		const out = await git(["cat-file", "--batch-check=%(objectname) %(objectsize)"], {
			...this.#place,
			stdin,
		});
		const lines = out.toString().split("\n");
		return new Map(
			lines.flatMap((line): [string, number][] => {
				const [oid = "", size = ""] = line.split(" ");
				return /^\d+$/.test(size) ? [[oid, Number(size)]] : [];
			}),
		);
	}

	/** The texts of files, by their object ids. */
	async texts(oids: readonly string[]): Promise<ReadonlyMap<string, string>> {
		const wanted = [...new Set(oids)].filter((oid) => !this.#texts.has(oid));
		if (wanted.length === 0) return this.#texts;
		const stdin = wanted.map((oid) => `${oid}\n`).join("");
		const out = await git(["cat-file", "--batch"], { ...this.#place, stdin });
		for (let at = 0; at < out.length; ) {
			const end = out.indexOf(10, at);
			const [oid = "", kind, size] = out.subarray(at, end).toString().split(" ");
			if (kind !== "blob") throw new Error(`git has no file ${oid}: ${kind}`);
			const bytes = Number(size);
			this.#texts.set(oid, out.subarray(end + 1, end + 1 + bytes).toString());
			at = end + 1 + bytes + 1;
		}
		return this.#texts;
	}
}

/**
 * What a log of commits says that they bring, the newest first. After what is said of a file comes its name, whatever is
 * written in that.
 */
export function broughtBy(log: string, from: string): Brought | null {
	const commits: { tree: string; parents: string }[] = [];
	const files: Brought["files"] = [];
	const words = log.split("\0");
	for (let at = 0; at < words.length; at++) {
		const word = words[at]!.trimStart();
		const commit = /^tree ([0-9a-f]+) ([0-9a-f ]*)$/.exec(word);
		if (commit !== null) commits.push({ tree: commit[1]!, parents: commit[2]! });
		const file = /^:\d{6} (\d{6}) [0-9a-f]+ ([0-9a-f]+) [A-Z]\d*$/.exec(word);
		if (file === null) continue;
		const [, mode = "", oid = ""] = file;
		const path = words[++at] ?? "";
		if (mode !== "000000") files.push({ path, mode, oid });
	}
	if (commits.length > commitsMax) return null;
	const isLine = commits.every(({ parents }) => /^[0-9a-f]+$/.test(parents));
	const goesOn = isLine && commits.at(-1)?.parents === from;
	return { files, tree: goesOn ? commits[0]!.tree : null };
}

function textOf(out: Buffer): string {
	return out.toString().trim();
}
