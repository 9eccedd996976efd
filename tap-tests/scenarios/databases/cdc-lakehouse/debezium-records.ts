import type { SourceTable } from "../../../../scenarios/databases/cdc-lakehouse/capture/source.ts";

// Records as Debezium writes them, by hand.

export const unsent = "<unsent>";

export const tables: readonly SourceTable[] = [
	{
		qualified: "public.customers",
		name: "customers",
		key: ["customer_id"],
		columns: [
			{ name: "customer_id", type: "long" },
			{ name: "name", type: "string" },
			{ name: "profile", type: "string" },
			{ name: "vip", type: "boolean" },
		],
	},
	{
		qualified: "public.orders",
		name: "orders",
		key: ["order_id"],
		columns: [
			{ name: "order_id", type: "long" },
			{ name: "amount", type: "long" },
		],
	},
];

type Row = Readonly<Record<string, unknown>> | null;

export interface Written {
	op: string;
	xid?: number;
	lsn: number;
	table?: string;
	before?: Row;
	after?: Row;
	snapshot?: string;
	/** The LSN of the last commit before. */
	afterLsn?: number | null;
}

export function changeText(written: Written): string {
	const { op, xid = 7, lsn, table = "orders", before = null, after = null } = written;
	const { snapshot = "false", afterLsn = null } = written;
	const sequence = JSON.stringify([afterLsn === null ? null : String(afterLsn), String(lsn)]);
	return JSON.stringify({
		before,
		after,
		source: {
			version: "3.7.0.Final",
			connector: "postgresql",
			name: "cdc",
			ts_ms: 1_000,
			snapshot,
			db: "shop",
			sequence,
			schema: "public",
			table,
			txId: xid,
			lsn,
			xmin: null,
		},
		transaction:
			op === "r" ? null : { id: `${xid}:${lsn}`, total_order: 1, data_collection_order: 1 },
		op,
		ts_ms: 1_001,
	});
}

export function beginText(xid: number, lsn: number): string {
	return JSON.stringify({
		status: "BEGIN",
		id: `${xid}:${lsn}`,
		event_count: null,
		data_collections: null,
		ts_ms: 2_000,
	});
}

export function endText(xid: number, lsn: number, counts: Record<string, number>): string {
	const collections = Object.entries(counts).map(([table, event_count]) => ({
		data_collection: `public.${table}`,
		event_count,
	}));
	const event_count = collections.reduce((sum, one) => sum + one.event_count, 0);
	return JSON.stringify({
		status: "END",
		id: `${xid}:${lsn}`,
		event_count,
		data_collections: collections,
		ts_ms: 2_000,
	});
}
