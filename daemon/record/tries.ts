import type { ReasonCode, RunDocument, Tries } from "./document.ts";
import { starvedBy } from "./machine.ts";

/** Each run is tried again so often where the machine was to blame, unless `retries` says otherwise. */
export const retriesDefault = 1;

const byMachine: readonly ReasonCode[] = ["generator_late", "host_busy"];
/** These only on a machine that is seen to have been late. */
const whereLate: readonly ReasonCode[] = ["steady_not_reached", "host_late"];

/**
 * Is the machine alone to blame that a run told nothing? One that failed is never tried again, nor is one of which
 * anything else is to be said.
 */
export function blamesMachine({
	verdict,
	reasons,
	timings,
}: Pick<RunDocument, "verdict" | "reasons" | "timings">): boolean {
	const wasLate = timings.state === "late" || starvedBy(timings.machine) !== null;
	return (
		verdict === "invalid" &&
		reasons.length > 0 &&
		reasons.every(({ code }) => byMachine.includes(code) || (wasLate && whereLate.includes(code)))
	);
}

/** The links of the run that tries another one again. */
export function againOf({ runId, reasons, tries }: RunDocument): Tries {
	const why = [...new Set(reasons.map(({ code }) => code))].join(", ");
	return { before: [...tries.before, { runId, why }], next: null };
}

/** In a phrase: the tries before this one; null where it is the first. */
export function triesText({ before }: Tries): string | null {
	if (before.length === 0) return null;
	const earlier = before.map(({ runId, why }) => `${runId} was invalid (${why})`);
	return `try ${before.length + 1}: ${earlier.join(", ")}`;
}
