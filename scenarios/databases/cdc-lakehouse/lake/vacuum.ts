import type { DeltaTable } from "./delta-table.ts";

/** A data file that is there, and that the table's newest version does not have. */
export interface Unlisted {
	path: string;
	kind: "removed" | "never committed";
}

export async function unlistedFiles(table: DeltaTable): Promise<Unlisted[]> {
	const names = (await table.files.list("")).filter((name) => name.endsWith(".parquet"));
	return names
		.filter((path) => !table.state.files.has(path))
		.map((path) => ({ path, kind: table.hasListed(path) ? "removed" : "never committed" }));
}

/**
 * Deletes files that no version needs that somebody may still read: those that were taken out, and those that a writer has
 * left who died before its commit. When either happened is not known well enough, for a commit is late after it was written
 * down, and a table may wait for the others long after; so a file goes when looks at the table have found it in no version
 * for `retentionMs`.
 */
export class Vacuum {
	readonly #table: DeltaTable;
	#firstSeenMs = new Map<string, number>();

	constructor(table: DeltaTable) {
		this.#table = table;
	}

	/** How many it has deleted. */
	async look(retentionMs: number, nowMs: number): Promise<number> {
		const seen = new Map<string, number>();
		let deletedCount = 0;
		for (const { path } of await unlistedFiles(this.#table)) {
			const sinceMs = this.#firstSeenMs.get(path) ?? nowMs;
			if (nowMs - sinceMs < retentionMs) {
				seen.set(path, sinceMs);
				continue;
			}
			await this.#table.files.remove(path);
			deletedCount += 1;
		}
		this.#firstSeenMs = seen;
		return deletedCount;
	}
}
