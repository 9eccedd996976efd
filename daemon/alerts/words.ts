import type { AlertFacts } from "../../scenarios/contract/facts.ts";

/** What a rule was worth in this run, in a line; null where nobody could say. */
export function scoreWords({ rule, origin, score }: AlertFacts): string | null {
	if (score === null) return null;
	const { detectedCount, faultCount, falseCount, timeToDetectMs, timeToResolveMs } = score;
	const left = score.faults.length - faultCount;
	const parts = [
		`told ${detectedCount} of ${faultCount} faults`,
		...(timeToDetectMs === null ? [] : [`after ${Math.round(timeToDetectMs)} ms`]),
		...(timeToResolveMs === null
			? []
			: [
					`resolved ${score.resolveCensored ? "more than " : ""}${Math.round(timeToResolveMs)} ms after their end`,
				]),
		`${falseCount} false`,
		...(score.repeatCount > 0 ? [`${score.repeatCount} repeated`] : []),
		...(left > 0 ? [`${left} left out`] : []),
	];
	return `alert ${rule}${origin === "received" ? " (received)" : ""}: ${parts.join(", ")}`;
}
