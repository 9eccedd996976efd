import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import net from "node:net";
import { codeOf, FaultlineError } from "../base/errors.ts";

/** Throws `FLT_PORT_TAKEN`, naming the holder where the system tells, when nobody else can listen there. */
export async function claimablePort(port: number, host: string): Promise<void> {
	if (port === 0) return;
	const error = await new Promise<unknown>((resolve) => {
		const server = net.createServer();
		server.once("error", resolve);
		server.listen({ port, host }, () => server.close(() => resolve(null)));
	});
	if (error === null) return;
	if (codeOf(error) !== "EADDRINUSE") throw error;
	throw new FaultlineError(
		"FLT_PORT_TAKEN",
		`port ${port} on ${host} is taken by ${holderOf(port) ?? "another process"}`,
		"stop it, or choose another port: --port N, FAULTLINE_PORT=N, --port 0 for a free one",
	);
}

/** "pid 123 (node)" of the process that listens on this TCP port; null where /proc does not tell. */
function holderOf(port: number): string | null {
	const inode = listeningInode(port);
	if (inode === null) return null;
	for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
		try {
			const holds = readdirSync(`/proc/${pid}/fd`).some(
				(fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === `socket:[${inode}]`,
			);
			if (holds) return `pid ${pid} (${commandOf(pid)})`;
		} catch {
			// ended meanwhile, or another user's
		}
	}
	return null;
}

function listeningInode(port: number): string | null {
	const wanted = port.toString(16).toUpperCase().padStart(4, "0");
	const listening = "0A";
	for (const file of ["/proc/net/tcp", "/proc/net/tcp6"]) {
		try {
			for (const line of readFileSync(file, "utf8").split("\n").slice(1)) {
				const [, local = "", , state, , , , , , inode] = line.trim().split(/\s+/);
				if (state === listening && local.endsWith(`:${wanted}`)) return inode ?? null;
			}
		} catch {
			return null; // no /proc
		}
	}
	return null;
}

function commandOf(pid: string): string {
	const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").join(" ").trim();
	return words.length > 80 ? `${words.slice(0, 80)}…` : words;
}
