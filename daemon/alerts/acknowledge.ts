import type { AlertFacts } from "../../scenarios/contract/facts.ts";

/** Which firing somebody took on. */
export interface Acknowledged {
	rule: string;
	origin: AlertFacts["origin"];
	/** Null for alerts from outside, which know no cases. */
	case: string | null;
	/** A time by which it had fired, and no later firing had; from the run's zero. */
	firedByMs: number;
}

type Firings = Pick<AlertFacts, "firedMs" | "acknowledgedMs">;

/** Notes that the firing was taken on; false where there is none, or that was known already. */
export function acknowledgeFiring(firings: Firings, firedByMs: number, atMs: number): boolean {
	const at = firings.firedMs.findLastIndex((firedMs) => firedMs <= firedByMs);
	if (at < 0 || firings.acknowledgedMs[at] !== null) return false;
	firings.acknowledgedMs[at] = atMs;
	return true;
}

/** Notes that a firing among the rules of a run was taken on; of several cases the last in which it had fired by then. */
export function acknowledgeAmong(
	alerts: readonly AlertFacts[],
	{ rule, origin, case: caseId, firedByMs }: Acknowledged,
	atMs: number,
): boolean {
	const found = alerts.findLast(
		(alert) =>
			alert.rule === rule &&
			alert.origin === origin &&
			(origin === "received" || alert.case === caseId) &&
			alert.firedMs.some((firedMs) => firedMs <= firedByMs),
	);
	return found !== undefined && acknowledgeFiring(found, firedByMs, atMs);
}
