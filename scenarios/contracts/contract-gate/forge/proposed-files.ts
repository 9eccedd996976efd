import { type FileChange, fileChanges } from "../../../subjects/forge/file-change.ts";
import { type Part, shopAfter } from "../changes/change.ts";
import { filesOf } from "../shop/files.ts";
import type { Shop } from "../shop/shop.ts";

/** What these parts do to the files of the repository, as one commit has it. */
export function proposedFiles(
	before: Shop,
	parts: readonly Part[],
	migration: string,
): FileChange[] {
	return [
		...fileChanges(filesOf(before), filesOf(shopAfter(before, parts, migration))),
		...parts.flatMap(({ files = [], hidden = [] }) => [...files, ...hidden]),
	];
}
