import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { earlyCache } from "../../base/cache-folder.ts";
import { newestSource } from "../../base/own-sources.ts";
import type { Looked } from "./describe.ts";

/**
 * Descriptions of our own scenarios and suites, kept between processes: to import all of them takes a second of the
 * processor, at each start of a daemon and each command that lists them. Of no use, and ignored, once any source of ours
 * has changed; of other files whoever takes them looks at what was `seen`.
 */
export class KeptDescriptions<D> {
	readonly #file: string;
	/** As they were when this process first looked: what it knows was described by these. */
	#sources = "";

	constructor(word: string, folder = earlyCache()) {
		this.#file = join(folder, "described", `${word}.json`);
	}

	/** Empty where nothing is kept, or nothing that holds. */
	read(): Looked<D>[] {
		this.#sources = newestSource();
		try {
			const kept = JSON.parse(readFileSync(this.#file, "utf8")) as Kept<D>;
			return kept.sources === this.#sources ? kept.looked : [];
		} catch {
			return [];
		}
	}

	/**
	 * Nothing where sources have changed since `read`: some of these would be of the old ones. What does not load is left
	 * out: what it lacks may be there the next time.
	 */
	write(looked: readonly Looked<D>[]): void {
		if (newestSource() !== this.#sources) return;
		const kept: Kept<D> = {
			sources: this.#sources,
			looked: looked.filter(({ seen, ...of }) => seen !== null && !("error" in of)),
		};
		try {
			mkdirSync(dirname(this.#file), { recursive: true });
			// As a whole: another may read it now. One that a crash cuts off is no JSON, and ignored.
			const draft = `${this.#file}.${process.pid}`;
			writeFileSync(draft, JSON.stringify(kept));
			renameSync(draft, this.#file);
		} catch {
			// A cache that can't be written is no reason not to list.
		}
	}
}

interface Kept<D> {
	sources: string;
	looked: Looked<D>[];
}
