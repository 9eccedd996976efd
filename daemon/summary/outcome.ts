import { exitCodes } from "../../base/exit-codes.ts";
import type { Reason } from "../record/document.ts";

/** How one of several runs ended, or all of them together; the worst first, but for what is not run at all. */
export const outcomes = [
	"not_as_expected",
	"regressed",
	"invalid",
	"not_run",
	"as_expected",
] as const;
export type Outcome = (typeof outcomes)[number];

const codes: Record<Outcome, number> = {
	not_as_expected: exitCodes.failed,
	regressed: exitCodes.regressed,
	invalid: exitCodes.invalid,
	not_run: exitCodes.invalid,
	as_expected: exitCodes.passed,
};

export interface Ended {
	outcome: Outcome;
	/** Why nothing was run. */
	error: { code: string; message: string } | null;
	run: { reasons: readonly Reason[] } | null;
}

/**
 * The worst of all, and the exit code: 14 before 10 before 11 before 12 before 13. `optional` ones that were not run
 * leave a question open; any other leaves the whole unjudged.
 */
export function verdictOf(
	results: readonly Ended[],
	optional: readonly { outcome: Outcome }[],
	stopped: string | null,
): { outcome: Outcome; exitCode: number } {
	const judged = optional.filter(({ outcome }) => outcome !== "not_run");
	const all = [...results, ...judged].map(({ outcome }) => outcome);
	const worst = outcomes.find((outcome) => all.includes(outcome)) ?? "not_run";
	const outcome = stopped !== null && worst === "as_expected" ? "not_run" : worst;
	const unhealed = results.some(({ run }) =>
		run?.reasons.some(({ code }) => code === "heal_failed"),
	);
	if (unhealed) return { outcome, exitCode: exitCodes.unhealed };
	const notRun = results.filter((result) => result.outcome === "not_run");
	const onlyMissing =
		outcome === "not_run" &&
		notRun.length > 0 &&
		stopped === null &&
		notRun.every(({ error }) => error?.code === "FLT_COMPONENT_MISSING");
	return { outcome, exitCode: onlyMissing ? exitCodes.missing : codes[outcome] };
}

/** What went wrong, a phrase for each outcome, with names. */
export function wrongAmong(all: readonly { outcome: Outcome; title: string }[]): string[] {
	return outcomes
		.filter((outcome) => outcome !== "as_expected")
		.flatMap((outcome) => {
			const titles = all.filter((one) => one.outcome === outcome).map(({ title }) => title);
			if (titles.length === 0) return [];
			const shown = titles.slice(0, namesMax).join(", ");
			const more = titles.length > namesMax ? ` and ${titles.length - namesMax} more` : "";
			return [`${titles.length} ${wordsOf(outcome)} (${shown}${more})`];
		});
}
const namesMax = 3;

export function wordsOf(outcome: Outcome): string {
	return outcome.replaceAll("_", " ");
}
