import t from "tap";
import type { Contract, Property } from "../../../../scenarios/subjects/gate/odcs.ts";
import {
	type StructureRow,
	structureFindings,
	structureOf,
} from "../../../../scenarios/subjects/gate/structure.ts";

const contract: Contract = {
	apiVersion: "v3.1.0",
	kind: "DataContract",
	id: "shop",
	version: "1.0.0",
	status: "active",
	schema: [
		{
			name: "lines",
			properties: [
				{
					name: "line_no",
					physicalType: "int2",
					primaryKey: true,
					primaryKeyPosition: 2,
					required: true,
				},
				{
					name: "order_id",
					physicalType: "INT",
					primaryKey: true,
					primaryKeyPosition: 1,
					required: true,
				},
				{ name: "code", physicalName: "sku", physicalType: "VARCHAR(20)", unique: true },
			],
		},
	],
};

const good: StructureRow = {
	name: "lines",
	kind: "table",
	columns: [
		{ name: "order_id", type: "integer", notNull: true },
		{ name: "line_no", type: "smallint", notNull: true },
		{ name: "sku", type: "character varying(20)", notNull: false },
		{ name: "extra", type: "text", notNull: false },
	],
	keys: [
		{ columns: ["order_id", "line_no"], primary: true },
		{ columns: ["sku"], primary: false },
	],
};

const found = (row: StructureRow | null) =>
	structureFindings(contract, structureOf(row === null ? [] : [row])).map(
		({ place, rule }) => `${place.join(".")} ${rule}`,
	);
const column = (name: string, change: object): StructureRow => ({
	...good,
	columns: good.columns.map((one) => (one.name === name ? { ...one, ...change } : one)),
});

t.test(
	"a structure that is what the contract says has no findings, whatever else is there",
	(t) => {
		t.same(found(good), []);
		t.end();
	},
);

t.test("each promise that is not kept is found at its place", (t) => {
	const rows: [row: StructureRow | null, found: string[], why: string][] = [
		[null, ["lines presence"], "no table"],
		[{ ...good, columns: good.columns.slice(0, 2) }, ["lines.sku presence"], "no column"],
		[column("sku", { type: "character varying(30)" }), ["lines.sku type"], "a wider type"],
		[column("line_no", { notNull: false }), ["lines.line_no nullability"], "null allowed"],
		[{ ...good, keys: [good.keys[0]!] }, ["lines.sku unique"], "nothing unique any more"],
		[{ ...good, keys: [good.keys[1]!] }, ["lines.order_id.line_no primary-key"], "no primary key"],
		[
			{ ...good, keys: [{ columns: ["line_no", "order_id"], primary: true }, good.keys[1]!] },
			["lines.order_id.line_no primary-key"],
			"the key in another order",
		],
	];
	for (const [row, expected, why] of rows) t.same(found(row), expected, why);
	t.end();
});

t.test("of a view only names and types are told by the catalog", (t) => {
	const view: StructureRow = {
		...good,
		kind: "view",
		keys: [],
		columns: good.columns.map((one) => ({ ...one, notNull: false })),
	};
	t.same(found(view), []);
	t.same(found({ ...view, columns: view.columns.slice(1) }), ["lines.order_id presence"]);
	t.end();
});

t.test("the physical type decides, and where there is none the logical one", (t) => {
	const findings = (type: string, property: Omit<Property, "name">) =>
		structureFindings(
			{ ...contract, schema: [{ name: "lines", properties: [{ name: "it", ...property }] }] },
			structureOf([{ ...good, columns: [{ name: "it", type, notNull: false }] }]),
		).map(({ rule, why }) => `${rule}: ${why}`);
	const timezone = (timezone: boolean): Omit<Property, "name"> => ({
		logicalType: "timestamp",
		logicalTypeOptions: { timezone },
	});
	t.same(findings("bigint", { logicalType: "integer" }), []);
	t.same(findings("bigint", { logicalType: "string", physicalType: "int8" }), []);
	t.same(findings("text", { logicalType: "integer" }), [
		"type: the contract says integer, the change makes it text",
	]);
	t.same(findings("timestamp with time zone", timezone(true)), []);
	t.same(findings("timestamp(3) without time zone", timezone(true)), [
		"type: the contract says timestamp with time zone, the change makes it timestamp(3) without time zone",
	]);
	t.equal(findings("timestamp with time zone", timezone(false)).length, 1);
	t.end();
});
