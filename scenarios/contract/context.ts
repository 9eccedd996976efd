import type { RunNames } from "../../base/run-names.ts";
import type { ServiceEndpoint, ServiceId } from "../../base/services.ts";
import type { JournalEntry } from "../../load/journal.ts";
import type { Counts } from "../../load/report.ts";

/** The services that a scenario needs, past the faults' proxies. */
export type Direct<S extends ServiceId> = { readonly [K in S]: ServiceEndpoint<K> };

/** What every hook is given; `State` is what `arrange` left for the hooks after it. */
export interface HookContext<
	P,
	S extends ServiceId = ServiceId,
	State = unknown,
	Load extends string = string,
	Subject extends string = string,
	Perhaps extends ServiceId = never,
> {
	readonly params: P;
	readonly case: string | null;
	readonly names: RunNames;
	/** The services that the scenario needs, past the faults' proxies; those that only some values need are there with these. */
	readonly direct: Direct<S> & Partial<Direct<Perhaps>>;
	/** What `arrange` resolved with, for this case; it stays in the run's process. */
	readonly state: State;
	/** Base URL of a subject, past its proxy. Throws where there is no such subject. */
	subject(name: Subject): string;
	/** A folder that a subject writes to (its working directory); removed with the run. */
	subjectFolder(name: Subject): string;
	/** The run's zero in milliseconds of the machine's monotonic clock: what a subject has timed, less this, is in run time. */
	readonly zeroMs: number;
	/** The ended operations of a load, from its journal, with their times in the run's; in no order over workers. */
	journal(load: Load): AsyncIterable<JournalEntry>;
	/** What became of a load's operations, once it has ended. */
	counts(load: Load): Readonly<Counts>;
	/**
	 * Keeps the files of a folder with the run's record, as `files/<name>/`, and beside them what is given as text: file → text. Its pages
	 * are served, and the report leads to `index.html`, else to the first; of a sweep each case has files of its own. They run no scripts
	 * there, and load nothing from elsewhere.
	 */
	keep(name: string, folder: string, texts?: Readonly<Record<string, string>>): void;
	/** Aborted when the run stops or the hook has reached its limit. */
	readonly signal: AbortSignal;
	log(message: string): void;
}
