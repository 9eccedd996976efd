import type { Test } from "tap";
import { NotThere, type TierStore } from "../../../../scenarios/storage/storage-tiers/store.ts";

/** What every store has to do, whatever it keeps its bytes in. */
export function storeContract(t: Test, open: () => Promise<TierStore>): Promise<unknown> {
	return t.test("it keeps, copies, gives, lists and removes", async (t) => {
		const store = await open();
		const bytes = Buffer.from([0, 255, 10, 13, 128]);
		await store.put({ tier: "hot", name: "a.v1" }, bytes);
		t.same(await store.get({ tier: "hot", name: "a.v1" }), bytes, "any bytes");
		await store.put({ tier: "hot", name: "a.v1" }, Buffer.from("longer than before"));
		await store.put({ tier: "hot", name: "a.v1" }, Buffer.from("new"));
		t.equal(
			(await store.get({ tier: "hot", name: "a.v1" })).toString(),
			"new",
			"replaced as a whole",
		);
		await store.copy({ tier: "hot", name: "a.v1" }, { tier: "cold", name: "a.v1" });
		t.equal((await store.get({ tier: "cold", name: "a.v1" })).toString(), "new");
		await store.put({ tier: "hot", name: "a.v1" }, Buffer.from("newer"));
		t.equal(
			(await store.get({ tier: "cold", name: "a.v1" })).toString(),
			"new",
			"a copy is a copy",
		);
		await store.copy({ tier: "hot", name: "a.v1" }, { tier: "cold", name: "a.v1" });
		t.equal(
			(await store.get({ tier: "cold", name: "a.v1" })).toString(),
			"newer",
			"and is replaced",
		);
		await store.put({ tier: "hot", name: "empty.v1" }, Buffer.alloc(0));
		t.equal(
			(await store.get({ tier: "hot", name: "empty.v1" })).length,
			0,
			"nothing at all is something",
		);
		t.same((await store.list("hot")).sort(), ["a.v1", "empty.v1"]);
		t.same(await store.list("warm"), []);
		await store.remove({ tier: "hot", name: "a.v1" });
		await store.remove({ tier: "hot", name: "a.v1" });
		t.same(await store.list("hot"), ["empty.v1"], "removing twice is removing");
		t.same(await store.list("cold"), ["a.v1"], "and from one tier");
		await t.rejects(store.get({ tier: "hot", name: "a.v1" }), NotThere);
		await t.rejects(
			store.copy({ tier: "warm", name: "a.v1" }, { tier: "cold", name: "a.v1" }),
			NotThere,
		);
		t.equal(
			(await store.get({ tier: "cold", name: "a.v1" })).toString(),
			"newer",
			"a copy of nothing changes nothing",
		);
	});
}
