/** What a commit says of itself, in the words of this project's writer. */
export interface Info {
	operation: string;
	timestamp: number;
	fromLsn: number | null;
	changeCount: number;
}

/** An action of the log, as far as a reader needs to know it. */
export interface Line {
	add?: { path: string; stats?: string };
	remove?: { path: string };
	metaData?: { schemaString: string };
	txn?: { appId: string; version: number };
	commitInfo?: Info;
}
