import { readFileSync, readlinkSync } from "node:fs";
import { sep } from "node:path";
import { pause } from "./clock.ts";
import { codeOf, FaultlineError } from "./errors.ts";
import { eachProcess, readProc, statOf } from "./proc.ts";

/** One process and no other: a pid alone is handed out again, after a while or after a reboot. */
export interface ProcessIdentity {
	pid: number;
	/** Clock ticks from boot to its start, as /proc/PID/stat gives them. */
	startTime: number;
	bootId: string;
}

const pollMs = 5;
/** A process that SIGKILL does not end within this hangs in the kernel; waiting longer would not help. */
const killLimitMs = 10_000;

let knownBootId: string | undefined;

function bootId(): string {
	knownBootId ??= readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
	return knownBootId;
}

/** The identity of the living process with this pid, or null. */
export function identify(pid: number): ProcessIdentity | null {
	const stat = statOf(pid);
	return stat && { pid, startTime: stat.startTime, bootId: bootId() };
}

/** Our own identity. */
export function identifySelf(): ProcessIdentity {
	return identify(process.pid)!;
}

export function sameProcess(a: ProcessIdentity, b: ProcessIdentity): boolean {
	return a.pid === b.pid && a.startTime === b.startTime && a.bootId === b.bootId;
}

/** Does this very process still live? A zombie does not, nor does another one that got its pid. */
export function isAlive(identity: ProcessIdentity): boolean {
	return stateOf(identity) !== null;
}

/** The kernel's letter for its state (R, S, D, T …), or null when this very process has ended. */
export function stateOf(identity: ProcessIdentity): string | null {
	if (identity.bootId !== bootId()) return null;
	const stat = statOf(identity.pid);
	return stat?.startTime === identity.startTime ? stat.state : null;
}

/** SIGSTOP in the bits of a process's pending signals. */
const stopPending = 1n << 18n;

/**
 * Whether a process that was told to stop does nothing any more: it is stopped, or sleeps in the kernel and will stop
 * before it runs again. A parent sleeps so from vfork on, until its child runs another program, and a child that was
 * stopped in between never does.
 */
export function isHeld(identity: ProcessIdentity): boolean {
	const state = stateOf(identity);
	if (state !== "D") return state === "T";
	const pending = /^ShdPnd:\s+([0-9a-f]+)$/m.exec(readProc(identity.pid, "status") ?? "");
	return pending !== null && (BigInt(`0x${pending[1]}`) & stopPending) !== 0n;
}

/** Processor time that this very process has used; null when it has ended. */
export function cpuMsOf(identity: ProcessIdentity): number | null {
	return isAlive(identity) ? (statOf(identity.pid)?.cpuMs ?? null) : null;
}

/** Memory of this very process that is in RAM, in whole megabytes; null when it has ended. */
export function residentMb(identity: ProcessIdentity): number | null {
	const status = isAlive(identity) ? readProc(identity.pid, "status") : null;
	const found = status && /^VmRSS:\s+(\d+) kB$/m.exec(status);
	return found ? Math.floor(Number(found[1]) / 1_024) : null;
}

/** Signals this very process; false when it has ended. Another process that got its pid is never touched. */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
	if (!isAlive(identity)) return false;
	try {
		return process.kill(identity.pid, signal);
	} catch (error) {
		if (codeOf(error) === "ESRCH") return false;
		throw error;
	}
}

/** Those of the processes that live, and all their living descendants; each once, parents first. */
export async function treeOf(...roots: ProcessIdentity[]): Promise<ProcessIdentity[]> {
	return (await treesOf([roots]))[0]!;
}

/** The trees of several sets of roots, as `treeOf` gives each, of one look at the machine. */
export async function treesOf(
	sets: readonly (readonly ProcessIdentity[])[],
): Promise<ProcessIdentity[][]> {
	const children = new Map<number, ProcessIdentity[]>();
	// A look for each root takes Postgres's fourteen processes a tenth of a second.
	await eachProcess((pid, { parentPid, startTime }) => {
		const siblings = children.get(parentPid) ?? [];
		siblings.push({ pid, startTime, bootId: bootId() });
		children.set(parentPid, siblings);
	});
	return sets.map((roots) => {
		const members = new Map(roots.filter(isAlive).map((root) => [root.pid, root]));
		for (const pid of members.keys())
			for (const child of children.get(pid) ?? [])
				if (!members.has(child.pid)) members.set(child.pid, child);
		return [...members.values()];
	});
}

/**
 * Stops the whole tree, parents first so that none can start children unseen, and lists again until nothing in it
 * runs any more. Returns what it stopped.
 */
export async function freezeTree(
	identity: ProcessIdentity,
	limitMs = 5_000,
): Promise<ProcessIdentity[]> {
	const giveUpAt = performance.now() + limitMs;
	for (;;) {
		const tree = await treeOf(identity);
		const running = tree.filter((member) => !isHeld(member));
		if (running.every((member) => !isAlive(member))) return tree;
		if (performance.now() > giveUpAt) throw stillThere("freeze", running, "SIGSTOP", limitMs);
		for (const member of running) signalProcess(member, "SIGSTOP");
		await pause(pollMs);
	}
}

