import t from "tap";
import { negotiationFindings } from "../../../../../scenarios/contracts/mesh-contracts/gate/negotiation.ts";
import type { Contract } from "../../../../../scenarios/subjects/gate/odcs.ts";

function contract(version: string, columns: string[], name = "orders_v1"): Contract {
	return {
		apiVersion: "v3.1.0",
		kind: "DataContract",
		id: `sales.${name}`,
		version,
		status: "active",
		schema: [
			{ name, properties: columns.map((column) => ({ name: column, physicalType: "text" })) },
		],
	};
}

const of = (...contracts: Contract[]) =>
	new Map(contracts.map((one) => [`${one.schema![0]!.name}.odcs.yaml`, one]));
const first = contract("1.2.0", ["id", "note"]);

t.test(
	"what is promised otherwise is said by a version within the one that is in the name",
	(t) => {
		const rows: [after: Contract, place: string[] | null, why: string][] = [
			[first, null, "nothing is otherwise"],
			[contract("1.3.0", ["id"]), null, "less is promised, by a version that says so"],
			[contract("1.3.0", ["id", "note", "more"]), null, "more is"],
			[contract("1.2.1", ["id", "note"]), null, "nothing but words"],
			[contract("1.2.0", ["id"]), ["orders_v1", "note"], "less, and no version"],
			[
				contract("1.2.9", ["id"]),
				["orders_v1", "note"],
				"less, and a version that says nothing of it",
			],
			[contract("1.1.0", ["id"]), ["orders_v1", "note"], "less, and an older version"],
			[contract("2.0.0", ["id", "note"]), ["orders_v1"], "a version that is another dataset"],
			[contract("latest", ["id", "note"]), ["orders_v1"], "no version"],
		];
		for (const [after, place, why] of rows)
			t.match(
				negotiationFindings(of(first), of(after)),
				place === null ? [] : [{ place, rule: "version" }],
				why,
			);
		t.end();
	},
);

t.test("a version stands beside the one before it, and may be published no more", (t) => {
	const second = contract("2.0.0", ["id"], "orders_v2");
	t.same(negotiationFindings(of(first), of(first, second)), []);
	t.same(negotiationFindings(of(first, second), of(second)), []);
	t.match(negotiationFindings(of(first), of(first, contract("1.0.0", ["id"], "orders_v2"))), [
		{ place: ["orders_v2"], rule: "version", why: /ends with _v1/ },
	]);
	t.match(negotiationFindings(new Map(), of(contract("1.0.0", ["id"], "orders"))), [
		{ place: ["orders"], rule: "version" },
	]);
	t.end();
});
