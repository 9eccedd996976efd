import { OperationError, shrink, type Truth } from "faultline";
import { changeText } from "./changes/change.ts";
import { type Planned, simplerChanges } from "./changes/changes.ts";
import type { Developer, Tried } from "./developer.ts";

/** What is kept of a change that was brought to the repository. */
export type TrialReceipt = Tried & {
	n: number;
	kind: string;
	text: string;
	truth: Truth;
	/** Of a violating change that was merged, the smallest form that would be; null where nobody has looked for it. */
	smallest: string | null;
};

/** One trial: the change is brought until there is a verdict, and what slipped through is made smaller. */
export async function bringChange(
	change: Planned,
	developer: Pick<Developer, "bring" | "isTaken">,
	shrinkTriesMax: number,
	signal: AbortSignal,
): Promise<TrialReceipt> {
	const { n, kind, truth, way } = change;
	const text = changeText(change);
	try {
		const tried = await developer.bring(change, signal);
		const slipped = tried.verdict.kind === "passed" && truth.kind === "violating";
		const canShrink = slipped && way.kind === "proposed" && shrinkTriesMax > 0;
		const smallest = canShrink ? await smallestOf(change, developer, shrinkTriesMax) : null;
		return { n, kind, text, truth, smallest, ...tried };
	} catch (error) {
		if (signal.aborted) throw new OperationError("unknown", "deadline");
		throw error;
	}
}

async function smallestOf(
	change: Planned,
	developer: Pick<Developer, "isTaken">,
	triesMax: number,
): Promise<string> {
	let tries = 0;
	const slips = (smaller: Planned) => developer.isTaken(smaller, `${change.n}-smaller-${++tries}`);
	return changeText((await shrink(change, simplerChanges, slips, triesMax)).smallest);
}
