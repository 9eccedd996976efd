import type { ProcessIdentity } from "../base/process.ts";
import type { Undo } from "./fault.ts";
import type { Target } from "./target.ts";

/** What process kinds keep: the very process (pid, start time, boot), so that a reused pid is never touched. */
export interface ProcessUndo extends Undo {
	faultId: string;
	on: string;
	process: Undo;
}

export async function planOnProcess(
	target: Target,
	on: string,
	faultId: string,
): Promise<ProcessUndo> {
	return { faultId, on, process: { ...(await target.processOf(on)) } };
}

export function identityOf(undo: Undo): ProcessIdentity {
	return (undo as ProcessUndo).process as unknown as ProcessIdentity;
}
