import { git } from "../forge/git.ts";
import { findingText } from "./findings.ts";
import type { Gate } from "./gate.ts";
import { Repository } from "./repository.ts";
import { NoVerdict } from "./scratch.ts";

/** Which commit is to be merged into which, in a clone. */
export interface WantedMerge {
	repository: string;
	base: string;
	head: string;
}

/**
 * A gate's verdict without a hook, as a step of somebody's CI says it; resolves with the exit code: 0 where the one commit may
 * be merged into the other, 1 with places and rules where it may not, 2 where there is no verdict.
 */
export async function judgeCommit<World extends { stamp: string }>(
	gate: Pick<Gate<World>, "change">,
	{ repository: folder, base, head }: WantedMerge,
	name?: string,
): Promise<0 | 1 | 2> {
	const commitOf = async (text: string) =>
		(await git(["rev-parse", "--verify", `${text}^{commit}`], { folder })).toString().trim();
	try {
		const repository = new Repository(folder, {}, new Map(), name);
		const { findings, notes } = await gate.change(
			repository,
			await commitOf(base),
			await commitOf(head),
		);
		for (const finding of findings) console.log(`blocked: ${findingText(finding)}`);
		for (const note of notes) console.log(note);
		if (findings.length === 0) console.log(`passed: ${head} may be merged into ${base}`);
		return findings.length === 0 ? 0 : 1;
	} catch (error) {
		if (!(error instanceof NoVerdict)) throw error;
		console.error(`no verdict: ${error.message}`);
		return 2;
	}
}
