/**
 * What faults hold in this process, such as a connection or a timer, by the fault's id. It ends with the process, so
 * nothing of it is needed in an undo, and nothing may depend on its release alone.
 */
const held = new Map<string, () => Promise<void>>();

/** Keeps something going for this fault until `letGo`. */
export function hold(faultId: string, release: () => Promise<void>): void {
	held.set(faultId, release);
}

/** Releases what this fault holds; false where it holds nothing, as after the death of the daemon that injected it. */
export async function letGo(faultId: string): Promise<boolean> {
	const release = held.get(faultId);
	if (release === undefined) return false;
	held.delete(faultId);
	await release();
	return true;
}
