import { type Facts, loadFacts, type Tries } from "faultline";
import { type P, statedPerSec } from "./params.ts";
import type { Expected, Observed } from "./record.ts";

export type CaseFacts = Facts<P, Observed, Expected>;

/** The cases that are judged; the others are what they are held against. */
export function isJudged({ params }: CaseFacts): boolean {
	return params.control === "off";
}

/** What the store takes: as it was measured, or as it is stated. */
export function capacityPerSec({ params, observed }: CaseFacts): number {
	return observed.capacityPerSec ?? statedPerSec(params);
}

/** What was offered in the burst, as a multiple of that. */
export function offeredTimes(facts: CaseFacts): number {
	return (facts.params.burst * statedPerSec(facts.params)) / capacityPerSec(facts);
}

/** Events that were answered in time, per second of the burst; null where nothing was accepted. */
export function goodputPerSec({ params, observed }: CaseFacts): number | null {
	if (observed.burst === null) return null;
	return (1_000 * observed.burst.usefulMs) / params.serviceMs / params.burstMs;
}

/** The same of what could have been: all that was offered, or all that the store takes. */
export function goodputPct(facts: CaseFacts): number | null {
	const perSec = goodputPerSec(facts);
	return perSec === null ? null : (100 * perSec) / capacityPerSec(facts);
}

/** So long after a fault the service may still wait for what the fault has kept from it. */
const afterFaultMs = 2_000;

/** Events that failed at what lies behind the service, although nobody had broken that. */
export function errorCount({ faults, observed: { audit, zeroAtMs } }: CaseFacts): number {
	const byFault = audit.errorsAtMs.filter((atMs) =>
		faults.some(({ injectedMs, cleanMs }) => {
			const ms = atMs - zeroAtMs;
			const untilMs = (cleanMs ?? Number.POSITIVE_INFINITY) + afterFaultMs;
			return injectedMs !== null && ms >= injectedMs && ms <= untilMs;
		}),
	);
	return audit.errorCount - byFault.length;
}

/** The same of all that were begun. */
export function errorPct(facts: CaseFacts): number | null {
	const { startedCount } = facts.observed.audit;
	return startedCount === 0 ? null : (100 * errorCount(facts)) / startedCount;
}

/** What a refusal costs, of what an event costs that is served: processor time against the time of a slot. */
export function refusalCostPct({ params, observed }: CaseFacts): number | null {
	return observed.refusalMs === null ? null : (100 * observed.refusalMs) / params.serviceMs;
}

/** Tries that the clients' drivers sent, and events that some were needed for: one that was held back needed none. */
export function triesOf(facts: CaseFacts): Tries {
	const { summary, counters } = loadFacts(facts, "events", "all");
	return {
		made: counters["api.attempts"] ?? 0,
		needed: summary.started_count - (summary.errors.throttled ?? 0),
	};
}

/** Events of each code that were not accepted. */
export function errorsOf(facts: CaseFacts): Readonly<Record<string, number>> {
	return loadFacts(facts, "events", "all").summary.errors;
}

/** Of the events that were due, those that were not accepted. */
export function rejectedPct(facts: CaseFacts): number {
	const { started_count, ok_count } = loadFacts(facts, "events", "all").summary;
	return (100 * (started_count - ok_count)) / started_count;
}
