import { existsSync, globSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runningExtension } from "../../base/entry.ts";
import { FaultlineError } from "../../base/errors.ts";
import { nearest } from "../../base/nearest.ts";
import { describeFiles, type Looked } from "./describe.ts";
import { KeptDescriptions } from "./kept.ts";
import type { Broken, ScenarioDescription, SuiteDescription } from "./protocol.ts";
import { isAsSeen } from "./seen.ts";

const house = fileURLToPath(new URL("../../scenarios/", import.meta.url));

/** What files are in a catalog: `NAME.scenario.ts`, `NAME.suite.ts`. */
type Word = "scenario" | "suite";
type Description<W extends Word> = W extends "scenario" ? ScenarioDescription : SuiteDescription;
type Entry<W extends Word> = { kind: W; description: Description<W> } | Broken;

/**
 * The files of one kind in a folder tree. Described by a process of their own when they are first asked for, and again
 * when a file has changed; one with a mistake is kept with its error and hides no other.
 */
class Catalog<W extends Word> {
	readonly #word: W;
	readonly #folder: string;
	readonly #known = new Map<string, Looked<Entry<W>>>();
	/** Null for folders of others. */
	readonly #kept: KeptDescriptions<Entry<W>> | null;

	constructor(word: W, folder: string) {
		this.#word = word;
		this.#folder = folder;
		this.#kept = folder === house ? new KeptDescriptions(word) : null;
	}

	/** All of them, by name; describes again what has changed since. */
	async list(): Promise<Entry<W>[]> {
		const files = this.#files();
		if (this.#known.size === 0) for (const entry of this.#kept?.read() ?? []) this.#know(entry);
		for (const file of this.#known.keys()) if (!files.includes(file)) this.#known.delete(file);
		const changed = files.filter((file) => {
			const seen = this.#known.get(file)?.seen ?? null;
			return seen === null || !isAsSeen(seen);
		});
		if (changed.length > 0) {
			for (const entry of await describeFiles<Entry<W>>(changed)) this.#know(entry);
			this.#kept?.write([...this.#known.values()]);
		}
		return files.flatMap((file) => this.#known.get(file) ?? []);
	}

	/** One of them; `FLT_…_UNKNOWN` with the nearest name, `FLT_…_BROKEN` with its mistake. */
	async find(name: string): Promise<Description<W>> {
		const all = await this.list();
		const found = all.find((entry) => nameOf(entry) === name);
		if (found !== undefined) return described(this.#word, found);
		const names = all.map(nameOf);
		const near = nearest(name, names);
		throw new FaultlineError(
			codes[this.#word].unknown,
			`no ${this.#word} "${name}"${near ? `; did you mean "${near}"?` : ""}`,
			`there are: ${names.join(", ")}`,
		);
	}

	/** Is there a file for this name, good or broken? */
	has(name: string): boolean {
		return this.fileOf(name) !== null;
	}

	/** The file of this name, good or broken; null where there is none. */
	fileOf(name: string): string | null {
		const wanted = `${name}.${this.#word}${runningExtension}`;
		return this.#files().find((file) => basename(file) === wanted) ?? null;
	}

	#know(entry: Looked<Entry<W>>): void {
		this.#known.set("description" in entry ? entry.description.file : entry.file, entry);
	}

	#files(): string[] {
		return globSync(`**/*.${this.#word}${runningExtension}`, { cwd: this.#folder })
			.sort()
			.map((file) => join(this.#folder, file));
	}
}

export class ScenarioCatalog extends Catalog<"scenario"> {
	constructor(folder = house) {
		super("scenario", folder);
	}
}

export class SuiteCatalog extends Catalog<"suite"> {
	constructor(folder = house) {
		super("suite", folder);
	}
}

/** Describes one file from anywhere; `FLT_SCENARIO_BROKEN` with its mistake. */
export function describeFile(file: string): Promise<ScenarioDescription> {
	return describeOne("scenario", file);
}

/** Describes one file of a suite from anywhere; `FLT_SUITE_BROKEN` with its mistake. */
export function describeSuiteFile(file: string): Promise<SuiteDescription> {
	return describeOne("suite", file);
}

export function nameOf(described: Entry<Word>): string {
	return "description" in described ? described.description.name : described.name;
}

async function describeOne<W extends Word>(word: W, file: string): Promise<Description<W>> {
	if (!new RegExp(`\\.${word}\\.[tj]s$`).test(file) || !existsSync(file)) {
		throw new FaultlineError(
			codes[word].unknown,
			`no ${word} file ${file}`,
			existsSync(file)
				? `its name must end in .${word}.ts or .${word}.js`
				: `correct its path; its name must end in .${word}.ts or .${word}.js`,
		);
	}
	const [entry] = await describeFiles<Entry<W>>([file]);
	return described(word, entry!);
}

function described<W extends Word>(word: W, entry: Entry<W>): Description<W> {
	if ("description" in entry) return entry.description;
	throw new FaultlineError(
		codes[word].broken,
		`${word} "${entry.name}" does not load: ${entry.error}`,
		`mend ${entry.file}`,
	);
}

const codes = {
	scenario: { unknown: "FLT_SCENARIO_UNKNOWN", broken: "FLT_SCENARIO_BROKEN" },
	suite: { unknown: "FLT_SUITE_UNKNOWN", broken: "FLT_SUITE_BROKEN" },
} as const;
