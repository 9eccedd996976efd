import { lsnText } from "../lsn.ts";
import type { Read } from "../names.ts";
import { type Finding, findingOf } from "./finding.ts";
import { type CommitState, stateAt } from "./replay.ts";

type Whole = Extract<Read, { kind: "read" }>;

/** Of each read, whether it had every row of every table as it was in the source at that LSN, and no other. */
export function equalReads(reads: readonly Read[], commits: readonly CommitState[]): Finding {
	return findingOf(wholeIn(reads), ({ lsn, sums }) => {
		const state = stateAt(commits, lsn);
		const differing = Object.keys(sums).find((table) => sums[table] !== state?.sums[table]);
		return differing === undefined
			? null
			: `${differing} at ${lsnText(lsn)}: ${sums[differing]}; the source had ${state?.sums[differing] ?? "nothing"}`;
	});
}

/** Of each read, whether what the tables say of each other agrees: they are both before, or both after a transaction. */
export function balancedReads(reads: readonly Read[]): Finding {
	return findingOf(wholeIn(reads), ({ balanced, lsn }) =>
		balanced ? null : `at ${lsnText(lsn)} customers and orders say different things of each other`,
	);
}

/** Of each read, whether it came to its end. One that took longer than files are kept is not looked at: that was known to it. */
export function servedReads(reads: readonly Read[], retentionMs: number): Finding {
	const looked = reads.filter(
		(read) => read.kind === "read" || (read.kind === "broken" && read.tookMs < retentionMs),
	);
	return findingOf(looked, (read) =>
		read.kind === "broken" ? `after ${Math.round(read.tookMs)} ms: ${read.error}` : null,
	);
}

function wholeIn(reads: readonly Read[]): Whole[] {
	return reads.filter((read) => read.kind === "read");
}
