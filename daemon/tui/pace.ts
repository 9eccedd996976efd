import type { RunState } from "../record/document.ts";
import type { RunView } from "./run-view.ts";

/** How fast a load is to go. */
export interface Pace {
	ratePerSec: number;
	paused: boolean;
}

/** What of it is to change: the body of `POST /runs/:id/loads/:load`. */
export type PaceChange = { ratePerSec: number } | { paused: boolean };

/** The states in which loads run. */
const loading: ReadonlySet<RunState> = new Set(["warming", "steady", "faulting", "recovering"]);

/**
 * The pace of a load of this run: what it was steered to, else what it was last offered in an interval. Null where it
 * does not run, or nothing of it was seen yet.
 */
export function paceOf(run: RunView, load: string, steered: Pace | undefined): Pace | null {
	const now = run.visits.at(-1);
	if (now === undefined || !loading.has(now.state)) return null;
	if (steered !== undefined) return steered;
	const offered = run.intervals[load]?.filter(
		(view) => view.case === now.case && view.dueCount > 0,
	);
	const last = offered?.at(-1);
	if (last === undefined) return null;
	return {
		ratePerSec: rounded((1_000 * last.dueCount) / (last.toMs - last.fromMs)),
		paused: false,
	};
}

/** So many times as fast. */
export function timesAsFast({ ratePerSec }: Pace, factor: number): PaceChange {
	return { ratePerSec: rounded(ratePerSec * factor) };
}

/** Three significant digits: the tenth that a key adds always shows in them. */
function rounded(ratePerSec: number): number {
	return Number(ratePerSec.toPrecision(3));
}
