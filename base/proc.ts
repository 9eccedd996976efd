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

/** Looks at every living process, some at a time: a machine of a thousand processes stops no clock of ours. */
export async function eachProcess(see: (pid: number, stat: Stat) => void): Promise<void> {
	const pids = readdirSync("/proc").map(Number).filter(Number.isInteger);
	for (const [i, pid] of pids.entries()) {
		if (i % atOnce === atOnce - 1) await turn();
		const stat = statOf(pid);
		if (stat !== null) see(pid, stat);
	}
}
