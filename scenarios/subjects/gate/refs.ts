import type { Finding } from "./findings.ts";

// Which ref may become what. Main is moved by merges of proposals that have passed, and by nothing else.

export const main = "refs/heads/main";

/** A ref that somebody wants to move, as `pre-receive` is told. */
export type RefUpdate = {
	before: string;
	after: string;
	ref: string;
};

/** What is known of a commit that is to be main. */
export interface MergeFacts {
	parents: readonly string[];
	tree: string;
	/** Whether where main is now is behind it. */
	goesOn: boolean;
	/** Whether its second parent is at the tip of a proposal: no proposal is there that has not passed. */
	secondIsProposed: boolean;
	/** What the two parents make where nobody adds anything; null where they can't be merged. */
	mergedTree: string | null;
}

export function isNothing(oid: string): boolean {
	return /^0+$/.test(oid);
}

/** Whether a ref is one of proposals, which anybody may push. */
export function isProposal(ref: string): boolean {
	return /^refs\/heads\/changes\/[a-z0-9][a-z0-9-]*$/.test(ref);
}

/** Why nobody may push to a ref; null where the commit decides. */
export function refFinding({ ref, after }: RefUpdate): Finding | null {
	if (ref === main)
		return isNothing(after) ? { place: ["main"], rule: "deletion", why: "main stays" } : null;
	return isProposal(ref)
		? null
		: { place: [ref], rule: "ref", why: "only main and refs/heads/changes/NAME are pushed to" };
}

/** Why a commit may not be main after `before`; null where its tree decides. */
export function mergeFinding(before: string, facts: MergeFacts): Finding | null {
	const finding = (rule: string, why: string) => ({ place: ["main"], rule, why });
	const { parents, tree, goesOn, secondIsProposed, mergedTree } = facts;
	if (!goesOn) return finding("fast-forward", "it does not go on from where main is");
	if (parents.length !== 2 || parents[0] !== before)
		return finding("direct-commit", "it is not one merge of a proposal into main as it is");
	if (!secondIsProposed)
		return finding("unchecked", "what it merges is no proposal that has passed the gate");
	if (mergedTree === null) return finding("conflict", "its parents can't be merged");
	if (tree !== mergedTree)
		return finding("merged-tree", "it holds something else than its parents make");
	return null;
}
