import { globSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runningExtension } from "../../base/entry.ts";
import { FaultlineError } from "../../base/errors.ts";
import { nearest } from "../../base/nearest.ts";
import { describeFiles } from "../host/describe.ts";
import type { Described, ScenarioDescription } from "../host/protocol.ts";

const folder = fileURLToPath(new URL("../../scenarios/", import.meta.url));

/**
 * The scenarios of a folder tree: every `NAME.scenario.ts` in it. Described by a process of their own at start-up and
 * again when a file has changed; one with a mistake is kept with its error and hides no other.
 */
export class ScenarioCatalog {
	readonly #folder: string;
	readonly #known = new Map<string, { stamp: string; described: Described }>();

	constructor(scenarios = folder) {
		this.#folder = scenarios;
	}

	/** All of them, by name; describes again what has changed since. */
	async list(): Promise<Described[]> {
		const files = globSync(`**/*.scenario${runningExtension}`, { cwd: this.#folder })
			.sort()
			.map((file) => join(this.#folder, file));
		const changed = files.filter((file) => this.#known.get(file)?.stamp !== stampOf(file));
		for (const file of this.#known.keys()) if (!files.includes(file)) this.#known.delete(file);
		if (changed.length > 0) {
			const stamps = changed.map(stampOf);
			const described = await describeFiles(changed);
			for (const [i, entry] of described.entries()) {
				this.#known.set(entry.kind === "scenario" ? entry.description.file : entry.file, {
					stamp: stamps[i]!,
					described: entry,
				});
			}
		}
		return files.flatMap((file) => this.#known.get(file)?.described ?? []);
	}

	/** One of them; `FLT_SCENARIO_UNKNOWN` with the nearest name, `FLT_SCENARIO_BROKEN` with its mistake. */
	async find(name: string): Promise<ScenarioDescription> {
		const all = await this.list();
		const found = all.find((entry) => nameOf(entry) === name);
		if (found === undefined) {
			const names = all.map(nameOf);
			const near = nearest(name, names);
			throw new FaultlineError(
				"FLT_SCENARIO_UNKNOWN",
				`no scenario "${name}"${near ? `; did you mean "${near}"?` : ""}`,
				`there are: ${names.join(", ")}`,
			);
		}
		if (found.kind === "broken") throw broken(found.name, found.error, found.file);
		return found.description;
	}
}

/** Describes one file from anywhere; `FLT_SCENARIO_BROKEN` with its mistake. */
export async function describeFile(file: string): Promise<ScenarioDescription> {
	if (!/\.scenario\.[tj]s$/.test(file) || mtimeMs(file) === 0) {
		throw new FaultlineError(
			"FLT_SCENARIO_UNKNOWN",
			`no scenario file ${file}`,
			"name a file that ends in .scenario.ts",
		);
	}
	const [described] = await describeFiles([file]);
	if (described!.kind === "broken") throw broken(basename(file), described!.error, file);
	return described!.description;
}

export function nameOf(described: Described): string {
	return described.kind === "scenario" ? described.description.name : described.name;
}

function broken(name: string, error: string, file: string): FaultlineError {
	return new FaultlineError(
		"FLT_SCENARIO_BROKEN",
		`scenario "${name}" does not load: ${error}`,
		`mend ${file}`,
	);
}

/** Changes with any file beside the scenario: its helpers are part of its hash. */
function stampOf(file: string): string {
	const folder = dirname(file);
	const names = readdirSync(folder).sort();
	return names.map((name) => `${name} ${mtimeMs(join(folder, name))}`).join("\n");
}

function mtimeMs(file: string): number {
	return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
