import { lsnText } from "../../lsn.ts";

/** What lies in the topic does not come to the source's rows: the connector has to begin anew, with another slot and its snapshot. */
export abstract class TopicSpoilt extends Error {}

/**
 * A connector that was killed before it had noted that its snapshot was whole has begun another, with the slot of the one before: it
 * reads each table as it is by then, from nobody knows which LSN on, and what was committed in between is not sent by anybody.
 */
export class BegunAnew extends TopicSpoilt {
	constructor(lsn: number) {
		super(
			`the connector has begun another snapshot, at ${lsnText(lsn)}, before it had noted that one is whole`,
		);
	}
}

/** An ALTER TABLE that rewrites is not MVCC-safe: for a snapshot of before it the table has no rows, and no event brings them. */
export class RewrittenBehind extends TopicSpoilt {
	constructor(tables: readonly string[]) {
		super(
			`rewritten while the snapshot was read, which may lack rows of them, and no truncate took these: ${tables.join(", ")}`,
		);
	}
}
