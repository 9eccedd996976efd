import { ancestorsOf, userOf } from "../../base/proc.ts";
import { isMarked, type ProcessIdentity, treeOf } from "../../base/process.ts";

/**
 * Why no fault may act on a process that Faultline has not started, and on all that it has started, whatever is allowed;
 * null where one may. `own`: the processes of this home, as far as their mark does not tell.
 */
export async function untouchable(
	process: ProcessIdentity,
	own: readonly ProcessIdentity[],
): Promise<string | null> {
	if (process.pid === 1) return "it is the first process of the machine";
	const above = [globalThis.process.pid, ...ancestorsOf(globalThis.process.pid)];
	if (above.includes(process.pid)) return "it is this daemon, or what has started it";
	const ours = new Set(own.map(({ pid }) => pid));
	for (const { pid } of await treeOf(process)) {
		const which = pid === process.pid ? "it" : `process ${pid}, which it has started,`;
		const user = userOf(pid);
		if (user !== null && user !== globalThis.process.geteuid?.())
			return `${which} belongs to another user, ${user}`;
		if (ours.has(pid) || isMarked(pid))
			return `${which} is part of a testbed: a service or subject goes by its own name`;
	}
	return null;
}
