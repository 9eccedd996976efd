import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { DeltaTable } from "./delta-table.ts";

const dataFile = /\.parquet$/;

/** Data files on the disk that the table's newest version does not have, with how old what makes them so is. */
export async function unlistedFiles(
	{ folder, state }: DeltaTable,
	nowMs: number,
): Promise<{ path: string; ageMs: number; kind: "removed" | "never committed" }[]> {
	const names = (await readdir(folder)).filter((name) => dataFile.test(name));
	const unlisted = names.filter((path) => !state.files.has(path));
	return Promise.all(
		unlisted.map(async (path) => {
			const removedMs = state.removedMs.get(path);
			if (removedMs !== undefined) return { path, ageMs: nowMs - removedMs, kind: "removed" };
			const { mtimeMs } = await stat(join(folder, path));
			return { path, ageMs: nowMs - mtimeMs, kind: "never committed" };
		}),
	);
}

/**
 * Deletes what no version has that somebody may still read: files that were taken out longer ago than `retentionMs`, and
 * those that a writer has left who died before its commit. Both wait for so long: a reader may have pinned the version
 * before, and another writer may be about to commit what it has just written.
 */
export async function vacuum(
	table: DeltaTable,
	retentionMs: number,
	nowMs: number,
): Promise<number> {
	const unlisted = await unlistedFiles(table, nowMs);
	const old = unlisted.filter(({ ageMs }) => ageMs >= retentionMs);
	await Promise.all(old.map(({ path }) => rm(join(table.folder, path), { force: true })));
	return old.length;
}
