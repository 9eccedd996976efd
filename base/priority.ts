import { readFileSync, writeFileSync } from "node:fs";
import { getPriority, setPriority } from "node:os";
import { codeOf } from "./errors.ts";
import { threadsOf } from "./proc.ts";
import { type ProcessIdentity, treeOf } from "./process.ts";

/** What a process is to a measurement: it makes the load, or is what the load goes to. */
export type Role = "load" | "target";

/**
 * Steps of "nice", where a priority may be raised (root, on most systems): while something is measured both come before
 * whatever else the machine does, and the load before its target, which else is late on its account.
 */
const raised: Record<Role, number> = { load: -10, target: -5 };
/** Where it may only be lowered, once and for all. */
const lowered: Record<Role, number> = { load: 0, target: 5 };

/** Who is not root may change one group's priority in a tenth of a second (sched(7), autogroups). */
const againAfterMs = 150;
const triesMax = 20;

let canRaise: boolean | undefined;

/** Whether this process may raise priorities, and take that back: it is tried once, on itself. */
export function raisesPriorities(): boolean {
	canRaise ??= tryToRaise();
	return canRaise;
}

function tryToRaise(): boolean {
	const own = getPriority();
	try {
		setPriority(own - 1);
		setPriority(own);
		return true;
	} catch {
		return false;
	}
}

/**
 * Gives a process that was just started, as the leader of a session of its own, the priority of its role; what it starts
 * inherits it. Where a system knows no priorities nothing changes.
 */
export function setPriorityOf(pid: number, role: Role, isMeasuring: boolean): void {
	const nice = niceOf(role, isMeasuring);
	try {
		setPriority(pid, nice);
	} catch {
		return; // it has ended, or may not be touched
	}
	setSession(pid, nice, triesMax);
}

/** Sets the priority of processes that run, and of all that they have started. Nothing changes where it can't be taken back. */
export async function setPriorityOfAll(
	roots: readonly ProcessIdentity[],
	role: Role,
	isMeasuring: boolean,
): Promise<void> {
	if (!raisesPriorities()) return;
	const nice = niceOf(role, isMeasuring);
	for (const { pid } of roots) setSession(pid, nice, triesMax);
	if (sessionsShare()) return;
	for (const { pid } of await treeOf(...roots))
		for (const thread of threadsOf(pid)) tryNice(thread, nice);
}

function niceOf(role: Role, isMeasuring: boolean): number {
	if (!raisesPriorities()) return lowered[role];
	return isMeasuring ? raised[role] : 0;
}

/** Linux may share the processor out among sessions first; then a priority within a session says nothing to others. */
function setSession(pid: number, nice: number, tries: number): void {
	try {
		writeFileSync(`/proc/${pid}/autogroup`, String(nice));
	} catch (error) {
		if (codeOf(error) !== "EAGAIN" || tries === 0) return;
		setTimeout(() => setSession(pid, nice, tries - 1), againAfterMs).unref();
	}
}

function sessionsShare(): boolean {
	try {
		return readFileSync("/proc/sys/kernel/sched_autogroup_enabled", "latin1").trim() === "1";
	} catch {
		return false;
	}
}

function tryNice(pid: number, nice: number): void {
	try {
		setPriority(pid, nice);
	} catch {
		// it has ended meanwhile
	}
}
