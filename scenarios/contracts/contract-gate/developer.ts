import {
	type Again,
	blockedBy,
	Clone,
	type Commits,
	type RunGit,
	type Tried,
	triedUntilSaid,
} from "../../subjects/forge/clone.ts";
import { fileChanges } from "../../subjects/forge/file-change.ts";
import { main as mainRef } from "../../subjects/gate/refs.ts";
import { migrationName, shopAfter } from "./changes/change.ts";
import type { Planned } from "./changes/changes.ts";
import { repositoryName } from "./forge/repository.ts";
import { filesOf } from "./shop/files.ts";
import type { Shop } from "./shop/shop.ts";

/** Somebody who proposes changes, and merges those that pass. */
export class Developer {
	readonly #clone: Clone;
	readonly #askAgainMs: number;

	constructor(git: RunGit, askAgainMs: number) {
		this.#clone = new Clone(git, repositoryName);
		this.#askAgainMs = askAgainMs;
	}

	/** Brings a change to the repository, in its way, until there is a verdict. */
	bring(change: Planned, signal: AbortSignal): Promise<Tried> {
		return triedUntilSaid(
			this.#askAgainMs,
			signal,
			(again) => this.#clone.main(again),
			(again) => this.#brought(change, this.#clone.knownMain, again),
		);
	}

	/** Whether a proposal is taken that is not merged: for smaller forms of what slipped through. */
	async isTaken(change: Planned, name: string): Promise<boolean> {
		const { tip } = await this.#commits(change, this.#clone.knownMain, 0);
		return (await this.#clone.push(tip, `refs/heads/changes/${name}`)).kind === "taken";
	}

	async #brought(change: Planned, base: string, again: Again): Promise<string | null> {
		const { way, n } = change;
		const clone = this.#clone;
		switch (way.kind) {
			case "proposed": {
				const made = await this.#commits(change, base, 0);
				const why = await clone.propose(made.tip, `${n}`, again);
				return why ?? clone.merge(made, again);
			}
			case "pair": {
				const both = [await this.#commits(change, base, 0), await this.#commits(change, base, 1)];
				const alone = await Promise.all(
					both.map(({ tip }, place) => clone.propose(tip, `${n}-${place}`, again)),
				);
				const whyAlone = alone.find((why) => why !== null);
				if (whyAlone) return `alone: ${whyAlone}`;
				// Both are merged into main as it was for both: the second one comes too late, and has to be merged anew.
				for (const made of both) {
					const why = await clone.merge(made, again);
					if (why !== null) return why;
				}
				return null;
			}
			case "push": {
				const why = await this.#around(change, base, again);
				// Whoever got through may have left main anywhere.
				clone.forgetMain();
				return why;
			}
			default:
				return way satisfies never;
		}
	}

	/** A way around the gate. */
	async #around(change: Planned, base: string, again: Again): Promise<string | null> {
		const { way, n } = change;
		if (way.kind !== "push") throw new Error(`${change.kind} is no push`);
		const clone = this.#clone;
		const commit = async () => (await this.#commits(change, base, 0)).tip;
		const push = async (oid: string, ref: string) =>
			blockedBy(await again(() => clone.push(oid, ref, true)));
		switch (way.how) {
			case "deletion":
				return push("", mainRef);
			case "ref":
				return push(await commit(), "refs/heads/release");
			case "direct-commit":
				return push(await commit(), mainRef);
			case "fast-forward":
				return push(await clone.commitTree(`${await commit()}^{tree}`, []), mainRef);
			case "unchecked": {
				const tip = await commit();
				return push(await clone.commitTree(`${tip}^{tree}`, [base, tip]), mainRef);
			}
			case "merged-tree": {
				const { tip } = await this.#commits(change, base, 0);
				const { tip: other } = await this.#commits(change, base, 1);
				const why = await clone.propose(tip, `${n}`, again);
				return why ?? push(await clone.commitTree(`${other}^{tree}`, [base, tip]), mainRef);
			}
			case "path": {
				const listed = await clone.must(["ls-tree", await commit()]);
				const file = /^100644 blob [0-9a-f]+\tREADME\.md$/m.exec(listed)![0];
				const inside = await clone.must(["mktree"], `${file}\n`);
				const lines = `${listed.trim()}\n040000 tree ${inside}\t..\n`;
				const tree = await clone.must(["mktree"], lines);
				return push(await clone.commitTree(tree, [base]), `refs/heads/changes/${n}`);
			}
			default:
				return way.how satisfies never;
		}
	}

	/**
	 * The commit of a change, and what merges it into main as it is; `place` 1 is the second of a pair, and beside a push
	 * what nobody has proposed.
	 */
	#commits(change: Planned, base: string, place: 0 | 1): Promise<Commits> {
		const { parts, way, before } = change;
		const some = place === 1 && way.kind === "pair" ? way.second : parts;
		const after = shopAfter(before, some, migrationName(change, place));
		if (place === 1 && way.kind === "push") addLine(after);
		return this.#clone.commits(base, {
			name: `${change.n}-${place}`,
			text: `${change.kind} ${change.n}`,
			files: [
				...fileChanges(filesOf(before), filesOf(after)),
				...some.flatMap(({ files = [] }) => files),
			],
			hidden: some.flatMap(({ hidden = [] }) => hidden),
		});
	}
}

function addLine(shop: Shop): void {
	shop.others["README.md"] += "\nand what nobody has proposed\n";
}
