import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { FaultlineError, messageOf } from "../../base/errors.ts";
import { writeDurably } from "../home/home.ts";
import type { BaselineDocument } from "./baseline.ts";

/** The folder of baselines: one file per scenario, made to be committed and read as a diff. */
export class BaselineStore {
	readonly folder: string;

	constructor(folder: string) {
		this.folder = folder;
	}

	/** A scenario may have any name; its file has one that is no path. */
	fileOf(scenario: string): string {
		return join(this.folder, `${encodeURIComponent(scenario)}.json`);
	}

	/** The scenario's baseline, or null where none was accepted. */
	find(scenario: string): BaselineDocument | null {
		const file = this.fileOf(scenario);
		if (!existsSync(file)) return null;
		try {
			const document = JSON.parse(readFileSync(file, "utf8")) as BaselineDocument;
			if (document.schema !== 1) throw new Error(`its schema is ${document.schema}, not 1`);
			return document;
		} catch (error) {
			throw new FaultlineError(
				"FLT_CONFLICT",
				`${scenario}.json is no baseline: ${messageOf(error)}`,
				"mend it, or take it away and accept a run again",
				error,
			);
		}
	}

	/** The baseline of a scenario; `FLT_NOT_FOUND` where there is none. */
	read(scenario: string): BaselineDocument {
		const found = this.find(scenario);
		if (found !== null) return found;
		throw new FaultlineError(
			"FLT_NOT_FOUND",
			`no baseline of "${scenario}"`,
			"faultline baseline accept RUN --reason … makes one",
		);
	}

	/** All of them, by scenario. */
	list(): BaselineDocument[] {
		if (!existsSync(this.folder)) return [];
		return readdirSync(this.folder)
			.filter((name) => name.endsWith(".json"))
			.sort()
			.map((name) => this.read(decodeURIComponent(name.slice(0, -".json".length))));
	}

	save(document: BaselineDocument): void {
		mkdirSync(this.folder, { recursive: true });
		// To be committed, and so for others to read.
		writeDurably(
			this.fileOf(document.scenario),
			`${JSON.stringify(document, null, "\t")}\n`,
			0o644,
		);
	}
}

const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Where baselines lie: where the settings say, else in the clone that runs, else in `baselines/` where the command does,
 * so that they are committed.
 */
export function openBaselines(settings: { baselines: string | null }): BaselineStore {
	const clone = existsSync(join(root, ".git")) ? join(root, "baselines") : null;
	return new BaselineStore(settings.baselines ?? clone ?? resolve("baselines"));
}
