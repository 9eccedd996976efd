/**
 * How it is known that a subject is ready, and where it listens. `line`, the usual one: it says `FLT_READY {"port":…}` on
 * its standard output. `http`: this path answers with 2xx on the port of `FLT_PORT`. `port`: that port takes a connection.
 * `log`: its output has this text; it listens nowhere. `started`: it is as soon as it runs; it listens nowhere.
 */
export type Ready = "line" | "port" | "started" | { http: string } | { log: string };

/** Whether a subject that is ready in this way listens on a port. */
export function listens(ready: Ready = "line"): boolean {
	return ready === "line" || ready === "port" || (typeof ready === "object" && "http" in ready);
}

interface SubjectBase {
	/**
	 * Beside these it gets `FLT_PORT`, `FLT_PATH_<NAME>` for every path that leads to a service or an earlier subject, the
	 * names that it may create things under as `FLT_DATABASE`, `FLT_TOPIC_PREFIX`, `FLT_KEY_PREFIX` and
	 * `FLT_BUCKET_PREFIX`, and `FLT_CONTROLS`,
	 * the folder that faults such as `clock-skew`, `slow-work` and all that strike at a step reach it through. In a value `${path.db}` stands for the
	 * address of that path.
	 */
	env?: Record<string, string | number | boolean>;
	ready?: Ready;
	/** It is given up where it is not ready by then, at each start; default 15,000. For one that is slow on a busy machine. */
	startLimitMs?: number;
	/**
	 * Goes on from one case of a sweep to the next, for a process that is slow to start. It is told of each further case by
	 * `POST /case`, its variables of that case as JSON, and answers when it is ready for it. What it had written in its
	 * folder is gone by then.
	 */
	keep?: true;
}

/** A file beside the scenario, `./orders.ts`: `.ts`, `.js`, `.py`, `.jar` or `.sh`. */
interface FileSubject extends SubjectBase {
	file: string;
	args?: string[];
	command?: never;
}

/** Any program, looked for on the `PATH`, or beside the scenario where it begins with `./`. */
interface CommandSubject extends SubjectBase {
	command: readonly string[];
	file?: never;
	args?: never;
}

/**
 * A process of the scenario's own, started by the daemon after `arrange`. One that a path leads to is ready before any
 * that comes later in the plan is started; others start beside each other.
 */
export type SubjectSpec = FileSubject | CommandSubject;
