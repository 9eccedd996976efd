import { stringify } from "yaml";
import type { Shop } from "./shop.ts";

/** A file of a commit: its text, or that it is gone; or something that no file should be. */
export type FileChange =
	| { path: string; mode: "100644"; text: string }
	| { path: string; mode: "120000"; text: string }
	| { path: string; mode: "160000"; oid: string }
	| { path: string; mode: "gone" };

/** All that the repository holds, by path. */
export function filesOf({ contracts, models, migrations, others }: Shop): Record<string, string> {
	const all: Record<string, string> = { ...others };
	for (const [file, contract] of Object.entries(contracts))
		all[`contracts/${file}`] = stringify(contract, { lineWidth: 110 });
	for (const [name, sql] of Object.entries(models)) all[`models/${name}.sql`] = sql;
	for (const [name, sql] of Object.entries(migrations)) all[`migrations/${name}.sql`] = sql;
	return all;
}

/** What turns the files of the one into those of the other. */
export function fileChanges(before: Shop, after: Shop): FileChange[] {
	const [old, now] = [filesOf(before), filesOf(after)];
	return [
		...Object.entries(now).flatMap(([path, text]): FileChange[] =>
			old[path] === text ? [] : [{ path, mode: "100644", text }],
		),
		...Object.keys(old).flatMap((path): FileChange[] =>
			now[path] === undefined ? [{ path, mode: "gone" }] : [],
		),
	];
}
