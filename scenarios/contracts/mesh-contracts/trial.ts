import { type Bringing, bringTrial, type TrialReceipt } from "../../subjects/gate/trial.ts";
import { changeText } from "./changes/change.ts";
import { type Planned, simplerChanges } from "./changes/changes.ts";
import type { Developer } from "./developer.ts";

/** One trial: the change is brought until there is a verdict, and what slipped through is made smaller. */
export function bringChange(
	change: Planned,
	developer: Pick<Developer, "bring" | "isTaken">,
	shrinkTriesMax: number,
	signal: AbortSignal,
): Promise<TrialReceipt> {
	const bringing: Bringing<Planned> = {
		textOf: changeText,
		bring: (change, signal) => developer.bring(change, signal),
		canShrink: ({ proposals }) => proposals.length === 1,
		simpler: simplerChanges,
		isTaken: (change, name) => developer.isTaken(change, name),
	};
	return bringTrial(change, bringing, shrinkTriesMax, signal);
}
