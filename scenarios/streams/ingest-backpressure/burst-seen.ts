import type { Decision } from "./decisions.ts";
import { recoveredAfterMs, usefulMs, type Window, type Work } from "./goodput.ts";
import { burstWindow, type P } from "./params.ts";
import type { BurstSeen } from "./record.ts";
import { type Told, zeroAtMsOf } from "./told.ts";

/**
 * What the burst did: to the store's time, to what is important, and to the usual load after it. Null where nothing was
 * accepted.
 */
export function burstSeen(
	params: P,
	told: readonly Told[],
	work: readonly Work[],
	decisions: readonly Decision[],
): BurstSeen | null {
	const zeroAtMs = zeroAtMsOf(told);
	if (zeroAtMs === null) return null;
	const { fromMs, toMs } = burstWindow(params);
	const window = { fromMs: zeroAtMs + fromMs, toMs: zeroAtMs + toMs };
	const accepted = new Set(
		told.flatMap(({ event, outcome }) => (outcome === "ok" ? event.eventId : [])),
	);
	const ofBurst = told.filter(({ dueMs }) => dueMs >= fromMs && dueMs < toMs);
	const critical = ofBurst.filter(({ event }) => event.priority === 0);
	const untilMs = params.warmMs + params.steadyMs;
	const usual = told
		.filter(({ dueMs }) => dueMs >= toMs && dueMs < untilMs)
		.map(({ dueMs, receipt }) => ({
			dueMs,
			good: receipt !== null && receipt.endAtMs - receipt.intendedAtMs <= params.objectiveMs,
		}));
	return {
		usefulMs: usefulMs(work, (eventId) => accepted.has(eventId), window),
		recoveredAfterMs: recoveredAfterMs(usual, toMs),
		lookedMs: untilMs - toMs,
		criticalCount: critical.length,
		criticalOkCount: critical.filter(({ outcome }) => outcome === "ok").length,
		mostByClient: mostByClient(decisions, window),
	};
}

/** Requests of the client that sent most of them in this time. */
function mostByClient(decisions: readonly Decision[], { fromMs, toMs }: Window): number {
	const counts = new Map<number, number>();
	for (const one of decisions) {
		if (one.is !== "queued" && one.is !== "refused") continue;
		if (one.atMs >= fromMs && one.atMs < toMs)
			counts.set(one.client, (counts.get(one.client) ?? 0) + 1);
	}
	return Math.max(0, ...counts.values());
}
