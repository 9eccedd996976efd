import type { ProcessIdentity } from "../../base/process.ts";
import type { FaultUndo } from "../fault.ts";
import type { Target } from "../target.ts";

/** What process kinds keep: the very process (pid, start time, boot), so that a reused pid is never touched. */
export interface ProcessUndo extends FaultUndo {
	process: Pick<ProcessIdentity, keyof ProcessIdentity>;
}

export async function planOnProcess(
	target: Target,
	on: string,
	faultId: string,
): Promise<ProcessUndo> {
	return { faultId, on, process: { ...(await target.processOf(on)) } };
}
