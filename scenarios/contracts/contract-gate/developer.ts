import { pause, type Verdict } from "faultline";
import { migrationName, shopAfter } from "./changes/change.ts";
import type { Planned } from "./changes/changes.ts";
import { type Pushed, pushedOf } from "./pushed.ts";
import { commitStream } from "./shop/commit-stream.ts";
import { type FileChange, fileChanges } from "./shop/files.ts";
import type { Shop } from "./shop/shop.ts";

/** Runs git in the developer's own clone. `output` is all that it says. */
export type RunGit = (
	args: readonly string[],
	stdin?: string,
) => Promise<{ code: number; output: string }>;

/** What became of a change, and how often somebody had to ask. */
export type Tried = {
	verdict: Verdict;
	/** Pushes that came to no verdict, with the reason of each. */
	interrupted: string[];
};

const mergeTriesMax = 6;

/** Somebody who proposes changes, and merges those that pass. */
export class Developer {
	readonly #git: RunGit;
	readonly #askAgainMs: number;
	/** Where main is, as far as this clone knows. */
	#main: string | null = null;

	constructor(git: RunGit, askAgainMs: number) {
		this.#git = git;
		this.#askAgainMs = askAgainMs;
	}

	/** Brings a change to the repository, in its way, until there is a verdict. */
	async bring(change: Planned, signal: AbortSignal): Promise<Tried> {
		const interrupted: string[] = [];
		const again = async (
			push: () => Promise<Pushed>,
		): Promise<Exclude<Pushed, { kind: "none" }>> => {
			for (;;) {
				const pushed = await push();
				signal.throwIfAborted();
				if (pushed.kind !== "none") return pushed;
				interrupted.push(pushed.message);
				await pause(this.#askAgainMs, signal);
			}
		};
		const base = await this.#whereMainIs(again);
		const fromMs = performance.now();
		const why = await this.#brought(change, base, again);
		const timeMs = performance.now() - fromMs;
		const verdict: Verdict =
			why === null ? { kind: "passed", timeMs } : { kind: "blocked", message: why, timeMs };
		return { verdict, interrupted };
	}

	/** Whether a proposal is taken that is not merged: for smaller forms of what slipped through. */
	async isTaken(change: Planned, name: string): Promise<boolean> {
		const { tip } = await this.#commits(change, this.#main!, 0);
		return (await this.#push(tip, `refs/heads/changes/${name}`)).kind === "taken";
	}

	async #brought(change: Planned, base: string, again: Again): Promise<string | null> {
		const { way, n } = change;
		switch (way.kind) {
			case "proposed": {
				const made = await this.#commits(change, base, 0);
				const why = await this.#propose(made.tip, `${n}`, again);
				return why ?? this.#merge(made, again);
			}
			case "pair": {
				const both = [await this.#commits(change, base, 0), await this.#commits(change, base, 1)];
				const alone = await Promise.all(
					both.map(({ tip }, place) => this.#propose(tip, `${n}-${place}`, again)),
				);
				const whyAlone = alone.find((why) => why !== null);
				if (whyAlone) return `alone: ${whyAlone}`;
				// Both are merged into main as it was for both: the second one comes too late, and has to be merged anew.
				for (const made of both) {
					const why = await this.#merge(made, again);
					if (why !== null) return why;
				}
				return null;
			}
			case "push": {
				const why = await this.#around(change, base, again);
				// Whoever got through may have left main anywhere.
				this.#main = null;
				return why;
			}
			default:
				return way satisfies never;
		}
	}

	/** Null where it is taken, else why not. */
	async #propose(tip: string, name: string, again: Again): Promise<string | null> {
		return blockedBy(await again(() => this.#push(tip, `refs/heads/changes/${name}`)));
	}

	/** Pushes the merge that was made with the proposal, and where main has moved, makes another. */
	async #merge({ tip, merge }: Commits, again: Again): Promise<string | null> {
		let commit = merge;
		for (let tries = 0; tries < mergeTriesMax; tries++) {
			const pushed = await again(() => this.#push(commit, mainRef));
			if (pushed.kind === "taken") this.#main = commit;
			if (pushed.kind !== "moved") return blockedBy(pushed);
			this.#main = null;
			const onto = await this.#whereMainIs(again);
			const tree = await this.#git(["merge-tree", "--write-tree", "--no-messages", onto, tip]);
			if (tree.code !== 0) return "conflict: git can't merge it";
			commit = await this.#commitTree(tree.output, [onto, tip]);
		}
		return `main moved ${mergeTriesMax} times while it was to be merged`;
	}

	/** A way around the gate. */
	async #around(change: Planned, base: string, again: Again): Promise<string | null> {
		const { way, n } = change;
		if (way.kind !== "push") throw new Error(`${change.kind} is no push`);
		const commit = async () => (await this.#commits(change, base, 0)).tip;
		const push = async (oid: string, ref: string) =>
			blockedBy(await again(() => this.#push(oid, ref, true)));
		switch (way.how) {
			case "deletion":
				return push("", mainRef);
			case "ref":
				return push(await commit(), "refs/heads/release");
			case "direct-commit":
				return push(await commit(), mainRef);
			case "fast-forward":
				return push(await this.#commitTree(`${await commit()}^{tree}`, []), mainRef);
			case "unchecked": {
				const tip = await commit();
				return push(await this.#commitTree(`${tip}^{tree}`, [base, tip]), mainRef);
			}
			case "merged-tree": {
				const { tip } = await this.#commits(change, base, 0);
				const { tip: other } = await this.#commits(change, base, 1);
				const why = await this.#propose(tip, `${n}`, again);
				return why ?? push(await this.#commitTree(`${other}^{tree}`, [base, tip]), mainRef);
			}
			case "path": {
				const listed = await this.#must(["ls-tree", await commit()]);
				const file = /^100644 blob [0-9a-f]+\tREADME\.md$/m.exec(listed)![0];
				const inside = await this.#must(["mktree"], `${file}\n`);
				const lines = `${listed.trim()}\n040000 tree ${inside}\t..\n`;
				const tree = await this.#must(["mktree"], lines);
				return push(await this.#commitTree(tree, [base]), `refs/heads/changes/${n}`);
			}
			default:
				return way.how satisfies never;
		}
	}

	/**
	 * The commit of a change, and what merges it into main as it is; `place` 1 is the second of a pair, and beside a push
	 * what nobody has proposed.
	 */
	async #commits(change: Planned, base: string, place: 0 | 1): Promise<Commits> {
		const { parts, way, before } = change;
		const some = place === 1 && way.kind === "pair" ? way.second : parts;
		const after = shopAfter(before, some, migrationName(change, place));
		if (place === 1 && way.kind === "push") addLine(after);
		const files = [...fileChanges(before, after), ...some.flatMap(({ files = [] }) => files)];
		const hidden = some.flatMap(({ hidden = [] }) => hidden);
		const gone = hidden.map(({ path }): FileChange => ({ path, mode: "gone" }));
		const [ref, text] = [`refs/work/${change.n}-${place}`, `${change.kind} ${change.n}`];
		const first =
			hidden.length === 0 ? "" : commitStream({ ref, parents: [base], text, files: hidden }, 1);
		const tip = { ref, parents: [first === "" ? base : ":1"], text, files: [...files, ...gone] };
		const merge = { ref: `${ref}-merge`, parents: [base, ":2"], text: `Merge ${text}`, files };
		const stream = `${first}${commitStream(tip, 2)}${commitStream(merge, 3)}get-mark :2\nget-mark :3\n`;
		const args = ["fast-import", "--quiet", "--force", "--date-format=raw"];
		const said = await this.#must(args, stream);
		const [tipId, mergeId] = said.match(/^[0-9a-f]{40,64}$/gm) ?? [];
		if (tipId === undefined || mergeId === undefined)
			throw new Error(`git fast-import should say two commits, but says "${said}"`);
		return { tip: tipId, merge: mergeId };
	}

	#commitTree(tree: string, parents: readonly string[]): Promise<string> {
		const of = parents.flatMap((parent) => ["-p", parent]);
		return this.#must(["commit-tree", tree.trim(), ...of, "-m", "Merge a proposal"]);
	}

	async #push(oid: string, ref: string, isForced = false): Promise<Pushed> {
		const args = [
			"push",
			"--porcelain",
			...(isForced ? ["--force"] : []),
			"forge",
			`${oid}:${ref}`,
		];
		const { code, output } = await this.#git(args);
		return pushedOf(code, output);
	}

	/** Where main is; asked where this clone does not know. */
	async #whereMainIs(again: Again): Promise<string> {
		const here = "refs/remotes/forge/main";
		if (this.#main === null) {
			await this.#must(["init", "--quiet", "--bare", "--template=", "."]);
			await again(async () => {
				const args = ["fetch", "--quiet", "--no-tags", "forge", `+${mainRef}:${here}`];
				const { code, output } = await this.#git(args);
				return code === 0 ? { kind: "taken" } : { kind: "none", message: output };
			});
			this.#main = await this.#must(["rev-parse", "--verify", here]);
		}
		return this.#main;
	}

	async #must(args: readonly string[], stdin?: string): Promise<string> {
		const { code, output } = await this.#git(args, stdin);
		if (code !== 0) throw new Error(`git ${args.join(" ")} ended with ${code}: ${output}`);
		return output.trim();
	}
}

/** A proposal, and what merges it into the main that it was made of. */
interface Commits {
	tip: string;
	merge: string;
}

type Again = (push: () => Promise<Pushed>) => Promise<Exclude<Pushed, { kind: "none" }>>;

const mainRef = "refs/heads/main";

function blockedBy(pushed: Exclude<Pushed, { kind: "none" }>): string | null {
	switch (pushed.kind) {
		case "taken":
			return null;
		case "blocked":
			return pushed.message;
		case "moved":
			return "main had moved, which git itself refuses";
		default:
			return pushed satisfies never;
	}
}

function addLine(shop: Shop): void {
	shop.others["README.md"] += "\nand what nobody has proposed\n";
}
