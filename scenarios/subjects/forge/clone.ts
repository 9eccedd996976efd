import { pause, type Verdict } from "faultline";
import { main as mainRef } from "../gate/refs.ts";
import { type Commit, commitStream } from "./commit-stream.ts";
import type { FileChange } from "./file-change.ts";
import { type Pushed, pushedOf } from "./pushed.ts";

/** Runs git in a developer's own clone. `output` is all that it says. */
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

/** A proposal, and what merges it into the main that it was made of. */
export interface Commits {
	tip: string;
	merge: string;
}

/** What a proposal changes; `hidden` are files of a commit before the last, which the last has no more. */
export interface Work {
	/** Of its own, within a clone: `7-0`. */
	name: string;
	text: string;
	files: readonly FileChange[];
	hidden: readonly FileChange[];
}

/** A push that is done again as long as it has no verdict. */
export type Again = (push: () => Promise<Pushed>) => Promise<Exclude<Pushed, { kind: "none" }>>;

const mergeTriesMax = 6;

/** What somebody brings to a forge until there is a verdict; `bring` says why it was blocked, or null. */
export async function triedUntilSaid(
	askAgainMs: number,
	signal: AbortSignal,
	prepare: (again: Again) => Promise<unknown>,
	bring: (again: Again) => Promise<string | null>,
): Promise<Tried> {
	const interrupted: string[] = [];
	const again: Again = async (push) => {
		for (;;) {
			const pushed = await push();
			signal.throwIfAborted();
			if (pushed.kind !== "none") return pushed;
			interrupted.push(pushed.message);
			await pause(askAgainMs, signal);
		}
	};
	await prepare(again);
	const fromMs = performance.now();
	const why = await bring(again);
	const timeMs = performance.now() - fromMs;
	const verdict: Verdict =
		why === null ? { kind: "passed", timeMs } : { kind: "blocked", message: why, timeMs };
	return { verdict, interrupted };
}

/** One repository of a forge, as somebody has it who proposes changes, and merges those that pass. */
export class Clone {
	readonly #git: RunGit;
	/** As git is told of it: `forge:shop.git`. */
	readonly #remote: string;
	/** Where its main is kept here: one clone may be of several repositories. */
	readonly #here: string;
	/** Where main is, as far as this clone knows. */
	#main: string | null = null;

	constructor(git: RunGit, repository: string) {
		this.#git = git;
		this.#remote = `forge:${repository}`;
		this.#here = `refs/remotes/${repository}/main`;
	}

	/** Where main is; asked where this clone does not know. */
	async main(again: Again): Promise<string> {
		if (this.#main === null) {
			await this.must(["init", "--quiet", "--bare", "--template=", "."]);
			await again(async () => {
				const args = ["fetch", "--quiet", "--no-tags", this.#remote, `+${mainRef}:${this.#here}`];
				const { code, output } = await this.#git(args);
				return code === 0 ? { kind: "taken" } : { kind: "none", message: output };
			});
			this.#main = await this.must(["rev-parse", "--verify", this.#here]);
		}
		return this.#main;
	}

	/** Where main was when it was last seen. */
	get knownMain(): string {
		if (this.#main === null)
			throw new Error(`nobody has looked where ${this.#remote} has its main`);
		return this.#main;
	}

	/** Somebody may have moved main. */
	forgetMain(): void {
		this.#main = null;
	}

	/** The commit of a change to main as it is, and what merges it. */
	async commits(base: string, { name, text, files, hidden }: Work): Promise<Commits> {
		const ref = `refs/work/${name}`;
		const gone = hidden.map(({ path }): FileChange => ({ path, mode: "gone" }));
		const first =
			hidden.length === 0 ? "" : commitStream({ ref, parents: [base], text, files: hidden }, 1);
		const all = [...files, ...gone];
		const tip: Commit = { ref, parents: [first === "" ? base : ":1"], text, files: all };
		const merge = { ref: `${ref}-merge`, parents: [base, ":2"], text: `Merge ${text}`, files };
		const stream = `${first}${commitStream(tip, 2)}${commitStream(merge, 3)}get-mark :2\nget-mark :3\n`;
		const args = ["fast-import", "--quiet", "--force", "--date-format=raw"];
		const said = await this.must(args, stream);
		const [tipId, mergeId] = said.match(/^[0-9a-f]{40,64}$/gm) ?? [];
		if (tipId === undefined || mergeId === undefined)
			throw new Error(`git fast-import should say two commits, but says "${said}"`);
		return { tip: tipId, merge: mergeId };
	}

	/** Null where it is taken, else why not. */
	async propose(tip: string, name: string, again: Again): Promise<string | null> {
		return blockedBy(await again(() => this.push(tip, `refs/heads/changes/${name}`)));
	}

	/** Pushes the merge that was made with the proposal, and where main has moved, makes another. */
	async merge({ tip, merge }: Commits, again: Again): Promise<string | null> {
		let commit = merge;
		for (let tries = 0; tries < mergeTriesMax; tries++) {
			const pushed = await again(() => this.push(commit, mainRef));
			if (pushed.kind === "taken") this.#main = commit;
			if (pushed.kind !== "moved") return blockedBy(pushed);
			this.#main = null;
			const onto = await this.main(again);
			const tree = await this.#git(["merge-tree", "--write-tree", "--no-messages", onto, tip]);
			if (tree.code !== 0) return "conflict: git can't merge it";
			commit = await this.commitTree(tree.output, [onto, tip]);
		}
		return `main moved ${mergeTriesMax} times while it was to be merged`;
	}

	commitTree(tree: string, parents: readonly string[]): Promise<string> {
		const of = parents.flatMap((parent) => ["-p", parent]);
		return this.must(["commit-tree", tree.trim(), ...of, "-m", "Merge a proposal"]);
	}

	async push(oid: string, ref: string, isForced = false): Promise<Pushed> {
		const args = [
			"push",
			"--porcelain",
			...(isForced ? ["--force"] : []),
			this.#remote,
			`${oid}:${ref}`,
		];
		const { code, output } = await this.#git(args);
		return pushedOf(code, output);
	}

	/** What git says where it has to do what it is told. */
	async must(args: readonly string[], stdin?: string): Promise<string> {
		const { code, output } = await this.#git(args, stdin);
		if (code !== 0) throw new Error(`git ${args.join(" ")} ended with ${code}: ${output}`);
		return output.trim();
	}
}

export function blockedBy(pushed: Exclude<Pushed, { kind: "none" }>): string | null {
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
