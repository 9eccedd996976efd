/** The captured tables, in the order of their names, in which they are committed as well. */
export const tableNames = ["customers", "orders"] as const;
export type TableName = (typeof tableNames)[number];

export const keys: Readonly<Record<TableName, readonly string[]>> = {
	customers: ["customer_id"],
	orders: ["order_id"],
};

/** As the source's `tables.sql` calls it. */
export const publication = "lake";

/** Under this name the tables say how far they have come; the format wants one. */
export const appId = "cdc";

/** The slots of a run, which are removed with its database. */
export function slotsOf(database: string): { consumer: string; oracle: string } {
	return { consumer: `${database}_lake`, oracle: `${database}_oracle` };
}

/** The bucket that tables in S3 lie in; it is removed with its run, as all that begin so. */
export function lakeBucket(prefix: string): string {
	return `${prefix}lake`;
}

/** What one who reads all tables at one LSN got. */
export type Read =
	/** There is no version of each yet. */
	| { kind: "none" }
	/** `sums`: rows and checksum of each table; `balanced`: what the two tables say of each other agrees. */
	| { kind: "read"; lsn: number; sums: Record<string, string>; balanced: boolean }
	| { kind: "broken"; lsn: number; error: string; tookMs: number };
