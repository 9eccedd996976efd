import type { Version } from "./log-replay.ts";

/** Of several tables the versions that belong together, and the LSN that they are of. */
export interface Pinned {
	lsn: number;
	versions: ReadonlyMap<string, Version>;
}

/**
 * All tables at one LSN: the least to which all of them have come, and of each the newest version up to it. Null before
 * each has one.
 */
export function pin(tables: ReadonlyMap<string, readonly Version[]>): Pinned | null {
	const newest = [...tables.values()].map((versions) => versions.at(-1)?.lsn ?? null);
	if (newest.includes(null) || newest.length === 0) return null;
	return pinAt(tables, Math.min(...(newest as number[])));
}

/** All tables at this LSN; null where one has no version of before it. */
export function pinAt(tables: ReadonlyMap<string, readonly Version[]>, lsn: number): Pinned | null {
	const versions = new Map<string, Version>();
	for (const [name, all] of tables) {
		const version = all.findLast((one) => one.lsn !== null && one.lsn <= lsn);
		if (version === undefined) return null;
		versions.set(name, version);
	}
	return { lsn, versions };
}
