import { FaultlineError, messageOf } from "../../base/errors.ts";
import { redacted } from "../../base/redact.ts";
import type { Home } from "../home/home.ts";
import { describeFile, type ScenarioCatalog } from "../host/catalog.ts";
import { isFile } from "../host/named.ts";
import type { SuiteDescription } from "../host/protocol.ts";
import { askForTable } from "../host/table.ts";
import { environment, versions } from "../record/environment.ts";
import { newId } from "../record/new-document.ts";
import type { RunManager } from "../runs/manager.ts";
import { RunSequence } from "../runs/sequence.ts";
import type { SuiteDocument } from "./document.ts";
import { endSuite, openStep, performSuite, type SuiteWork } from "./perform-suite.ts";
import { prepareSuite, type ReadySuite } from "./prepare.ts";
import { SuiteStore } from "./store.ts";

export interface SuitesOptions {
	runs: Pick<RunManager, "start" | "stop" | "lastTry" | "blocked">;
	scenarios: Pick<ScenarioCatalog, "find">;
	home: Pick<Home, "suites">;
	log(line: string): void;
	/** Default: worked out in a process of its own. */
	table?: SuiteWork["table"];
}

interface Live {
	document: SuiteDocument;
	runs: RunSequence;
	ended: Promise<SuiteDocument>;
}

/** The suites of this home. Their runs wait in the daemon's queue like all others, so that several may be under way. */
export class Suites {
	readonly #options: SuitesOptions;
	readonly #store: SuiteStore;
	readonly #live = new Map<string, Live>();
	#closed = false;

	constructor(options: SuitesOptions) {
		this.#options = options;
		this.#store = new SuiteStore(options.home.suites);
	}

	/** Marks what an earlier daemon left unfinished as crashed, so that no half of a suite is taken for a whole one. */
	recover(): string[] {
		const unfinished = this.#store
			.ids()
			.map((id) => this.#store.read(id))
			.filter(({ state }) => state === "running");
		for (const document of unfinished) this.#store.save(crashed(document, "its daemon ended"));
		return unfinished.map(({ id }) => id);
	}

	/** Begins one. What is wrong with the request is thrown here, before anything starts. */
	async start(suite: SuiteDescription, asked: Record<string, unknown>): Promise<SuiteDocument> {
		const { scenarios, runs: manager } = this.#options;
		const ready = await prepareSuite(suite, asked, (scenario) =>
			isFile(scenario) ? describeFile(scenario) : scenarios.find(scenario),
		);
		const blocked = this.#closed ? "the daemon ends" : manager.blocked;
		if (blocked !== null) {
			throw new FaultlineError(
				"FLT_CONFLICT",
				`no suite is started now: ${blocked}`,
				"start it again when it is released, or the daemon is back",
			);
		}
		if (this.#live.size >= liveMax)
			throw new FaultlineError(
				"FLT_BUSY",
				`${this.#live.size} suites are under way, the most that may be`,
				"wait for one of them, or stop one: POST /suites/runs/ID/stop",
			);
		const document = newSuiteDocument(suite, ready);
		this.#store.save(document);
		const runs = new RunSequence(manager);
		const live: Live = { document, runs, ended: Promise.resolve(document) };
		this.#live.set(document.id, live);
		live.ended = this.#perform(live, suite, ready);
		return document;
	}

	read(id: string): SuiteDocument {
		return this.#live.get(id)?.document ?? this.#store.read(id);
	}

	/** The newest record of a suite, or null. */
	lastOf(suite: string): SuiteDocument | null {
		return this.#store.lastOf(suite);
	}

	/** The record at its end. */
	async ended(id: string): Promise<SuiteDocument> {
		return this.#live.get(id)?.ended ?? this.#store.read(id);
	}

	/** Ends its current run, and itself with what was done; the record at its end. */
	async stop(id: string, why: string): Promise<SuiteDocument> {
		await this.#live.get(id)?.runs.stop(why);
		return this.ended(id);
	}

	/** The daemon ends: no more of them. */
	async close(why: string): Promise<void> {
		this.#closed = true;
		await Promise.all([...this.#live.keys()].map((id) => this.stop(id, why)));
	}

	async #perform(live: Live, suite: SuiteDescription, ready: ReadySuite): Promise<SuiteDocument> {
		const { table = askForTable, log } = this.#options;
		const { id } = live.document;
		const keep = (document: SuiteDocument) => {
			live.document = document;
			this.#store.save(document);
			log(`suite ${id}: ${document.headline}`);
		};
		try {
			const document = await performSuite(live.document, suite, ready, {
				run: (...request) => live.runs.run(...request),
				table,
				save: keep,
				nowMs: Date.now,
				stopped: () => live.runs.stopped,
			});
			this.#live.delete(id);
			return document;
		} catch (error) {
			log(`suite ${id} did not come to its end: ${messageOf(error)}`);
			// The disk may be what failed: it is told from here until the daemon ends.
			live.document = crashed(live.document, messageOf(error));
			return live.document;
		}
	}
}

const liveMax = 20;

function newSuiteDocument(suite: SuiteDescription, ready: ReadySuite): SuiteDocument {
	const { name, file, hash, title, question } = suite;
	return {
		schema: 1,
		id: newId(name),
		suite: name,
		file,
		about: { title, question },
		given: redacted(ready.given),
		seedDrawn: ready.seedDrawn,
		state: "running",
		startedAt: new Date().toISOString(),
		endedAt: null,
		outcome: null,
		exitCode: null,
		headline: "it begins",
		stopped: null,
		steps: ready.steps.map(openStep),
		table: null,
		notes: [],
		environment: environment(),
		versions: versions(),
		suiteHash: hash,
	};
}

function crashed(document: SuiteDocument, why: string): SuiteDocument {
	return endSuite(document, why, Date.now(), "crashed");
}
