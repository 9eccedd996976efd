import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { FaultlineError, messageOf } from "../../base/errors.ts";
import { appendNdjson, readNdjson } from "../../base/ndjson.ts";
import { writeDurably } from "../home/home.ts";
import { keptFilePattern, keptNamePattern } from "../host/keep-files.ts";
import { briefOf, type RunBrief } from "./brief.ts";
import type { OutcomeDocument, RunDocument } from "./document.ts";
import type { RunEvent } from "./events.ts";
import { histogramLog } from "./hlog.ts";
import { RunIndex } from "./index.ts";
import type { MeteredInterval } from "./interval.ts";
import { upgraded, upgradedEvent } from "./upgrade.ts";

/** A name and never a path. What else lies in the folder is no run. */
const runIdPattern = /^\w[\w.-]*$/;

/** The folders of runs: one document each, durable at every change of state, and its time series. */
export class RunStore {
	readonly folder: string;
	/** Opened at the first list. */
	#index: RunIndex | null = null;
	/** What could not be written, such as on a full disk: told from here, and written as soon as it can be. */
	readonly #unwritten = new Map<string, RunDocument>();

	constructor(folder: string) {
		this.folder = folder;
	}

	folderOf(runId: string): string {
		return join(this.folder, runId);
	}

	/** Makes the run's folder with its first document. */
	create(document: RunDocument): void {
		const folder = this.folderOf(document.runId);
		try {
			mkdirSync(join(folder, "journal"), { recursive: true, mode: 0o700 });
			this.save(document);
		} catch (error) {
			this.#unwritten.delete(document.runId);
			rmSync(folder, { recursive: true, force: true });
			throw new FaultlineError(
				"FLT_UNWRITABLE",
				`no record can be made in ${this.folder}: ${messageOf(error)}`,
				"make room there, or choose another home by --home or FAULTLINE_HOME",
				error,
			);
		}
	}

	/** On the disk when it returns; where it can't be, it is remembered, and that is thrown. */
	save(document: RunDocument): void {
		const text = `${JSON.stringify(document, null, "\t")}\n`;
		try {
			writeDurably(join(this.folderOf(document.runId), "run.json"), text);
			this.#index?.put(document);
			this.#unwritten.delete(document.runId);
		} catch (error) {
			this.#unwritten.set(document.runId, document);
			throw error;
		}
	}

	saveOutcome(runId: string, outcome: OutcomeDocument): void {
		writeDurably(
			join(this.folderOf(runId), "outcome.json"),
			`${JSON.stringify(outcome, null, "\t")}\n`,
		);
	}

	/** What checks were shown; null where the run never came to them. */
	readOutcome(runId: string): OutcomeDocument | null {
		const file = join(this.folderOf(runId), "outcome.json");
		return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as OutcomeDocument) : null;
	}

	/** `latency.hlog`, from the intervals kept so far. */
	saveHistogramLog(document: RunDocument): void {
		if (document.startedAt === null) return;
		const text = histogramLog(document, this.readIntervals(document.runId));
		writeDurably(join(this.folderOf(document.runId), "latency.hlog"), text);
	}

	appendEvent(runId: string, event: RunEvent): void {
		appendNdjson(join(this.folderOf(runId), "events.ndjson"), event);
	}

	appendInterval(runId: string, interval: MeteredInterval): void {
		appendNdjson(join(this.folderOf(runId), "intervals.ndjson"), interval);
	}

	/** The pages that hooks of a run have kept, by the names that they were kept by. */
	keptPages(runId: string): { name: string; file: string; count: number }[] {
		const folder = join(this.folderOf(runId), "files");
		if (!existsSync(folder)) return [];
		return readdirSync(folder)
			.sort()
			.flatMap((name) => {
				const pages = readdirSync(join(folder, name))
					.filter((file) => file.endsWith(".html"))
					.sort();
				const file = pages.includes("index.html") ? "index.html" : pages[0];
				return file === undefined ? [] : [{ name, file, count: pages.length }];
			});
	}

	/** A file that a hook of a run has kept; `FLT_NOT_FOUND` where there is none. */
	keptFile(runId: string, name: string, file: string): string {
		const path = join(this.folderOf(runId), "files", name, file);
		const isName = keptNamePattern.test(name) && keptFilePattern.test(file);
		if (isName && this.has(runId) && existsSync(path)) return path;
		throw new FaultlineError(
			"FLT_NOT_FOUND",
			`run "${runId}" has kept no ${name}/${file}`,
			`GET /runs/${runId}/report leads to what it has`,
		);
	}

	/** The document of a run; `FLT_NOT_FOUND` where there is none. */
	read(runId: string): RunDocument {
		this.#writeAgain();
		const unwritten = this.#unwritten.get(runId);
		if (unwritten !== undefined) return unwritten;
		if (!this.has(runId)) {
			throw new FaultlineError("FLT_NOT_FOUND", `no run "${runId}"`, "GET /runs lists them");
		}
		const text = readFileSync(join(this.folderOf(runId), "run.json"), "utf8");
		return upgraded(JSON.parse(text) as RunDocument);
	}

	/** Those that happened so far; a torn last line is left out. */
	readEvents(runId: string): RunEvent[] {
		return (this.#lines(runId, "events.ndjson") as RunEvent[]).map(upgradedEvent);
	}

	readIntervals(runId: string): MeteredInterval[] {
		return this.#lines(runId, "intervals.ndjson") as MeteredInterval[];
	}

	has(runId: string): boolean {
		return runIdPattern.test(runId) && existsSync(join(this.folderOf(runId), "run.json"));
	}

	/** Newest first, for ids begin with their time; `before` is a run id. */
	list(limit: number, before: string | null): RunBrief[] {
		this.#writeAgain();
		return this.#opened()
			.list(limit, before)
			.map((brief) => {
				const unwritten = this.#unwritten.get(brief.runId);
				return unwritten === undefined ? brief : briefOf(unwritten);
			});
	}

	/** Ids of the runs that have not come to an end, newest first. */
	unfinished(): string[] {
		return this.#opened().unfinished();
	}

	/** Takes a run's record away, its own document first: what is left of a torn removal is no run. */
	remove(runId: string): void {
		rmSync(join(this.folderOf(runId), "run.json"), { force: true });
		rmSync(this.folderOf(runId), { recursive: true, force: true });
		this.#index?.remove(runId);
		this.#unwritten.delete(runId);
	}

	close(): void {
		this.#index?.close();
		this.#index = null;
	}

	#writeAgain(): void {
		for (const document of this.#unwritten.values()) {
			try {
				this.save(document);
			} catch {
				return; // it is still told from here
			}
		}
	}

	#opened(): RunIndex {
		this.#index ??= RunIndex.open(join(this.folder, "index.sqlite"), {
			names: () => readdirSync(this.folder).filter((name) => runIdPattern.test(name)),
			find: (runId) => this.#find(runId),
		});
		return this.#index;
	}

	#find(runId: string): RunDocument | null {
		try {
			return this.read(runId);
		} catch {
			return null;
		}
	}

	#lines(runId: string, name: string): unknown[] {
		return readNdjson(join(this.folderOf(runId), name));
	}
}
