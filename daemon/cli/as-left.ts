import type { Home } from "../home/home.ts";
import { lockHolder } from "../home/lock.ts";
import { abandoned } from "../record/abandoned.ts";
import type { RunDocument } from "../record/document.ts";

/**
 * A run's record as it is told from the disk: where no daemon lives nothing is under way, and one that was killed left
 * its run as it was.
 */
export function asLeft(home: Home, document: RunDocument): RunDocument {
	return lockHolder(home) === null ? abandoned(document, new Date().toISOString()) : document;
}
