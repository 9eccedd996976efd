import type { Finding } from "./findings.ts";

// What a repository may hold, by the names, kinds and sizes of its files alone: nothing of them is opened for it.

/** A file as a tree of git has it. */
export interface Entry {
	path: string;
	/** `100644`, `100755`, `120000` a symbolic link, `160000` another repository. */
	mode: string;
	oid: string;
	/** Null of another repository. */
	bytes: number | null;
}

export const fileBytesMax = 65_536;

/** The files of a tree, of what `git ls-tree -r -l -z --full-tree` says. */
export function entriesOf(listed: Buffer): Entry[] {
	return listed
		.toString()
		.split("\0")
		.flatMap((line) => {
			const tab = line.indexOf("\t");
			if (tab === -1) return [];
			const [mode = "", , oid = "", size = "-"] = line.slice(0, tab).split(/ +/);
			const bytes = size === "-" ? null : Number(size);
			return [{ path: line.slice(tab + 1), mode, oid, bytes }];
		});
}

/** What of a file may not be, whoever brings it. */
export function entryFindings({ path, mode, bytes }: Entry): Finding[] {
	const finding = (rule: string, why: string) => [{ place: [path], rule, why }];
	if (leavesRepository(path))
		return finding("path", "the path leads out of the repository, or into git's own folder");
	if (mode === "120000")
		return finding("file-kind", "it is a symbolic link: write the file itself");
	if (mode !== "100644" && mode !== "100755")
		return finding("file-kind", "it is another repository: write the files themselves");
	if (bytes !== null && bytes > fileBytesMax)
		return finding("size", `it has ${bytes} bytes, of at most ${fileBytesMax}`);
	return [];
}

function leavesRepository(path: string): boolean {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: a name that a terminal would act on is what is looked for
	if (/[\\\u0000-\u001f\u007f]/.test(path)) return true;
	return path.split("/").some((part) => /^(?:|\.|\.\.|\.git|git~\d+)$/i.test(part));
}

/** What the gate stands on: a change of these is one of the gate, which nobody proposes beside another. */
const kept = [/^\.github\//, /^\.gitattributes$/, /\/\.gitattributes$/, /^\.gitmodules$/];

/** What a change does that no change may: to what the gate stands on, and to migrations that have run. */
export function changeFindings(before: readonly Entry[], after: readonly Entry[]): Finding[] {
	const [old, now] = [byPath(before), byPath(after)];
	const findings: Finding[] = [];
	for (const path of new Set([...old.keys(), ...now.keys()])) {
		const [was, is] = [old.get(path), now.get(path)];
		if (was?.oid === is?.oid && was?.mode === is?.mode) continue;
		if (kept.some((pattern) => pattern.test(path)))
			findings.push({ place: [path], rule: "kept", why: "the gate stands on it" });
		else if (was !== undefined && migrationOf(path) !== null)
			findings.push({
				place: [migrationOf(path)!],
				rule: "append-only",
				why: `it has run: ${is === undefined ? "it can't be taken back" : "it can't be written again"}, add another`,
			});
	}
	const last =
		[...old.keys()]
			.flatMap((path) => migrationOf(path) ?? [])
			.sort()
			.at(-1) ?? "";
	for (const path of now.keys()) {
		const name = migrationOf(path);
		if (name === null || old.has(path) || name > last) continue;
		findings.push({ place: [name], rule: "order", why: `it comes before ${last}, which has run` });
	}
	return findings;
}

/** The name of a migration: `0007_note` of `migrations/0007_note.sql`. */
export function migrationOf(path: string): string | null {
	return /^migrations\/(\d{4}_[a-z0-9_]+)\.sql$/.exec(path)?.[1] ?? null;
}

/** The name of a model: `customer_totals` of `models/customer_totals.sql`. */
export function modelOf(path: string): string | null {
	return /^models\/([a-z][a-z0-9_]*)\.sql$/.exec(path)?.[1] ?? null;
}

/** The path of a file that tells dbt what a package is: `dbt_project.yml`, `models/sources.yml`. */
export function settingOf(path: string): string | null {
	return /^(?:dbt_project|models\/[a-z][a-z0-9_]*)\.yml$/.test(path) ? path : null;
}

/** The file name of a contract: `orders.odcs.yaml` of `contracts/orders.odcs.yaml`. */
export function contractOf(path: string): string | null {
	return /^contracts\/([a-z][a-z0-9_]*\.odcs\.yaml)$/.exec(path)?.[1] ?? null;
}

function byPath(entries: readonly Entry[]): Map<string, Entry> {
	return new Map(entries.map((entry) => [entry.path, entry]));
}
