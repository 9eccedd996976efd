import { type HookContext, type OutcomeKind, stepsPacer } from "faultline";
import { eventOf, type IngestEvent } from "./event.ts";
import { type P, stepsOf } from "./params.ts";

/** What the client of an accepted event has written down, on the machine's monotonic clock. */
export interface Receipt {
	intendedAtMs: number;
	endAtMs: number;
	/** Tries that got no answer. */
	unansweredCount: number;
}

export function writeReceipt({ intendedAtMs, endAtMs, unansweredCount }: Receipt): string {
	return `${intendedAtMs} ${endAtMs} ${unansweredCount}`;
}

function readReceipt(text: string): Receipt {
	const [intendedAtMs, endAtMs, unansweredCount] = text.split(" ").map(Number);
	return { intendedAtMs: intendedAtMs!, endAtMs: endAtMs!, unansweredCount: unansweredCount! };
}

/** What its client was told of an event. */
export interface Told {
	event: IngestEvent;
	/** When it was due, in milliseconds from the load's zero. */
	dueMs: number;
	outcome: OutcomeKind;
	/** Of those that were accepted. */
	receipt: Receipt | null;
}

/** In the order in which they were due. */
export async function toldOf({
	journal,
	params,
}: Pick<HookContext<P, never, unknown, "events">, "journal" | "params">): Promise<Told[]> {
	const dueMs = stepsPacer(stepsOf(params));
	const told: Told[] = [];
	for await (const { n, outcome, receipt } of journal("events"))
		told.push({
			event: eventOf(n, params),
			dueMs: dueMs(n) ?? 0,
			outcome,
			receipt: receipt === null ? null : readReceipt(receipt),
		});
	return told.sort((a, b) => a.dueMs - b.dueMs);
}

/** The load's zero on the machine's monotonic clock; null where nothing was accepted that could tell. */
export function zeroAtMsOf(told: readonly Told[]): number | null {
	for (const { dueMs, receipt } of told) if (receipt !== null) return receipt.intendedAtMs - dueMs;
	return null;
}
