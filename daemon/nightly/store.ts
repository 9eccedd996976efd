import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { FaultlineError } from "../../base/errors.ts";
import { writeDurably } from "../home/home.ts";
import type { Missed, NightlyDocument } from "./document.ts";

/** What outlives the daemon: which planned nights were served, and what the next summary has to tell. */
export interface NightlyState {
	schema: 1;
	/** The schedule that was followed; another one begins anew. */
	at: string | null;
	timeZone: string | null;
	/** Planned instants up to here happened, or are among the missed. */
	servedUntil: string | null;
	/** Not told in any summary yet. */
	missed: Missed[];
	/** A nightly that was begun and has not ended. */
	running: { id: string; startedAt: string } | null;
}

const fresh: NightlyState = {
	schema: 1,
	at: null,
	timeZone: null,
	servedUntil: null,
	missed: [],
	running: null,
};

/** The summaries of all nightlies, a file each, and the state beside them. */
export class NightlyStore {
	readonly #folder: string;

	constructor(folder: string) {
		this.#folder = folder;
	}

	save(document: NightlyDocument): void {
		mkdirSync(this.#folder, { recursive: true });
		writeDurably(this.#fileOf(document.id), `${JSON.stringify(document, null, "\t")}\n`);
	}

	/** `FLT_NOT_FOUND` where there is none. */
	read(id: string): NightlyDocument {
		// An id comes from outside, and must not become a path.
		if (/^[\w-]+$/.test(id) && existsSync(this.#fileOf(id)))
			return JSON.parse(readFileSync(this.#fileOf(id), "utf8")) as NightlyDocument;
		throw new FaultlineError(
			"FLT_NOT_FOUND",
			`no nightly "${id}"`,
			"GET /nightly has the last one",
		);
	}

	/** The newest, or null. */
	last(): NightlyDocument | null {
		if (!existsSync(this.#folder)) return null;
		const files = readdirSync(this.#folder).filter((name) => name.endsWith(`${suffix}.json`));
		const newest = files.sort().at(-1);
		return newest === undefined ? null : this.read(newest.slice(0, -".json".length));
	}

	readState(): NightlyState {
		try {
			return JSON.parse(readFileSync(this.#stateFile, "utf8")) as NightlyState;
		} catch {
			return fresh; // none yet, or torn by hand: what it knew is only what to tell
		}
	}

	saveState(state: NightlyState): void {
		mkdirSync(this.#folder, { recursive: true });
		writeDurably(this.#stateFile, `${JSON.stringify(state, null, "\t")}\n`);
	}

	get #stateFile(): string {
		return join(this.#folder, "state.json");
	}

	#fileOf(id: string): string {
		return join(this.#folder, `${id}.json`);
	}
}

const suffix = "-nightly";

/** Sorts by time. Only one nightly of a home runs at a time, so that its time is enough. */
export function nightlyIdOf(ms: number): string {
	return `${new Date(ms).toISOString().replaceAll(/[-:.]/g, "")}${suffix}`;
}

/** The calendar day of an instant, `2026-11-25`, in a time zone; null: the machine's. */
export function dayOf(ms: number, timeZone: string | null): string {
	const options = { year: "numeric", month: "2-digit", day: "2-digit" } as const;
	return new Intl.DateTimeFormat("en-CA", {
		...options,
		...(timeZone !== null && { timeZone }),
	}).format(ms);
}
