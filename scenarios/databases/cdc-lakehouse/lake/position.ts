/** How far tables have come. */
export interface Position {
	/** In the source's log. */
	lsn: number;
	/** Where the topic goes on that it came through; null where it came through none. */
	offset: number | null;
}

/** The actions' `txn` of how far they have come in that topic; the LSN has one of its own. */
export const offsetAppId = "cdc.offset";
