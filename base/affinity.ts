import { execFile } from "node:child_process";
import { readProc } from "./proc.ts";
import { isAlive, type ProcessIdentity } from "./process.ts";

/** The processors that a process may run on, as the kernel lists them: `0-1`, `0,2-3`; null when it has ended. */
export function allowedCpus(identity: ProcessIdentity): string | null {
	const status = isAlive(identity) ? readProc(identity.pid, "status") : null;
	return (status && /^Cpus_allowed_list:\t(.*)$/m.exec(status)?.[1]) ?? null;
}

/** The highest processor of such a list. */
export function lastCpu(cpus: string): number {
	return Number(/\d+$/.exec(cpus)?.[0] ?? 0);
}

/** Binds all threads of these processes to processors; those that have ended are passed over. */
export async function bindToCpus(
	identities: readonly ProcessIdentity[],
	cpus: string,
): Promise<void> {
	const pids = identities.filter(isAlive).map(({ pid }) => `${pid}`);
	if (pids.length === 0) return;
	// One program for all: it is started once, and costs us one stop of the clock.
	const script = 'cpus=$1; shift; for pid; do taskset -a -c -p "$cpus" "$pid"; done';
	await run("sh", ["-c", script, "sh", cpus, ...pids]);
	const free = identities.filter((identity) => (allowedCpus(identity) ?? cpus) !== cpus);
	if (free.length > 0)
		throw new Error(
			`taskset left process ${free[0]!.pid} on processors ${allowedCpus(free[0]!)}, not ${cpus}`,
		);
}

/** Null where processes can be bound on this machine, else why not. */
export async function bindingUnavailable(): Promise<string | null> {
	return run("taskset", ["--version"]).then(
		() => null,
		() => "there is no taskset on the PATH (package util-linux)",
	);
}

function run(file: string, args: string[]): Promise<void> {
	return new Promise((resolve, reject) => {
		execFile(file, args, (error) => {
			// A process that has ended meanwhile makes taskset fail; what was bound is read back.
			if (error !== null && file !== "sh") reject(error);
			else resolve();
		});
	});
}
