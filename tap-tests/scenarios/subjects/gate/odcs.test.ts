import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import t from "tap";
import { filesOf } from "../../../../scenarios/contracts/contract-gate/shop/files.ts";
import { firstShop } from "../../../../scenarios/contracts/contract-gate/shop/shop.ts";
import { readContract } from "../../../../scenarios/subjects/gate/odcs.ts";

const schemaFile = new URL(
	"../../../../scenarios/subjects/gate/odcs/odcs-json-schema-v3.1.0.json",
	import.meta.url,
);
const text = filesOf(firstShop(1))["contracts/orders.odcs.yaml"]!;

t.test("the standard's schema is as it was published", (t) => {
	t.equal(
		createHash("sha256").update(readFileSync(schemaFile)).digest("hex"),
		"1a35de14c688b400fef306564f66e2af3304f057cd5cd6e7b847c1a8bf252c5b",
	);
	t.end();
});

t.test("the shop's contracts are contracts of the standard", (t) => {
	for (const [path, text] of Object.entries(filesOf(firstShop(1))))
		if (path.startsWith("contracts/")) t.ok("contract" in readContract(path, text), path);
	t.end();
});

t.test("what is no contract is refused with its file and what is wrong", (t) => {
	const rows: [text: string, says: RegExp][] = [
		["", /must be object/],
		["a: [", /flow/i],
		[text.replace("status: active\n", ""), /required property 'status'/],
		[text.replace("required: true", "requierd: true"), /requierd/],
		[text.replace("kind: DataContract", "kind: DataProduct"), /\/kind/],
		[text.replace("mustBe: 0", "mustBe: 0\n            mustBeLessThan: 3"), /quality/],
		[`${text}status: draft\n`, /unique/],
		[`tags: &a [x]\nx: [*a, *a]\n${text}`, /alias/i],
	];
	for (const [given, says] of rows) {
		const read = readContract("orders.odcs.yaml", given);
		t.match(
			read,
			{ findings: [{ place: ["orders.odcs.yaml"], rule: "odcs" }] },
			given.slice(0, 40),
		);
		if ("findings" in read)
			t.ok(
				read.findings.some(({ why }) => says.test(why)),
				`${says}: ${JSON.stringify(read)}`,
			);
	}
	t.end();
});