/** Lets a frozen tree run again, in the reverse order: children are ready before a parent asks for them. */
export async function thawTree(identity: ProcessIdentity, limitMs = 5_000): Promise<void> {
	const giveUpAt = performance.now() + limitMs;
	for (;;) {
		const stopped = (await treeOf(identity)).filter(isHeld);
		if (stopped.length === 0) return;
		if (performance.now() > giveUpAt) throw stillThere("thaw", stopped, "SIGCONT", limitMs);
		for (const member of stopped.reverse()) signalProcess(member, "SIGCONT");
		await pause(pollMs);
	}
}

/**
 * Ends the whole tree and returns when none of it is left. With a grace the root is asked by `signal` first and has
 * that long to end everything itself; what remains gets SIGKILL.
 */
export async function killTree(
	identity: ProcessIdentity,
	{
		graceMs,
		signal = "SIGTERM",
		limitMs = killLimitMs,
	}: { graceMs: number; signal?: NodeJS.Signals; limitMs?: number },
): Promise<void> {
	// Members are remembered: once their parent is gone, nothing else tells that they belong to this tree.
	let members = await treeOf(identity);
	const relist = async () => {
		members = await treeOf(...members);
		return members;
	};
	if (graceMs > 0 && signalProcess(identity, signal)) {
		const graceEndsAt = performance.now() + graceMs;
		while ((await relist()).length > 0 && performance.now() < graceEndsAt) await pause(pollMs);
	}
	const beganAt = performance.now();
	// Where we get no processor a look takes seconds: nobody is given up whom nothing was sent.
	let killedAt: number | null = null;
	const stopped = new Set<number>();
	while ((await relist()).length > 0) {
		const now = performance.now();
		if (killedAt !== null && now - killedAt > limitMs)
			throw stillThere("end", members, "SIGKILL", limitMs);
		const strangers = members.filter(({ pid }) => !stopped.has(pid));
		if (strangers.length > 0 && now - beganAt <= limitMs) {
			// Nobody may fork between the listing and the kill, so all are stopped first, and what they started until then.
			for (const member of strangers) {
				signalProcess(member, "SIGSTOP");
				stopped.add(member.pid);
			}
		} else {
			for (const member of members) signalProcess(member, "SIGKILL");
			killedAt ??= now;
			await pause(pollMs);
		}
	}
}

function stillThere(
	verb: string,
	left: ProcessIdentity[],
	signal: string,
	limitMs: number,
): FaultlineError {
	const pids = left.map((member) => member.pid).join(", ");
	return new FaultlineError(
		"FLT_INTERNAL",
		`could not ${verb} process ${pids} within ${limitMs} ms of ${signal}`,
		`look at /proc/${left[0]?.pid}/status: a process in state D waits for the kernel`,
	);
}

/**
 * The processes of one home, ourselves excluded: those that carry its id in FAULTLINE_INSTANCE, and those whose
 * working directory lies under one of `folders`. The latter are for programs that overwrite the area their
 * environment is read from (Postgres's children), so a readable environment without the mark clears a process, and
 * so does a terminal: somebody looks at the files.
 */
export async function findMarked(homeId: string, ...folders: string[]): Promise<ProcessIdentity[]> {
	const found: ProcessIdentity[] = [];
	await eachProcess((pid, { hasTerminal, startTime }) => {
		if (pid === process.pid) return;
		const variables = variablesOf(pid);
		const marked = variables.includes(`FAULTLINE_INSTANCE=${homeId}`);
		const readable = variables.some((variable) => /^[A-Za-z_]\w*=/.test(variable));
		const worksHere = () => folders.some((folder) => worksUnder(pid, folder));
		if (marked || (!readable && !hasTerminal && worksHere()))
			found.push({ pid, startTime, bootId: bootId() });
	});
	return found;
}

/** The processes that carry this variable in their environment, ourselves excluded. */
export async function findByVariable(name: string, value: string): Promise<ProcessIdentity[]> {
	const found: ProcessIdentity[] = [];
	await eachProcess((pid, { startTime }) => {
		if (pid === process.pid || !variablesOf(pid).includes(`${name}=${value}`)) return;
		found.push({ pid, startTime, bootId: bootId() });
	});
	return found;
}

/** Whether a process carries the mark of a home, whichever. */
export function isMarked(pid: number): boolean {
	return variablesOf(pid).some((variable) => variable.startsWith("FAULTLINE_INSTANCE="));
}

function variablesOf(pid: number): string[] {
	return (readProc(pid, "environ") ?? "").split("\0");
}

/** Is the process's working directory this folder or below it? */
export function worksUnder(pid: number, folder: string): boolean {
	try {
		const cwd = readlinkSync(`/proc/${pid}/cwd`);
		return `${cwd}${sep}`.startsWith(folder + sep);
	} catch {
		return false; // ended meanwhile, or another user's
	}
}
