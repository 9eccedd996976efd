/** A file of a commit: its text, or that it is gone; or something that no file should be. */
export type FileChange =
	| { path: string; mode: "100644"; text: string }
	| { path: string; mode: "120000"; text: string }
	| { path: string; mode: "160000"; oid: string }
	| { path: string; mode: "gone" };

/** What turns the one files into the others, by their paths. */
export function fileChanges(
	before: Readonly<Record<string, string>>,
	after: Readonly<Record<string, string>>,
): FileChange[] {
	return [
		...Object.entries(after).flatMap(([path, text]): FileChange[] =>
			before[path] === text ? [] : [{ path, mode: "100644", text }],
		),
		...Object.keys(before).flatMap((path): FileChange[] =>
			after[path] === undefined ? [{ path, mode: "gone" }] : [],
		),
	];
}
