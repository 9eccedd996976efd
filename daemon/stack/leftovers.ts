import {
	findMarked,
	identifySelf,
	isAlive,
	killTree,
	type ProcessIdentity,
	treeOf,
	worksUnder,
} from "../../base/process.ts";
import { foldersOf, type Home } from "../home/home.ts";

/**
 * Processes of this home that nobody looks after: marked, but neither below us nor part of a service that runs. An
 * earlier daemon was killed and left them, or a killed service left its children.
 */
export async function leftovers(
	home: Home,
	running: readonly ProcessIdentity[],
): Promise<ProcessIdentity[]> {
	// In this order: a helper that we start between the two lists is in the second one only, and so is safe.
	const marked = await findMarked(home.id, ...foldersOf(home));
	const cared = new Set((await treeOf(identifySelf(), ...running)).map(({ pid }) => pid));
	return marked.filter((process) => isAlive(process) && !cared.has(process.pid));
}

/** Ends them all, or those that work below `folder`, and returns how many there were. */
export async function endLeftovers(
	home: Home,
	running: readonly ProcessIdentity[],
	folder?: string,
): Promise<number> {
	const found = (await leftovers(home, running)).filter(
		({ pid }) => folder === undefined || worksUnder(pid, folder),
	);
	await Promise.all(found.map((identity) => killTree(identity, { graceMs: 0 })));
	return found.length;
}
