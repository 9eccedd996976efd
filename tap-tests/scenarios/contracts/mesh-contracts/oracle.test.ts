import t from "tap";
import { firstMesh } from "../../../../scenarios/contracts/mesh-contracts/mesh/first-mesh.ts";
import type { Mesh } from "../../../../scenarios/contracts/mesh-contracts/mesh/mesh.ts";
import {
	brokenOf,
	publishedOf,
} from "../../../../scenarios/contracts/mesh-contracts/oracle/broken.ts";
import { reachOf } from "../../../../scenarios/contracts/mesh-contracts/oracle/reach.ts";

function meshWith(change: (mesh: Mesh) => void): Mesh {
	const mesh = firstMesh(3);
	change(mesh);
	return mesh;
}

const [finance, logistics, marketing] = [
	"finance.revenue_by_country",
	"logistics.lines_to_pick",
	"marketing.customers_by_segment",
];
const columnOf = ({ publishers }: Mesh, domain: "sales" | "crm", relation: string, name: string) =>
	publishers[domain].datasets[relation]!.columns.find((column) => column.name === name)!;

t.test("what is broken and who is reached follows from rows and columns alone", (t) => {
	const rows: [change: (mesh: Mesh) => void, broken: string[], reached: string[], why: string][] = [
		[() => {}, [], [], "nothing at all"],
		[
			(mesh) => {
				columnOf(mesh, "sales", "orders_v1", "status").name = "state";
			},
			[`${finance} presence`, `${logistics} presence`],
			[finance, logistics],
			"a column that two read is called otherwise",
		],
		[
			(mesh) => {
				columnOf(mesh, "sales", "orders_v1", "note").making = { kind: "masked", value: "x" };
			},
			[],
			[],
			"a column that nobody reads has other values",
		],
		[
			(mesh) => {
				columnOf(mesh, "crm", "customers_v1", "country").type = "text";
			},
			[`${finance} type`],
			[finance],
			"a column that one reads is of another type",
		],
		[
			({ publishers }) => {
				publishers.sales.tables.order_items!.rows[0]!.unit_cents = 1;
			},
			[],
			[finance],
			"a price is another, and what orders cost with it",
		],
		[
			({ publishers }) => {
				publishers.crm.tables.customers!.rows[0]!.segment = "z";
			},
			[`${marketing} segment-known`],
			[marketing],
			"a customer is in a segment that nobody knows",
		],
		[
			({ publishers }) => {
				publishers.crm.tables.customers!.rows = [];
			},
			[`${finance} every-order-has-a-customer`],
			[finance, marketing],
			"all customers are gone",
		],
		[
			({ publishers }) => {
				delete publishers.sales.datasets.items_v1;
			},
			[`${finance} presence`, `${logistics} presence`],
			[finance, logistics],
			"a dataset is published no more",
		],
	];
	for (const [change, broken, reached, why] of rows) {
		const [before, after] = [firstMesh(3), meshWith(change)];
		const found = brokenOf(after, publishedOf(after));
		t.same(
			found.map(({ consumer, query, rule }) => `${consumer}.${query} ${rule}`),
			broken,
			why,
		);
		t.same(reachOf(before, after), reached, why);
	}
	t.end();
});
