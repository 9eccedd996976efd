import { closeSync, createReadStream, mkdirSync, openSync, readdirSync, writeSync } from "node:fs";
import { join } from "node:path";
import { FaultlineError, messageOf } from "../base/errors.ts";
import { JournalLines } from "./journal-lines.ts";
import type { OutcomeKind } from "./outcome.ts";

/** When an operation was due, started and ended, in whole milliseconds. */
export type OperationTimes = {
	intendedMs: number;
	startedMs: number;
	endedMs: number;
};

/** An ended operation, as its worker wrote it down. */
export interface JournalEntry {
	n: number;
	outcome: OutcomeKind;
	/** What `work` resolved with. */
	receipt: string | null;
	/** From the load's zero, or from the zero that the reader counts from; null in a journal of an older version. */
	times: OperationTimes | null;
}

/** What a line says of an operation beside how it ended. */
type Ended = { n: number; intendedMs: number; startedMs: number };

const journalName = (load: string, worker: number): string => `${load}-${worker}.ndjson`;

/**
 * The lines `[n, outcome, receipt, intendedMs, startedMs, endedMs]` of a worker's ended operations, in whole milliseconds
 * from the load's zero. They go out in batches, each by one write(2) without fsync: they survive the death of the process,
 * not that of the machine.
 */
export class Journal {
	readonly path: string;
	readonly #fd: number;
	readonly #lines = new JournalLines();

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
		return !this.#lines.isEmpty;
	}

	append(
		{ n, intendedMs, startedMs }: Ended,
		endedMs: number,
		outcome: OutcomeKind,
		receipt: string | undefined,
	): void {
		this.#lines.add(n, outcome, receipt, intendedMs, startedMs, endedMs);
	}

	/** Writes what is pending; throws when the file does not take it, for then its operations can't be counted. */
	flush(): void {
		if (!this.pending) return;
		const bytes = this.#lines.take();
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
 * The ended operations of a load, worker by worker; `zeroMs` is where the load's zero lies for the reader. A last line
 * without its end was torn by the death of its writer: it is left out, and the operation is one of those of which nothing
 * is known.
 */
export async function* readJournal(
	folder: string,
	load: string,
	zeroMs = 0,
): AsyncGenerator<JournalEntry> {
	for (const path of journalFiles(folder, load)) {
		let rest = "";
		let lineNumber = 0;
		for await (const chunk of createReadStream(path, "utf8")) {
			const lines = (rest + chunk).split("\n");
			rest = lines.pop()!;
			for (const line of lines) yield entryOf(line, zeroMs, path, ++lineNumber);
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

type Line = [
	n: number,
	outcome: OutcomeKind,
	receipt: string | null,
	...times: [] | [intendedMs: number, startedMs: number, endedMs: number],
];

function entryOf(line: string, zeroMs: number, path: string, lineNumber: number): JournalEntry {
	try {
		const [n, outcome, receipt, ...times] = JSON.parse(line) as Line;
		if (times.length === 0) return { n, outcome, receipt, times: null };
		const [intendedMs, startedMs, endedMs] = times;
		const inTime = {
			intendedMs: zeroMs + intendedMs,
			startedMs: zeroMs + startedMs,
			endedMs: zeroMs + endedMs,
		};
		return { n, outcome, receipt, times: inTime };
	} catch (cause) {
		throw new FaultlineError(
			"FLT_INTERNAL",
			`line ${lineNumber} of ${path} is no journal line: ${messageOf(cause)}`,
			"only a last line may be torn; something else changed the file",
			cause,
		);
	}
}
