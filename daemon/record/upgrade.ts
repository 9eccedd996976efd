import { ended } from "../host/check-end.ts";
import type { CheckOutcome } from "../host/protocol.ts";
import type { RunDocument, Timings } from "./document.ts";
import type { RunEvent } from "./events.ts";

// Records of schema 1 have grown. What an older one lacks is put in as it is read, so that nobody else asks for its age.

/** A stored document with all that today's readers ask for. */
export function upgraded(stored: RunDocument): RunDocument {
	const loads = stored.loads.map((load) => ({ ...unknownOfLoad, ...load }));
	const checks = stored.checks.map(upgradedCheck);
	const { timings = timingsBefore(stored), tries = { before: [], next: null } } = stored;
	const { allowDestructive = false } = stored;
	return { ...stored, loads, checks, timings, tries, allowDestructive };
}

const none = { p50: null, p90: null, p99: null, p99_9: null, p99_99: null, max: null, mean: null };
const unknownOfLoad = { error_samples: {}, ok_within_us: none, lateness: null };

/** What made a run invalid then makes its timings late now. */
function timingsBefore({ reasons }: RunDocument): Timings {
	const late = reasons.filter(
		({ code }) => code === "generator_saturated" || code === "host_paused",
	);
	const why = late.map(({ message }) => message);
	return { state: why.length > 0 ? "late" : "clean", latenessMs: null, why, machine: null };
}

/** An event of an earlier version as one of this. */
export function upgradedEvent(event: RunEvent): RunEvent {
	return event.type === "check" ? { ...event, check: upgradedCheck(event.check) } : event;
}

/** A check used to end in three ways, told by `ok` alone, and every count was required of every schedule. */
function upgradedCheck(
	check: Omit<CheckOutcome, "outcome" | "shapedBy" | "openBy"> & Partial<CheckOutcome>,
): CheckOutcome {
	const { ok, kind, outcome = ok === null ? "threw" : ok ? "held" : "failed" } = check;
	const { shapedBy = kind === "performance" ? "timing" : null } = check;
	return { ...check, shapedBy, ...ended(outcome, check.openBy ?? "data") };
}
