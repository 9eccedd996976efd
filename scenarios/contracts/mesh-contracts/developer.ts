import { Clone, type RunGit, type Tried, triedUntilSaid } from "../../subjects/forge/clone.ts";
import { fileChanges } from "../../subjects/forge/file-change.ts";
import { meshAfter, migrationName, type Proposal } from "./changes/change.ts";
import type { Planned } from "./changes/changes.ts";
import { folderOf } from "./forge/repositories.ts";
import { filesOf } from "./mesh/files.ts";
import { type RepositoryName, repositoryNames } from "./mesh/mesh.ts";

/** Somebody who proposes changes in the repositories of a mesh, and merges those that pass. */
export class Developer {
	readonly #clones: Record<RepositoryName, Clone>;
	readonly #askAgainMs: number;

	constructor(git: RunGit, askAgainMs: number) {
		this.#clones = Object.fromEntries(
			repositoryNames.map((name) => [name, new Clone(git, folderOf(name))]),
		) as Record<RepositoryName, Clone>;
		this.#askAgainMs = askAgainMs;
	}

	/** Brings a change to its repositories until there is a verdict. */
	bring(change: Planned, signal: AbortSignal): Promise<Tried> {
		const { proposals, n } = change;
		return triedUntilSaid(
			this.#askAgainMs,
			signal,
			async (again) => {
				for (const { repository } of proposals) await this.#clones[repository].main(again);
			},
			async (again) => {
				const made = await Promise.all(
					proposals.map(async (proposal, place) => ({
						clone: this.#clones[proposal.repository],
						name: proposals.length === 1 ? `${n}` : `${n}-${place}`,
						commits: await this.#commits(change, proposal),
					})),
				);
				for (const { clone, name, commits } of made) {
					const why = await clone.propose(commits.tip, name, again);
					if (why !== null) return made.length === 1 ? why : `alone: ${why}`;
				}
				for (const { clone, commits } of made) {
					const why = await clone.merge(commits, again);
					if (why !== null) return why;
				}
				return null;
			},
		);
	}

	/** Whether a proposal is taken that is not merged: for smaller forms of what slipped through. */
	async isTaken(change: Planned, name: string): Promise<boolean> {
		const [proposal] = change.proposals;
		const { tip } = await this.#commits(change, proposal);
		const clone = this.#clones[proposal.repository];
		return (await clone.push(tip, `refs/heads/changes/${name}`)).kind === "taken";
	}

	/** The commit of a proposal, and what merges it into main as it is. */
	#commits(change: Planned, proposal: Proposal) {
		const { repository } = proposal;
		const { before, n, kind } = change;
		const after = meshAfter(before, proposal, migrationName(change));
		const clone = this.#clones[repository];
		return clone.commits(clone.knownMain, {
			name: `${repository}-${n}`,
			text: `${kind} ${n}`,
			files: fileChanges(filesOf(before, repository), filesOf(after, repository)),
			hidden: [],
		});
	}
}
