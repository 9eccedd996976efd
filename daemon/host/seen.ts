import { statSync } from "node:fs";

/** Path of a file or folder → when it last changed, in milliseconds; null where there was nothing. */
export type Seen = Record<string, number | null>;

/** When what is there last changed; null where nothing is, or nothing that can be looked at. */
export function changedMs(path: string): number | null {
	try {
		return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? null;
	} catch {
		return null;
	}
}

/** Whether all is as it was seen. */
export function isAsSeen(seen: Seen): boolean {
	return Object.entries(seen).every(([path, ms]) => changedMs(path) === ms);
}
