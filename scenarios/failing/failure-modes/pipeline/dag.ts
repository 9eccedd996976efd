/** How a batch ended: all of it is there and told, or none of it. */
export type BatchOutcome = { state: "published" } | { state: "refused"; why: string };

/** One way to run the DAG. Running a batch again that is under way, or was, is the caller's right. */
export interface Dag {
	run(batch: number): Promise<BatchOutcome>;
	/** Reaches all that it needs once, so that the first batch is no slower than others; rejects where it can't. */
	ready(): Promise<void>;
	close(): Promise<void>;
}

export interface DagOptions {
	sourceUrl: string;
	sinkUrl: string;
	/** Where finished steps are kept. */
	stateUrl: string;
	ordersUrl: string;
	/** Where tries are noted. */
	attemptsFile: string;
	/** Work per row, as time and not as CPU. */
	rowMs: number;
	/** The naive way waits so long between tries. */
	naiveRetryAfterMs: number;
	/** How long a step of the guarded way is tried. */
	patienceMs: number;
	tryTimeoutMs: number;
	random(): number;
}
