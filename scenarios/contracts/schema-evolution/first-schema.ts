import type { RecordSchema } from "./avro.ts";

/** The schema that every subject begins with: an order, with a field of each sort that can change. */
export const firstSchema: RecordSchema = {
	type: "record",
	name: "Order",
	namespace: "shop",
	fields: [
		{ name: "id", type: "string" },
		{ name: "customer", type: "string" },
		{ name: "quantity", type: "int" },
		{ name: "weight", type: "float", default: 0 },
		{ name: "placed_at", type: { type: "long", logicalType: "timestamp-millis" } },
		{ name: "price", type: { type: "bytes", logicalType: "decimal", precision: 9, scale: 2 } },
		{ name: "status", type: { type: "enum", name: "Status", symbols: ["NEW", "PAID", "SENT"] } },
		{ name: "note", type: ["null", "string"], default: null },
		{ name: "tags", type: { type: "array", items: "string" }, default: [] },
		{ name: "points", type: { type: "map", values: "int" }, default: {} },
		{ name: "checksum", type: { type: "fixed", name: "Checksum", size: 4 } },
		{
			name: "address",
			type: {
				type: "record",
				name: "Address",
				fields: [
					{ name: "street", type: "string" },
					{ name: "floor", type: "int", default: 0 },
				],
			},
		},
	],
};
