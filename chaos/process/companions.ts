import { spawn } from "node:child_process";
import { once } from "node:events";
import { readlinkSync } from "node:fs";
import { findByVariable, killTree, type ProcessIdentity } from "../../base/process.ts";
import type { Target } from "../target.ts";
import type { ProcessUndo } from "./process-undo.ts";

/** With the home's id. Start-up ends what an earlier daemon has left, but not what a fault needs until it is healed. */
export const untilHealed = "FAULTLINE_UNTIL_HEALED";

/** By this variable a fault's own processes are found, whoever looks for them. */
export const faultMark = "FAULTLINE_FAULT";

/**
 * Starts a process that a fault needs beside the one it acts on, in the same folder. It must end by itself when its
 * standard input ends or this process is gone; what does not is found by its mark.
 */
export async function startCompanion(
	{ env }: Target,
	undo: ProcessUndo,
	command: string,
	args: string[],
): Promise<void> {
	const child = spawn(command, args, {
		cwd: readlinkSync(`/proc/${undo.process.pid}/cwd`),
		env: { ...env, [faultMark]: undo.faultId },
		detached: true,
		stdio: ["pipe", "ignore", "ignore"],
	});
	child.stdin.on("error", () => {});
	await once(child, "spawn");
	child.unref();
}

export function companionsOf(faultId: string): Promise<ProcessIdentity[]> {
	return findByVariable(faultMark, faultId);
}

export async function endCompanions(faultId: string): Promise<void> {
	const companions = await companionsOf(faultId);
	await Promise.all(companions.map((companion) => killTree(companion, { graceMs: 0 })));
}
