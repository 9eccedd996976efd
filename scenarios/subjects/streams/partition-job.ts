/** A record of a changelog: the value that a key has from now on; null where it has none any more. */
export interface Change {
	key: string;
	value: string | null;
}

/** What a job gives away, and what has brought it about. */
export interface Result<Cause> {
	/** Which of the job's topics it is for. */
	to: string;
	key: string;
	value: string;
	cause: Cause | null;
}

/** All that has come of the messages since it was asked last: it is written as a whole, or not at all. */
export interface Outcome<Cause> {
	results: Result<Cause>[];
	changes: Change[];
}

/**
 * What becomes of the messages of one partition. Its state is that of its changelog: a job to which all changes of another
 * were restored goes on as that one would have. It knows nothing of Kafka, and reads no clock.
 */
export interface PartitionJob<Cause> {
	restore(change: Change): void;
	process(value: Buffer): void;
	/** How far event time has come. */
	readonly watermarkMs: number;
	/** Nothing is on its way here, and others have come so far. */
	waitWith(othersMs: readonly number[]): void;
	take(): Outcome<Cause>;
}
