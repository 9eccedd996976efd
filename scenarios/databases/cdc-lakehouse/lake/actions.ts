import type { Column } from "./columns.ts";

// The actions of Delta's log that are written here, each a line of a commit (Delta's PROTOCOL.md, reader version 1).

export interface AddFile {
	path: string;
	partitionValues: Record<string, never>;
	size: number;
	modificationTime: number;
	/** Whether it brings rows that were not there: a compaction's files do not. */
	dataChange: boolean;
	/** JSON, as Delta wants it. */
	stats: string;
	tags: { bucket: string };
}

export interface RemoveFile {
	path: string;
	deletionTimestamp: number;
	dataChange: boolean;
}

export interface MetaData {
	id: string;
	format: { provider: "parquet"; options: Record<string, never> };
	schemaString: string;
	partitionColumns: [];
	configuration: Record<string, string>;
}

/** How far an application has come in this table: ours in the source's log. */
export interface Txn {
	appId: string;
	version: number;
}

/** What a commit says of itself; readers pass it over. */
export interface CommitInfo {
	timestamp: number;
	operation: "SNAPSHOT" | "STREAMING UPDATE" | "OPTIMIZE";
	/** The stretch of the source's log that it brings, and how many changes of this table lay in it. */
	fromLsn: number | null;
	changeCount: number;
}

/** What a reader and a writer have to know at least. */
export const protocol = { minReaderVersion: 1, minWriterVersion: 2 } as const;

export type Action =
	| { protocol: typeof protocol }
	| { metaData: MetaData }
	| { txn: Txn }
	| { add: AddFile }
	| { remove: RemoveFile }
	| { commitInfo: CommitInfo };

/** A table's columns in the form in which Delta's log has them. */
export function schemaString(columns: readonly Column[]): string {
	return JSON.stringify({
		type: "struct",
		fields: columns.map(({ name, type }) => ({ name, type, nullable: true, metadata: {} })),
	});
}

export function columnsIn(schema: string): Column[] {
	const { fields } = JSON.parse(schema) as { fields: Column[] };
	return fields.map(({ name, type }) => ({ name, type }));
}
