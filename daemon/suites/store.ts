import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { FaultlineError } from "../../base/errors.ts";
import { writeDurably } from "../home/home.ts";
import { fitForId } from "../record/new-document.ts";
import type { SuiteDocument } from "./document.ts";

/** The records of suites, a file each. */
export class SuiteStore {
	readonly #folder: string;

	constructor(folder: string) {
		this.#folder = folder;
	}

	/** On the disk when it returns. */
	save(document: SuiteDocument): void {
		mkdirSync(this.#folder, { recursive: true });
		writeDurably(this.#fileOf(document.id), `${JSON.stringify(document, null, "\t")}\n`);
	}

	has(id: string): boolean {
		// An id comes from outside, and must not become a path.
		return /^\w[\w.-]*$/.test(id) && existsSync(this.#fileOf(id));
	}

	/** `FLT_NOT_FOUND` where there is none. */
	read(id: string): SuiteDocument {
		if (this.has(id)) return JSON.parse(readFileSync(this.#fileOf(id), "utf8")) as SuiteDocument;
		throw new FaultlineError(
			"FLT_NOT_FOUND",
			`no record "${id}" of a suite`,
			"GET /suites has the last of each",
		);
	}

	/** The newest record of a suite, or null. */
	lastOf(suite: string): SuiteDocument | null {
		const named = this.ids().filter((id) => id.includes(`-${fitForId(suite)}-`));
		// Another suite's name may end in this one's.
		for (const id of named) {
			const document = this.read(id);
			if (document.suite === suite) return document;
		}
		return null;
	}

	/** All ids, newest first, for they begin with their time. */
	ids(): string[] {
		if (!existsSync(this.#folder)) return [];
		const files = readdirSync(this.#folder).filter((name) => name.endsWith(".json"));
		return files
			.map((name) => name.slice(0, -".json".length))
			.toSorted()
			.reverse();
	}

	#fileOf(id: string): string {
		return join(this.#folder, `${id}.json`);
	}
}
