import { createHash } from "node:crypto";
import { type Dirent, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { isEngine } from "./engine.ts";
import { kitFilesOf } from "./kit-files.ts";
import { type References, referencesIn } from "./references.ts";
import { changedMs, type Seen } from "./seen.ts";

/** What a scenario or suite is made of. */
export interface Sources {
	/** By their paths from its folder, sorted. */
	files: { name: string; bytes: Buffer }[];
	/** All that was looked at, before it was read: while it is as it was, so are the files. */
	seen: Seen;
}

interface Source {
	changedMs: number;
	bytes: Buffer;
	references: References;
	/** Files of the kit that it takes something from. */
	kit: string[];
}

const isEntry = /\.(scenario|suite)\.[tj]s$/;
const isSource = /\.(ts|js|sql|py|java|json|ya?ml)$/;
const isHidden = /^\.|^node_modules$/;
const isModule = /(?<!\.d)\.[cm]?[tj]s$/;

/** A larger file is data and told by its size: it is not to be read whenever scenarios are listed. */
const readBytesMax = 64 * 2 ** 20;

/**
 * Finds what scenarios and suites are made of: the sources in their folder and in the folders in there that hold no
 * scenario of their own, and from these on each file that one names by a literal, wherever it lies, and all sources of
 * each folder that one names by `new URL("models/", import.meta.url)`. What is of a package or of the engine is left out:
 * versions tell of it.
 */
export class SourceFinder {
	/** By real path: scenarios of one folder share most. */
	readonly #read = new Map<string, Source>();

	sourcesOf(file: string): Sources {
		const seen: Seen = {};
		const found = new Map<string, Buffer>();
		const folders = new Set<string>();
		const queue: string[] = [];
		const enter = (folder: string) => {
			if (!folders.has(folder)) queue.push(...sourcesIn(folder, seen));
			folders.add(folder);
		};
		const follow = (target: string, from: string) => {
			if (found.has(target) || isEngine(target)) return;
			const path = fileAt(target, seen);
			if (path !== null && !isInPackage(path, from)) queue.push(path);
		};
		seen[file] = changedMs(file);
		queue.push(realPathOf(file));
		// Where the file is a link, its subjects are beside the link and its imports beside the file.
		const folder = realPathOf(dirname(file));
		enter(folder);
		for (const path of queue) {
			if (found.has(path) || isEngine(path)) continue;
			seen[path] ??= changedMs(path);
			const source = this.#source(path);
			if (source === null) continue;
			found.set(path, source.bytes);
			// One that another imports brings its folder as well.
			if (isEntry.test(path)) enter(dirname(path));
			const { modules, paths } = source.references;
			for (const target of source.kit) follow(target, path);
			for (const target of modules.flatMap((url) => pathOf(url, path) ?? []))
				if (!target.endsWith(sep)) follow(target, path);
				// One that holds the source itself is somebody's project.
				else if (!path.startsWith(target) && !isInPackage(target, path))
					queue.push(...sourcesUnder(target, seen));
			for (const from of [path, file])
				for (const named of paths) follow(resolve(dirname(from), named), path);
		}
		const files = [...found].map(([path, bytes]) => ({
			name: relative(folder, path).replaceAll(sep, "/"),
			bytes,
		}));
		return { files: files.sort((a, b) => (a.name < b.name ? -1 : 1)), seen };
	}

	/** Null where there is none, or none any more. */
	#source(path: string): Source | null {
		const now = changedMs(path);
		const known = this.#read.get(path);
		if (known?.changedMs === now) return known;
		const bytes = bytesOf(path);
		if (now === null || bytes === null) return null;
		const text = isModule.test(path) ? bytes.toString() : null;
		const references = text === null ? { modules: [], paths: [] } : referencesIn(text);
		const kit = text === null ? [] : kitFilesOf(text);
		const source = { changedMs: now, bytes, references, kit };
		this.#read.set(path, source);
		return source;
	}
}

/** SHA-256 over names and contents. */
export function hashOf({ files }: Pick<Sources, "files">): string {
	const hash = createHash("sha256");
	for (const { name, bytes } of files) hash.update(`${name}\0`).update(bytes);
	return hash.digest("hex");
}

/** The sources in a folder, and in its folders that hold no scenario of their own. */
function sourcesIn(folder: string, seen: Seen): string[] {
	const entries = entriesOf(folder, seen);
	const helpers = entries
		// A scenario may lie in the root of somebody's project.
		.filter((entry) => entry.isDirectory() && !isHidden.test(entry.name))
		.flatMap(({ name }) => {
			const files = filesIn(join(folder, name), entriesOf(join(folder, name), seen));
			return files.some((file) => isEntry.test(file)) ? [] : files;
		});
	return [...filesIn(folder, entries), ...helpers].filter((file) => isSource.test(file));
}

/** The sources in a folder, however deep; experiments are nobody's data. */
function sourcesUnder(folder: string, seen: Seen): string[] {
	if (isEngine(folder)) return [];
	const entries = entriesOf(folder, seen);
	const deeper = entries
		.filter((entry) => entry.isDirectory() && !isHidden.test(entry.name))
		.flatMap(({ name }) => sourcesUnder(join(folder, name), seen));
	return [...filesIn(folder, entries).filter((file) => isSource.test(file)), ...deeper]
		.filter((file) => !isEntry.test(file))
		.map(realPathOf);
}

function entriesOf(folder: string, seen: Seen): Dirent[] {
	seen[folder] = changedMs(folder);
	try {
		return readdirSync(folder, { withFileTypes: true });
	} catch {
		return []; // gone, or not for us
	}
}

function filesIn(folder: string, entries: Dirent[]): string[] {
	return entries.flatMap((entry) => (entry.isFile() ? [join(folder, entry.name)] : []));
}

/** The real path of the file that is named so, or so but for `.js` in place of `.ts`; null where there is none. */
function fileAt(target: string, seen: Seen): string | null {
	for (const path of new Set([target, otherExtension(target)])) {
		seen[path] = changedMs(path);
		if (seen[path] !== null && isFile(path)) return realPathOf(path);
	}
	return null;
}

/** A source that is to be compiled names `.js` where `.ts` lies, and a compiled one keeps `.ts` in its strings. */
function otherExtension(path: string): string {
	const other = { ts: "js", js: "ts", mts: "mjs", mjs: "mts", cts: "cjs", cjs: "cts" } as const;
	return path.replace(/(?<=\.)[cm]?[tj]s$/, (extension) => other[extension as keyof typeof other]);
}

function isFile(path: string): boolean {
	return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** Judged from the source that names it: our own scenarios are in a package, where they are installed. */
function isInPackage(path: string, from: string): boolean {
	return relative(dirname(from), path).split(sep).includes("node_modules");
}

function bytesOf(path: string): Buffer | null {
	try {
		const { size } = statSync(path);
		return size > readBytesMax ? Buffer.from(`${size} bytes`) : readFileSync(path);
	} catch {
		return null; // gone, or not for us
	}
}

/** Node imports from real paths; of what has vanished, the path itself. */
function realPathOf(path: string): string {
	try {
		return realpathSync.native(path);
	} catch {
		return path;
	}
}

/** Null where the URL can be no path. */
function pathOf(url: string, from: string): string | null {
	try {
		return fileURLToPath(new URL(url, pathToFileURL(from)));
	} catch {
		return null;
	}
}
