import { faultName } from "../../chaos/fault.ts";
import type { FaultRecord } from "../../chaos/injection.ts";
import type { OperationTimes } from "../../load/journal.ts";

/** A fault as it was in force: by its id in the record, what it was, and from when to when; null where it was not healed. */
export type FaultThen = { id: string; fault: string; fromMs: number; toMs: number | null };

/** An operation with its times, and the faults that were in force while it was under way. */
export type OperationThen = OperationTimes & { key: string; faults: FaultThen[] };

/** Ties an operation to the faults of its run; both are timed from the run's zero. */
export function operationThen(
	key: string,
	times: OperationTimes,
	faults: readonly FaultRecord[],
): OperationThen {
	const during = inForce(faults).filter((fault) => gapMs(times, fault) === 0);
	return { key, ...times, faults: during };
}

/** When it was and what was in force then, in words; where nothing was, what came nearest. */
export function thenText(
	{ key, intendedMs, startedMs, endedMs, faults: during }: OperationThen,
	faults: readonly FaultRecord[],
): string {
	const when = `${key} was due at ${intendedMs} ms, started at ${startedMs} ms and ended at ${endedMs} ms`;
	if (during.length > 0)
		return `${when}, while ${during.map(windowText).join(" and ")} was in force`;
	const times = { intendedMs, startedMs, endedMs };
	const [nearest] = inForce(faults).sort((a, b) => gapMs(times, a) - gapMs(times, b));
	if (nearest === undefined) return `${when}; the run had no fault`;
	return `${when}, when no fault was in force; the nearest was ${windowText(nearest)}`;
}

function inForce(faults: readonly FaultRecord[]): FaultThen[] {
	return faults.flatMap((fault) => {
		const { id, injectedMs, healedMs } = fault;
		if (injectedMs === null) return [];
		const toMs = healedMs === null ? null : Math.round(healedMs);
		return [{ id, fault: faultName(fault), fromMs: Math.round(injectedMs), toMs }];
	});
}

/** How long before or after an operation a fault was in force; 0 where it was meanwhile. */
function gapMs({ startedMs, endedMs }: OperationTimes, { fromMs, toMs }: FaultThen): number {
	return Math.max(0, fromMs - endedMs, startedMs - (toMs ?? Number.POSITIVE_INFINITY));
}

function windowText({ id, fault, fromMs, toMs }: FaultThen): string {
	return `${fault} (${id}, from ${fromMs} ms ${toMs === null ? "on" : `to ${toMs} ms`})`;
}
