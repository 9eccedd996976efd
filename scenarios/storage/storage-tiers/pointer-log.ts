import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";
import { isMissing } from "./missing.ts";
import { checkNext, type Pointer, type PointerTable } from "./pointers.ts";

/**
 * The table of pointers as a file, to which each writing appends a line; the last line of an object counts. Half a line
 * at the end is a writing that was interrupted: nobody was told of it, and it is taken away before anything comes after.
 */
export class PointerLog implements PointerTable {
	readonly #pointers: Map<string, Pointer>;
	readonly #file: FileHandle;
	readonly #sync: boolean;
	#waiting: { line: string; done: () => void; failed: (error: unknown) => void }[] = [];
	#flushing = false;
	#failure: Error | null = null;

	private constructor(pointers: Map<string, Pointer>, file: FileHandle, sync: boolean) {
		this.#pointers = pointers;
		this.#file = file;
		this.#sync = sync;
	}

	/** Reads the file, and leaves in it one line for each object. */
	static async open(path: string, { sync }: { sync: boolean }): Promise<PointerLog> {
		const pointers = readPointers(path);
		rewrite(path, pointers);
		return new PointerLog(pointers, await open(path, "a"), sync);
	}

	get(id: string): Pointer | undefined {
		return this.#pointers.get(id);
	}

	all(): Iterable<Pointer> {
		return this.#pointers.values();
	}

	/** A file keeps what it has taken: there is nothing to be unsure of, but for a disk that fails, which ends it all. */
	async refresh(): Promise<void> {
		if (this.#failure !== null) throw this.#failure;
	}

	async write(pointer: Pointer): Promise<void> {
		await this.refresh();
		checkNext(this.#pointers.get(pointer.id), pointer);
		await this.#append(`${JSON.stringify(pointer)}\n`);
		this.#pointers.set(pointer.id, pointer);
	}

	async close(): Promise<void> {
		await this.#file.close();
	}

	#append(line: string): Promise<void> {
		return new Promise((done, failed) => {
			this.#waiting.push({ line, done, failed });
			if (!this.#flushing) void this.#flush();
		});
	}

	/** What came while a write was under way goes into the next one together: one sync for all of it. */
	async #flush(): Promise<void> {
		this.#flushing = true;
		while (this.#waiting.length > 0) {
			const together = this.#waiting;
			this.#waiting = [];
			try {
				await this.#file.appendFile(together.map(({ line }) => line).join(""));
				if (this.#sync) await this.#file.datasync();
				for (const { done } of together) done();
			} catch (error) {
				// Half a line may be in it, and nothing can come after that: opening it again takes it away.
				this.#failure = new Error("the log of pointers could not be written; open it again", {
					cause: error,
				});
				for (const { failed } of together) failed(this.#failure);
			}
		}
		this.#flushing = false;
	}
}

/** The pointers that a log holds, for who only looks; empty where there is no file. */
export function readPointers(path: string): Map<string, Pointer> {
	const pointers = new Map<string, Pointer>();
	const lines = textOf(path).split("\n");
	lines.pop(); // nothing after the last line's end, or half a line
	for (const [i, line] of lines.entries()) {
		try {
			const pointer = JSON.parse(line) as Pointer;
			pointers.set(pointer.id, pointer);
		} catch (error) {
			throw new Error(
				`line ${i + 1} of ${path} is no pointer: ${line.slice(0, 80)}; an interruption spoils the last line alone`,
				{ cause: error },
			);
		}
	}
	return pointers;
}

/** Beside it and then in its place, so that there is a whole file at any moment. */
function rewrite(path: string, pointers: ReadonlyMap<string, Pointer>): void {
	const text = [...pointers.values()].map((pointer) => `${JSON.stringify(pointer)}\n`).join("");
	const draft = `${path}.draft`;
	const file = openSync(draft, "w");
	try {
		writeSync(file, text);
		fsyncSync(file);
	} finally {
		closeSync(file);
	}
	renameSync(draft, path);
	const folder = openSync(dirname(path), "r");
	try {
		fsyncSync(folder);
	} finally {
		closeSync(folder);
	}
}

function textOf(path: string): string {
	try {
		return readFileSync(path, "utf8");
	} catch (error) {
		if (isMissing(error)) return "";
		throw error;
	}
}
