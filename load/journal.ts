import { closeSync, createReadStream, mkdirSync, openSync, readdirSync, writeSync } from "node:fs";
import { join } from "node:path";
import { FaultlineError, messageOf } from "../base/errors.ts";
import type { OutcomeKind } from "./outcome.ts";

/** An ended operation, as its worker wrote it down. */
export interface JournalEntry {
	n: number;
	outcome: OutcomeKind;
	/** What `work` resolved with. */
	receipt: string | null;
}

const journalName = (load: string, worker: number): string => `${load}-${worker}.ndjson`;

/**
 * The lines `[n, outcome, receipt]` of a worker's ended operations. They go out in batches, each by one write(2)
 * without fsync: they survive the death of the process, not that of the machine.
 */
export class Journal {
	readonly path: string;
	readonly #fd: number;
	#lines = "";

	constructor(path: string, fd: number) {
		this.path = path;
		this.#fd = fd;
	}

	/** Creates the file; one that is already there belongs to another load, and is refused. */
	static create(folder: string, load: string, worker: number): Journal {
		const path = join(folder, journalName(load, worker));
		try {
			mkdirSync(folder, { recursive: true });
			return new Journal(path, openSync(path, "wx"));
		} catch (cause) {
			throw new FaultlineError(
				"FLT_INTERNAL",
				`can't create the journal ${path}: ${messageOf(cause)}`,
				"a load writes its journal once; give each load of a run its own name and folder",
				cause,
			);
		}
	}

	/** Whether there is something to write. */
	get pending(): boolean {
		return this.#lines !== "";
	}

	append(n: number, outcome: OutcomeKind, receipt: string | undefined): void {
		this.#lines += `[${n},"${outcome}",${receipt === undefined ? "null" : JSON.stringify(receipt)}]\n`;
	}

	/** Writes what is pending; throws when the file does not take it, for then its operations can't be counted. */
	flush(): void {
		if (!this.pending) return;
		const bytes = Buffer.from(this.#lines);
		this.#lines = "";
		let written = 0;
		try {
			while (written < bytes.length) written += writeSync(this.#fd, bytes, written);
		} catch (cause) {
			throw new FaultlineError(
				"FLT_INTERNAL",
				`the journal ${this.path} takes no more lines: ${messageOf(cause)}`,
				"make room on this disk and start the run again",
				cause,
			);
		}
	}

	close(): void {
		closeSync(this.#fd);
	}
}

/**
 * The ended operations of a load, worker by worker. A last line without its end was torn by the death of its writer:
 * it is left out, and the operation is one of those of which nothing is known.
 */
export async function* readJournal(folder: string, load: string): AsyncGenerator<JournalEntry> {
	for (const path of journalFiles(folder, load)) {
		let rest = "";
		let lineNumber = 0;
		for await (const chunk of createReadStream(path, "utf8")) {
			const lines = (rest + chunk).split("\n");
			rest = lines.pop()!;
			for (const line of lines) yield entryOf(line, path, ++lineNumber);
		}
	}
}

function journalFiles(folder: string, load: string): string[] {
	return readdirSync(folder)
		.map((name) => ({ name, worker: Number(/-(\d+)\.ndjson$/.exec(name)?.[1]) }))
		.filter(({ name, worker }) => name === journalName(load, worker))
		.sort((a, b) => a.worker - b.worker)
		.map(({ name }) => join(folder, name));
}

function entryOf(line: string, path: string, lineNumber: number): JournalEntry {
	try {
		const [n, outcome, receipt] = JSON.parse(line) as [number, OutcomeKind, string | null];
		return { n, outcome, receipt };
	} catch (cause) {
		throw new FaultlineError(
			"FLT_INTERNAL",
			`line ${lineNumber} of ${path} is no journal line: ${messageOf(cause)}`,
			"only a last line may be torn; something else changed the file",
			cause,
		);
	}
}
