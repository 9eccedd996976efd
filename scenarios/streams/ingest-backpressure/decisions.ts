/** Why an event is not taken, of which it is certain that nothing was done with it. */
export type Refusal =
	/** As many wait as may, and none of them is less important. */
	| "queue_full"
	/** It made room for one that is more important. */
	| "evicted"
	/** It can't be answered any more before its client gives up. */
	| "no_time"
	/** This process is too slow to be of use to anybody. */
	| "pressure";

export interface Asked {
	/** Of the request, in this process. */
	key: number;
	client: number;
	priority: number;
	/** When its client gives up, by the machine's monotonic clock. */
	deadlineAtMs: number;
}

/** What the service did with a request, and when; a request is `queued` or `refused` when it comes, and then goes on. */
export type Decision =
	| ({ is: "queued"; atMs: number } & Asked)
	| ({ is: "refused"; atMs: number; why: Refusal } & Asked)
	/** It had been queued. */
	| { is: "dropped"; atMs: number; key: number; why: Refusal }
	/** The work on it began; so many are under way with it, and so many may be. */
	| { is: "started"; atMs: number; key: number; underWay: number; limit: number }
	/** The work on it is over, whatever its client was told; `error`: what lies behind it failed. */
	| { is: "ended"; atMs: number; key: number; how: "done" | "late" | "error" }
	/** The process has begun: of what was before nothing goes on. */
	| { is: "begun"; atMs: number };

/** Where the service writes its decisions, a line of JSON each, in its working directory. */
export const decisionsFile = "decisions.ndjson";

export function decisionsIn(text: string): Decision[] {
	// The last line of a process that was killed may be torn.
	const lines = text.slice(0, text.lastIndexOf("\n") + 1).split("\n");
	return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Decision);
}
