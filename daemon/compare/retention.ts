import type { RunBrief } from "../record/brief.ts";
import { isFinal } from "../record/document.ts";
import type { RunStore } from "../record/store.ts";
import type { BaselineStore } from "./baseline-store.ts";

export interface Keep {
	/** This many, the newest. */
	runs: number;
	/** And none that ended longer ago. */
	days: number;
}

const dayMs = 86_400_000;

/**
 * The runs to remove, of all that there are, newest first: those beyond the count, and those that are too old. Never
 * one that has not ended, nor one that is `held`.
 */
export function expired(
	runs: readonly RunBrief[],
	keep: Keep,
	nowMs: number,
	held: ReadonlySet<string>,
): string[] {
	return runs.flatMap(({ runId, state, endedAt, queuedAt }, rank) => {
		if (!isFinal(state) || held.has(runId)) return [];
		const ageMs = nowMs - Date.parse(endedAt ?? queuedAt);
		return rank >= keep.runs || ageMs > keep.days * dayMs ? [runId] : [];
	});
}

/**
 * Removes the records that need not be kept. What a baseline was accepted from stays, so that the numbers can be looked
 * at again, and so does what another still needs.
 */
export function applyRetention(
	store: RunStore,
	baselines: BaselineStore,
	keep: Keep,
	{ nowMs, needed }: { nowMs: number; needed: readonly string[] },
): string[] {
	const sources = baselines
		.list()
		.flatMap(({ entries }) => entries.flatMap(({ runs }) => runs.map(({ runId }) => runId)));
	const held = new Set([...sources, ...needed]);
	const removed = expired(store.list(Number.MAX_SAFE_INTEGER, null), keep, nowMs, held);
	for (const runId of removed) store.remove(runId);
	return removed;
}
