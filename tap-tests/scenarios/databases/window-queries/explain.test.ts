import t from "tap";
import {
	indexesIn,
	type PlanNode,
	shapeOf,
	spilledBytes,
} from "../../../../scenarios/databases/window-queries/explain.ts";

const scan: PlanNode = { "Node Type": "Index Only Scan", "Index Name": "orders_region_idx" };
const plan: PlanNode = {
	"Node Type": "WindowAgg",
	"Temp Written Blocks": 3,
	Plans: [
		{ "Node Type": "Aggregate", Strategy: "Hashed", "Temp Written Blocks": 3, Plans: [scan] },
	],
};

t.test("a shape names nodes, strategies, joins and indexes from the top", (t) => {
	t.equal(shapeOf(plan), "WindowAgg < Hashed Aggregate < Index Only Scan on orders_region_idx");
	const join: PlanNode = {
		"Node Type": "Hash Join",
		"Join Type": "Left",
		Plans: [scan, { "Node Type": "Seq Scan" }],
	};
	t.equal(shapeOf(join), "Left Hash Join < (Index Only Scan on orders_region_idx, Seq Scan)");
	t.equal(shapeOf({ "Node Type": "Aggregate", Strategy: "Plain" }), "Aggregate");
	t.end();
});

t.test("the indexes that a plan reads are in its shape, wherever they are", (t) => {
	const bitmap: PlanNode = {
		"Node Type": "Bitmap Heap Scan",
		Plans: [{ "Node Type": "Bitmap Index Scan", "Index Name": "orders_category_idx" }],
	};
	const join: PlanNode = { "Node Type": "Nested Loop", Plans: [plan, bitmap] };
	t.same(indexesIn(shapeOf(join)), ["orders_region_idx", "orders_category_idx"]);
	t.same(indexesIn(shapeOf({ "Node Type": "Seq Scan" })), []);
	t.end();
});

t.test("costs and counts have no part in it", (t) => {
	t.equal(shapeOf({ ...plan, "Total Cost": 7, "Plan Rows": 3 } as PlanNode), shapeOf(plan));
	t.end();
});

t.test("what went to temporary files is the top node's count, which holds the others'", (t) => {
	t.equal(spilledBytes({ Plan: plan, "Execution Time": 1 }), 3 * 8_192);
	t.equal(spilledBytes({ Plan: scan, "Execution Time": 1 }), 0);
	t.end();
});
