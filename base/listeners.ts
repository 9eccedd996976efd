import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { eachProcess, readProc } from "./proc.ts";
import { identify, type ProcessIdentity } from "./process.ts";

/**
 * The processes that listen on this TCP port, by whatever address, each at the top of those that have its socket: one
 * that has forked its workers comes once. None where nobody does, or where it is another user's, whom we may not see.
 */
export async function listenersOn(port: number): Promise<ProcessIdentity[]> {
	const sockets = listeningSockets(port);
	if (sockets.size === 0) return [];
	const parents = new Map<number, number>();
	await eachProcess((pid, { parentPid }) => {
		if (hasOneOf(pid, sockets)) parents.set(pid, parentPid);
	});
	return [...parents]
		.filter(([, parentPid]) => !parents.has(parentPid))
		.flatMap(([pid]) => identify(pid) ?? []);
}

/** The command line of a process, cut where it is long; empty where it has none that we may see. */
export function commandOf(pid: number): string {
	const words = (readProc(pid, "cmdline") ?? "").split("\0").join(" ").trim();
	return words.length > 80 ? `${words.slice(0, 80)}…` : words;
}

/** As /proc names them among the files of a process. */
function listeningSockets(port: number): Set<string> {
	const wanted = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
	const listening = "0A";
	const sockets = new Set<string>();
	for (const file of ["/proc/net/tcp", "/proc/net/tcp6"]) {
		for (const line of linesOf(file).slice(1)) {
			const [, local = "", , state, , , , , , inode] = line.trim().split(/\s+/);
			if (state === listening && local.endsWith(wanted)) sockets.add(`socket:[${inode}]`);
		}
	}
	return sockets;
}

function linesOf(file: string): string[] {
	try {
		return readFileSync(file, "latin1").split("\n");
	} catch {
		return []; // no such protocol, or no /proc
	}
}

function hasOneOf(pid: number, sockets: ReadonlySet<string>): boolean {
	try {
		const folder = `/proc/${pid}/fd`;
		return readdirSync(folder).some((fd) => {
			try {
				return sockets.has(readlinkSync(`${folder}/${fd}`));
			} catch {
				return false; // closed meanwhile
			}
		});
	} catch {
		return false; // ended meanwhile, or another user's
	}
}
