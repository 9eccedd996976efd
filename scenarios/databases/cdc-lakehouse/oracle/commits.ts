import { lsnText } from "../lsn.ts";
import type { Version } from "../reader/log-replay.ts";
import { pinAt } from "../reader/pin.ts";
import { type Finding, findingOf } from "./finding.ts";
import { type CommitState, stateAt } from "./replay.ts";

/** Every version of each table, as their logs have them. */
export type Histories = ReadonlyMap<string, readonly Version[]>;

/** At every LSN at which tables could ever be pinned, all stand at the same. */
export function levelPins(tables: Histories): Finding {
	const newest = [...tables.values()].map((versions) => versions.at(-1)?.lsn ?? 0);
	const least = Math.min(...newest);
	const lsns = new Set<number>();
	for (const versions of tables.values())
		for (const { lsn } of versions) if (lsn !== null && lsn <= least) lsns.add(lsn);
	return findingOf(lsns, (lsn) => {
		const pinned = pinAt(tables, lsn);
		if (pinned === null) return null;
		const at = [...pinned.versions].map(([table, version]) => ({ table, lsn: version.lsn! }));
		return new Set(at.map((one) => one.lsn)).size === 1
			? null
			: at.map((one) => `${one.table} stands at ${lsnText(one.lsn)}`).join(", ");
	});
}

/** A commit of the stream, and what the table had before it. */
interface Step {
	table: string;
	version: Version;
	/** How far the table had come; null before its snapshot. */
	hadLsn: number | null;
}

function streamed(tables: Histories): Step[] {
	return [...tables].flatMap(([table, versions]) =>
		versions.flatMap((version, i) =>
			version.info.operation === "STREAMING UPDATE"
				? [{ table, version, hadLsn: versions[i - 1]?.lsn ?? null }]
				: [],
		),
	);
}

/** Of each commit, whether it has as many changes of its table as the source made in that stretch: none left out, none twice. */
export function countedChanges(tables: Histories, commits: readonly CommitState[]): Finding {
	return findingOf(streamed(tables), ({ table, version, hadLsn }) => {
		const until = (lsn: number) => stateAt(commits, lsn)?.changeCounts[table] ?? 0;
		const made = until(version.lsn!) - until(hadLsn ?? 0);
		const { changeCount } = version.info;
		return changeCount === made
			? null
			: `${table} version ${version.version} brings ${changeCount} changes up to ${lsnText(version.lsn!)}, the source made ${made}`;
	});
}

/** Where a consumer started, by what it wrote down. */
export interface Start {
	atMs: number;
	fromLsn: number;
}

/** Each start goes on at the least LSN that the tables had by then, and no commit leaves a gap behind the one before it. */
export function joinedStarts(tables: Histories, starts: readonly Start[]): Finding {
	const leastAt = (ms: number) =>
		Math.min(
			...[...tables.values()].map(
				(versions) => versions.findLast(({ info }) => info.timestamp <= ms)?.lsn ?? 0,
			),
		);
	const started = findingOf(starts, ({ atMs, fromLsn }) => {
		// What was committed in the same millisecond was so before or after.
		const least = [leastAt(atMs), leastAt(atMs - 1)];
		return least.includes(fromLsn)
			? null
			: `a consumer went on at ${lsnText(fromLsn)}, and the tables were at ${lsnText(least[0]!)}`;
	});
	const joined = findingOf(streamed(tables), ({ table, version, hadLsn }) => {
		const { fromLsn } = version.info;
		return fromLsn !== null && hadLsn !== null && fromLsn <= hadLsn
			? null
			: `${table} version ${version.version} goes on at ${lsnText(fromLsn ?? 0)}, and had come to ${lsnText(hadLsn ?? 0)}`;
	});
	return {
		count: started.count + joined.count,
		wrongCount: started.wrongCount + joined.wrongCount,
		first: started.first ?? joined.first,
	};
}

/** Of the files of dead writers, whether any version of a table has ever had one. */
export function hiddenGarbage(tables: Histories, garbage: readonly string[]): Finding {
	const listed = new Set(
		[...tables].flatMap(([table, versions]) =>
			versions.flatMap(({ files }) => [...files.keys()].map((path) => `${table}/${path}`)),
		),
	);
	return findingOf(new Set(garbage), (file) =>
		listed.has(file) ? `${file} was left by a dead writer, and a version has it` : null,
	);
}
