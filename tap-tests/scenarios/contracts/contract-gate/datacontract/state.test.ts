import t from "tap";
import { stream } from "../../../../../base/random.ts";
import {
	changeOf,
	kindNames,
} from "../../../../../scenarios/contracts/contract-gate/changes/changes.ts";
import { proposedBy } from "../../../../../scenarios/contracts/contract-gate/datacontract/case.ts";
import { withState } from "../../../../../scenarios/contracts/contract-gate/datacontract/state.ts";
import { questionsOf } from "../../../../../scenarios/contracts/contract-gate/datacontract/tool.ts";
import { firstShop } from "../../../../../scenarios/contracts/contract-gate/shop/shop.ts";
import { database, failed } from "../../../subjects/gate/fake-database.ts";

const proposed = {
	migrations: ["create it", "alter it"],
	models: { totals: "select 1", others: "select 2" },
};

t.test("others can look at a state once it is committed, and it is gone afterwards", async (t) => {
	const given = database({});
	const seen = await withState(given, "there", proposed, async (state) => {
		t.equal(given.asked.at(-1), "commit");
		return state.kind;
	});
	t.equal(seen, "made");
	t.match(
		given.asked.join("\n"),
		/create it(.|\n)*alter it(.|\n)*view "totals"(.|\n)*view "others"/,
	);
	t.equal(given.asked.at(-1), "drop schema if exists there cascade");
});

t.test("where a migration fails there is no state; a view that fails is left out", async (t) => {
	const kindOf = async (answers: Parameters<typeof database>[0]) => {
		const given = database(answers);
		const kind = await withState(given, "there", proposed, async (state) => state.kind);
		return [kind, given.asked.includes("commit"), given.asked.join("\n").includes(`"others"`)];
	};
	t.same(await kindOf({ "alter it": failed("42701") }), ["unmade", false, false]);
	t.same(await kindOf({ '"totals"': failed("42703") }), ["made", true, true]);
	await t.rejects(kindOf({ "alter it": failed("57P01") }), { code: "57P01" });
});

t.test("a state is what main's migrations and those that come after them make", (t) => {
	const draw = stream(1, "test");
	const shop = firstShop(1);
	for (const kind of kindNames) {
		const change = changeOf(kind, draw, shop, 3);
		if (change === null) continue;
		const found = proposedBy(change);
		t.equal(found === null, change.way.kind === "push", kind);
		if (found !== null)
			t.same(found.migrations.slice(0, 2), Object.values(shop.migrations), `${kind} keeps main's`);
	}
	const pair = changeOf("pair-same-column", draw, shop, 3)!;
	t.equal(proposedBy(pair)!.migrations.length, 4, "both of a pair");
	t.end();
});

t.test("of each contract it is asked with its text before, where that was another", (t) => {
	const { contracts: before } = firstShop(1);
	const after = structuredClone(before);
	after["orders.odcs.yaml"]!.version = "2.0.0";
	after["new.odcs.yaml"] = after["customers.odcs.yaml"]!;
	const questions = questionsOf(before, after, (contract) => ({ ...contract, servers: [] }));
	t.same(
		questions.map(({ file, before }) => [file, before?.includes("version: 1.0.0") ?? null]),
		[
			["customers.odcs.yaml", null],
			["orders.odcs.yaml", true],
			["customer_totals.odcs.yaml", null],
			["new.odcs.yaml", null],
		],
	);
	for (const { text, placed } of questions) {
		t.notMatch(text, "servers");
		t.match(placed, "servers");
	}
	t.end();
});
