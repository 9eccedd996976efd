import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Where a query on Spark goes on in each partition of the one topic that it reads, by its checkpoint: a batch that is in
 * `commits` is done, and what it ended at is in the file of its number in `offsets`.
 */
export function checkpointPositions(checkpoint: string): Map<number, number> {
	const commits = join(checkpoint, "commits");
	const done = existsSync(commits) ? readdirSync(commits).filter((name) => /^\d+$/.test(name)) : [];
	if (done.length === 0) return new Map();
	const last = Math.max(...done.map(Number));
	// A line with the version of the format, one of the query, and one for each source.
	const [, , source] = readFileSync(join(checkpoint, "offsets", String(last)), "utf8").split("\n");
	const [ends = {}] = Object.values(JSON.parse(source!) as Record<string, Record<string, number>>);
	return new Map(Object.entries(ends).map(([partition, end]) => [Number(partition), end]));
}
