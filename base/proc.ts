import { closeSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";

/** What the kernel says of a living process. */
export interface Stat {
	/** Its letter: R, S, D, T … */
	state: string;
	parentPid: number;
	hasTerminal: boolean;
	/** Clock ticks from boot. */
	startTime: number;
	/** Processor time of all its threads, user and system. */
	cpuMs: number;
	/** That of its children that have ended, and of theirs. */
	reapedCpuMs: number;
}

/** More than any line of /proc/PID/stat. Reading into it at once takes half the time of `readFileSync`. */
const line = Buffer.alloc(4_096);

/** What a clock tick is on every Linux that shows it to programs. */
const tickMs = 10;

/** How many processes are looked at before others get their turn: about a millisecond. */
const atOnce = 32;

/** The process with this pid; null for none and for a zombie, which only waits to be reaped. */
export function statOf(pid: number): Stat | null {
	const text = statText(pid);
	if (text === null) return null;
	// The second field is the program's name in brackets and may itself hold brackets and spaces.
	const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
	const state = fields[0]!;
	if (state === "Z" || state === "X") return null;
	return {
		state,
		parentPid: Number(fields[1]),
		hasTerminal: fields[4] !== "0",
		startTime: Number(fields[19]),
		cpuMs: (Number(fields[11]) + Number(fields[12])) * tickMs,
		reapedCpuMs: (Number(fields[13]) + Number(fields[14])) * tickMs,
	};
}

function statText(pid: number): string | null {
	let fd: number | null = null;
	try {
		fd = openSync(`/proc/${pid}/stat`, "r");
		return line.toString("latin1", 0, readSync(fd, line));
	} catch {
		return null; // ended meanwhile
	} finally {
		if (fd !== null) closeSync(fd);
	}
}

/** A file of /proc/PID, or null where the process has ended or is another user's. */
export function readProc(pid: number, file: string): string | null {
	try {
		return readFileSync(`/proc/${pid}/${file}`, "latin1");
	} catch {
		return null;
	}
}

/** Processor time of the whole machine since its boot, all cores together; null where the system does not say. */
export function machineCpu(): { busyMs: number; totalMs: number } | null {
	let text: string;
	try {
		text = readFileSync("/proc/stat", "latin1");
	} catch {
		return null;
	}
	// user, nice, system, idle, iowait, irq, softirq, steal; what guests take is in user already.
	const ticks = text.slice(0, text.indexOf("\n")).trim().split(/\s+/).slice(1, 9).map(Number);
	const totalMs = ticks.reduce((sum, ms) => sum + ms, 0) * tickMs;
	return { totalMs, busyMs: totalMs - (ticks[3]! + ticks[4]!) * tickMs };
}

/** How long the threads of a process have waited for a processor since they began; 0 where the system does not say. */
export function waitedMsOf(pid: number): number {
	let sumNs = 0;
	for (const thread of threadsOf(pid))
		sumNs += Number(readProc(pid, `task/${thread}/schedstat`)?.split(" ")[1] ?? 0);
	return sumNs / 1e6;
}

/** The threads of a process; none where it has ended, or the system has no such list. */
export function threadsOf(pid: number): number[] {
	try {
		return readdirSync(`/proc/${pid}/task`).map(Number);
	} catch {
		return [];
	}
}

/** The user that a process acts as; null where it has ended. */
export function userOf(pid: number): number | null {
	const ids = /^Uid:\s+\d+\s+(\d+)/m.exec(readProc(pid, "status") ?? "");
	return ids === null ? null : Number(ids[1]);
}

/** The parent of a process, that one's parent, and so on up to the first of the machine. */
export function ancestorsOf(pid: number): number[] {
	const ancestors: number[] = [];
	for (let at = statOf(pid)?.parentPid ?? 0; at > 0; at = statOf(at)?.parentPid ?? 0)
		ancestors.push(at);
	return ancestors;
}

/** Looks at every living process, some at a time: a machine of a thousand processes stops no clock of ours. */
export async function eachProcess(see: (pid: number, stat: Stat) => void): Promise<void> {
	const pids = readdirSync("/proc").map(Number).filter(Number.isInteger);
	for (const [i, pid] of pids.entries()) {
		if (i % atOnce === atOnce - 1) await turn();
		const stat = statOf(pid);
		if (stat !== null) see(pid, stat);
	}
}
