import type { FileChange } from "./file-change.ts";

export interface Commit {
	/** The ref that is to be at it. */
	ref: string;
	/** Object ids, or marks of commits before it; the first one's files are changed. */
	parents: readonly string[];
	text: string;
	files: readonly FileChange[];
}

/** A commit as `git fast-import --date-format=raw` takes it; the same text is the same commit. */
export function commitStream({ ref, parents, text, files }: Commit, mark = 1): string {
	const [first, ...others] = parents;
	const who = "Dev <dev@example.org> 1767225600 +0000";
	return [
		`commit ${ref}\nmark :${mark}\n`,
		`author ${who}\ncommitter ${who}\n`,
		data(text),
		first === undefined ? "" : `from ${first}\n`,
		...others.map((parent) => `merge ${parent}\n`),
		...files.map(fileText),
		"\n",
	].join("");
}

function fileText(file: FileChange): string {
	switch (file.mode) {
		case "gone":
			return `D ${file.path}\n`;
		case "160000":
			return `M ${file.mode} ${file.oid} ${file.path}\n`;
		case "100644":
		case "120000":
			return `M ${file.mode} inline ${file.path}\n${data(file.text)}`;
		default:
			return file satisfies never;
	}
}

function data(text: string): string {
	return `data ${Buffer.byteLength(text)}\n${text}\n`;
}
