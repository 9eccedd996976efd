import { writeFileSync } from "node:fs";
import { setPriority } from "node:os";
import { codeOf } from "./errors.ts";

/** Steps of "nice": a third of the processor time where others want all of it. */
const steps = 5;
/** Who is not root may change one group's priority in a tenth of a second (sched(7), autogroups). */
const againAfterMs = 150;
const triesMax = 20;

/**
 * Lets a process that was just started, as the leader of a session of its own, give way to others: what is measured to
 * what measures it, which else is late on its account. What it starts inherits that. Where a system knows no
 * priorities nothing changes.
 */
export function giveWay(pid: number): void {
	try {
		setPriority(pid, steps);
	} catch {
		return; // it has ended, or may not be touched
	}
	lowerSession(pid, triesMax);
}

/** Linux may share the processor out among sessions first; then a priority within a session says nothing to others. */
function lowerSession(pid: number, tries: number): void {
	try {
		writeFileSync(`/proc/${pid}/autogroup`, String(steps));
	} catch (error) {
		if (codeOf(error) !== "EAGAIN" || tries === 0) return;
		setTimeout(() => lowerSession(pid, tries - 1), againAfterMs).unref();
	}
}
