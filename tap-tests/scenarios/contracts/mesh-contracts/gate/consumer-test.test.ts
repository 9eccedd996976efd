import t from "tap";
import {
	readTest,
	testOf,
} from "../../../../../scenarios/contracts/mesh-contracts/gate/consumer-test.ts";
import { filesOf } from "../../../../../scenarios/contracts/mesh-contracts/mesh/files.ts";
import { firstMesh } from "../../../../../scenarios/contracts/mesh-contracts/mesh/first-mesh.ts";
import { consumerNames } from "../../../../../scenarios/contracts/mesh-contracts/mesh/mesh.ts";

const text = filesOf(firstMesh(1), "finance")["tests/revenue_by_country.yaml"]!;

t.test("the tests of all consumers are tests", (t) => {
	for (const consumer of consumerNames)
		for (const [path, text] of Object.entries(filesOf(firstMesh(1), consumer))) {
			const query = testOf(path);
			if (query !== null) t.ok("test" in readTest(consumer, query, text), path);
		}
	t.end();
});

t.test("a test is what it reads, with types as the database has them, and what it expects", (t) => {
	const read = readTest("finance", "revenue_by_country", text.replace("date", "DATE"));
	if (!("test" in read)) throw new Error(JSON.stringify(read));
	const [orders, , customers] = read.test.reads;
	t.equal(orders!.columns.get("ordered_on"), "date");
	t.equal(customers!.dataset, "crm.customers_v1");
	t.equal(customers!.columns.get("country"), "character varying(2)");
	t.match(read.test.expect[0], { name: "every-order-has-a-customer", mustBe: 0 });
	t.end();
});

t.test("what is no test is refused, with its consumer and query and what is wrong", (t) => {
	const rows: [text: string, says: RegExp][] = [
		["", /must be object/],
		["a: [", /flow/i],
		[text.replace("reads:", "raeds:"), /raeds|reads/],
		[text.replace("mustBe: 0", "mustBe: none"), /mustBe/],
		[text.replace("sales.orders_v1", "orders"), /dataset/],
		[text.replace("consumer: finance", "consumer: logistics"), /is in the repository of finance/],
		[text.replace("query: revenue_by_country", "query: other"), /is called other/],
		[`${text}sql: select 1\n`, /unique/],
	];
	for (const [given, says] of rows) {
		const read = readTest("finance", "revenue_by_country", given);
		if (!("findings" in read)) throw new Error(`${says} is a test`);
		t.match(read.findings, [{ place: ["finance", "revenue_by_country"], rule: "format" }]);
		t.ok(
			read.findings.some(({ why }) => says.test(why)),
			`${says}: ${JSON.stringify(read.findings)}`,
		);
	}
	t.end();
});

t.test("a test is a file of its folder, and no other is one", (t) => {
	t.equal(testOf("tests/revenue_by_country.yaml"), "revenue_by_country");
	for (const path of ["tests/a/b.yaml", "tests/A.yaml", "a.yaml", "tests/a.yml", "tests/a-b.yaml"])
		t.equal(testOf(path), null, path);
	t.end();
});
