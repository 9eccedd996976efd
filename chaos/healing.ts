import { pause } from "../base/clock.ts";
import { messageOf } from "../base/errors.ts";
import type { Fault } from "./fault.ts";
import { loadKind } from "./kinds.ts";
import type { Ledger, LedgerEntry } from "./ledger.ts";
import type { Target } from "./target.ts";

const healTries = 5;
const healRetryMs = 200;
const healLimitMs = 3_000;

/** Heals one ledger entry, with retries, and closes it; the message of the last failure where it stays open. */
export async function healEntry(
	target: Target,
	ledger: Ledger,
	entry: LedgerEntry,
	fault: Fault,
): Promise<string | null> {
	let failure = "";
	const startMs = performance.now();
	for (let tries = 0; tries < healTries; tries++) {
		// A server that hangs is no nearer at the fifth try, and other faults wait for this one.
		if (tries > 1 && performance.now() - startMs > healLimitMs) break;
		if (tries > 0) await pause(healRetryMs);
		try {
			await fault.heal(target, entry.undo);
			ledger.record({ ...entry, state: "healed" });
			return null;
		} catch (error) {
			failure = failedOf(entry, error);
		}
	}
	return failure;
}

function failedOf({ kind, on, faultId }: LedgerEntry, error: unknown): string {
	return `healing ${kind} on ${on} failed: ${messageOf(error)} (${faultId})`;
}

/** The order in which faults are taken back: first processes, then network, then what is told to a server, which needs both. */
const healRank = { process: 0, path: 1, postgres: 2, redis: 2, kafka: 2 } as const;

/** Heals all that the ledger holds, in order; the messages of what stays open, to be tried again. */
export async function healPending(target: Target, ledger: Ledger): Promise<string[]> {
	const entries: { entry: LedgerEntry; fault: Fault }[] = [];
	const failures: string[] = [];
	// The newest first, so that what was there before the oldest comes last.
	for (const entry of ledger.pending.toReversed()) {
		try {
			entries.push({ entry, fault: await loadKind(entry.kind) });
		} catch (error) {
			// A kind of another version of Faultline keeps nothing else broken.
			failures.push(failedOf(entry, error));
		}
	}
	entries.sort((a, b) => healRank[a.fault.acts] - healRank[b.fault.acts]);
	for (const { entry, fault } of entries) {
		const failure = await healEntry(target, ledger, entry, fault);
		if (failure !== null) failures.push(failure);
	}
	return failures;
}
