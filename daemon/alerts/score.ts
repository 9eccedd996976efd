import type { FaultRecord } from "../../chaos/injection.ts";
import type { About } from "../../scenarios/contract/alert-rule.ts";
import type { AlertScore, FaultScore } from "../../scenarios/contract/facts.ts";

/** What a rule did, and what it can be asked for. Firings are disjoint and in order; only the last may be open. */
export interface RuleHistory {
	firedMs: readonly number[];
	resolvedMs: readonly number[];
	/** How often it is evaluated. */
	evaluationMs: number;
	/** How long it waits before it fires. */
	forMs: number;
	shortestFaultMs: number;
	about?: About | undefined;
}

/** The time in which firings count: from the end of warm-up to the end of the load. */
export interface ScoredTime {
	fromMs: number;
	endMs: number;
}

interface Firing {
	fromMs: number;
	/** Null where it had not resolved when the record ended. */
	toMs: number | null;
	/** It fired for these, first to last in credit. */
	credit: Truth[];
}

interface Truth {
	id: string;
	fromMs: number;
	/** Null where it was in force when the record ended. */
	endMs: number | null;
	/** Firings that begin until then are its. */
	creditMs: number;
	outcome: FaultScore["outcome"] | null;
	firings: Firing[];
}

/**
 * A rule against the faults that were injected. A firing belongs to the faults whose credit it begins in: from the
 * injection to the end and `2 × evaluation interval + for` beyond. A rule that was already firing has told nothing of a
 * fault that comes after that, unless the fault it fired for had its credit still.
 */
export function scoreRule(
	rule: RuleHistory,
	faults: readonly FaultRecord[],
	time: ScoredTime,
): AlertScore {
	const graceMs = 2 * rule.evaluationMs + rule.forMs;
	const truths = faults
		.filter(({ kind, on }) => (rule.about?.kind ?? kind) === kind && (rule.about?.on ?? on) === on)
		.flatMap((fault) => truthOf(fault, rule.shortestFaultMs, graceMs, time))
		.sort((a, b) => a.fromMs - b.fromMs);
	const firings: Firing[] = rule.firedMs.map((fromMs, i) => ({
		fromMs,
		toMs: rule.resolvedMs[i] ?? null,
		credit: truths.filter((truth) => fromMs >= truth.fromMs && fromMs <= truth.creditMs),
	}));

	const counts = { trueCount: 0, falseCount: 0, repeatCount: 0, ignoredCount: 0 };
	for (const firing of firings) counts[kindOf(firing, time)] += 1;
	// So long after its injection the rule has had the time to see the fault.
	const seenAfterMs = rule.shortestFaultMs + 2 * rule.evaluationMs;
	for (const truth of truths)
		truth.outcome ??= outcomeWithout(truth, firings, time.endMs - seenAfterMs);
	const scores = truths.map((truth) => scoreOf(truth, time.endMs));

	const ofOutcome = (...outcomes: (FaultScore["outcome"] | null)[]) =>
		scores.filter(({ outcome }) => outcomes.includes(outcome)).length;
	const detectedCount = ofOutcome("detected", "covered");
	const missedCount = ofOutcome("missed");
	return {
		precision: share(counts.trueCount, counts.falseCount),
		recall: share(detectedCount, missedCount),
		timeToDetectMs: median(scores.flatMap(({ detectMs }) => detectMs ?? [])),
		timeToResolveMs: median(scores.flatMap(({ resolveMs }) => resolveMs ?? [])),
		resolveCensored: scores.some(({ resolveCensored }) => resolveCensored),
		...counts,
		faultCount: detectedCount + missedCount,
		detectedCount,
		missedCount,
		tooShortCount: ofOutcome("too_short"),
		shortestFaultMs: rule.shortestFaultMs,
		graceMs,
		faults: scores,
	};
}

/** A fault as the rule could know it; none where it was never injected. */
function truthOf(
	{ id, injectedMs, provedMs, healedMs }: FaultRecord,
	shortestFaultMs: number,
	graceMs: number,
	record: ScoredTime,
): Truth[] {
	if (injectedMs === null) return [];
	// What was healed after the record's end, as by a stop, was in force when it ended.
	const endMs = (healedMs ?? Number.POSITIVE_INFINITY) > record.endMs ? null : healedMs;
	const tooShort = endMs !== null && endMs - injectedMs < shortestFaultMs;
	const outcome = provedMs === null ? "unproved" : tooShort ? "too_short" : null;
	const creditMs = (endMs ?? Number.POSITIVE_INFINITY) + graceMs;
	return [{ id, fromMs: injectedMs, endMs, creditMs, outcome, firings: [] }];
}

/** Counts a firing, and marks the faults that it tells. */
function kindOf(firing: Firing, { fromMs }: ScoredTime) {
	const { credit } = firing;
	// Nothing is judged in warm-up, unless somebody broke something in it.
	if (credit.length === 0) return firing.fromMs < fromMs ? "ignoredCount" : "falseCount";
	const asked = credit.filter(({ outcome }) => outcome === null || outcome === "detected");
	if (asked.length === 0) return "ignoredCount";
	const untold = asked.some(({ outcome }) => outcome === null);
	for (const truth of asked) {
		truth.outcome = "detected";
		truth.firings.push(firing);
	}
	return untold ? "trueCount" : "repeatCount";
}

/** Of a fault in whose credit no firing began. */
function outcomeWithout(truth: Truth, firings: readonly Firing[], lastSeenFromMs: number) {
	const standing = firings.find(
		(firing) =>
			firing.fromMs < truth.fromMs &&
			(firing.toMs ?? Number.POSITIVE_INFINITY) >= truth.fromMs &&
			firing.credit.some(({ creditMs }) => creditMs >= truth.fromMs),
	);
	if (standing !== undefined) {
		// What comes while this one is in force is covered by the same firing.
		standing.credit.push(truth);
		return "covered";
	}
	return truth.fromMs > lastSeenFromMs ? "censored" : "missed";
}

function scoreOf(truth: Truth, recordEndMs: number): FaultScore {
	const { id, fromMs, endMs, firings } = truth;
	const outcome = truth.outcome!;
	const [first] = firings;
	if (first === undefined)
		return { fault: id, outcome, detectMs: null, resolveMs: null, resolveCensored: false };
	const last = firings.at(-1) ?? first;
	const resolved = last.toMs ?? recordEndMs;
	return {
		fault: id,
		outcome,
		detectMs: apartMs(fromMs, first.fromMs),
		resolveMs: endMs === null ? null : apartMs(endMs, resolved),
		resolveCensored: endMs === null || last.toMs === null,
	};
}

/** To the microsecond, as times in a record are. */
function apartMs(fromMs: number, toMs: number): number {
	return Number((toMs - fromMs).toFixed(3));
}

function share(hits: number, others: number): number | null {
	return hits + others === 0 ? null : hits / (hits + others);
}

function median(values: readonly number[]): number | null {
	if (values.length === 0) return null;
	const sorted = values.toSorted((a, b) => a - b);
	const middle = sorted.length >> 1;
	return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
