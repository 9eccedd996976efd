import t from "tap";
import {
	type Audit,
	auditOf,
	type Held,
	isBilledOnce,
} from "../../../../scenarios/storage/storage-tiers/audit.ts";
import type { Pointer } from "../../../../scenarios/storage/storage-tiers/pointers.ts";

const at = {
	version: 2,
	tier: "cold" as const,
	name: "a.v2",
	bytes: 3,
	sha256: "two",
	sinceDay: 9,
};
const good: Pointer = {
	id: "a",
	revision: 7,
	seq: 3,
	at,
	doing: { kind: "nothing" },
	past: [
		{ version: 1, tier: "hot", fromDay: 0, toDay: 4 },
		{ version: 2, tier: "hot", fromDay: 4, toDay: 9 },
	],
};
const held: Held[] = [{ tier: "cold", name: "a.v2", sha256: "two" }];
const wanted = new Map([["a", { version: 2, sha256: "two" }]]);
const clean: Audit = { lost: [], wrong: [], doubled: [], misbilled: [], unfinished: [] };

t.test("a store in order passes, and each kind of damage is found as what it is", (t) => {
	const audit = (pointer: Pointer | null, copies = held) =>
		auditOf(new Map(pointer === null ? [] : [["a", pointer]]), copies, wanted);
	t.same(audit(good), clean);
	const rows: [found: ReturnType<typeof audit>, wrong: Partial<typeof clean>, why: string][] = [
		[audit(good, []), { lost: ["a"] }, "its copy is gone"],
		[audit(null), { lost: ["a"], doubled: ["cold/a.v2"] }, "nobody knows where it is"],
		[
			audit(good, [{ ...held[0]!, tier: "hot" }]),
			{ lost: ["a"], doubled: ["hot/a.v2"] },
			"it lies elsewhere",
		],
		[audit(good, [{ ...held[0]!, sha256: "?" }]), { wrong: ["a"] }, "other bytes"],
		[
			audit(good, [...held, { tier: "hot", name: "a.v2", sha256: "two" }]),
			{ doubled: ["hot/a.v2"] },
			"the copy that it was moved from is still there",
		],
		[
			audit(good, [...held, { tier: "hot", name: "a.v1", sha256: "one" }]),
			{ doubled: ["hot/a.v1"] },
			"a version that was overwritten is still there",
		],
		[
			audit({ ...good, at: { ...at, version: 1, name: "a.v1" } }, [{ ...held[0]!, name: "a.v1" }]),
			{ wrong: ["a"], misbilled: ["a"] },
			"an old version is back",
		],
		[
			audit({ ...good, doing: { kind: "removing", from: { tier: "hot", name: "a.v2" } } }),
			{ unfinished: ["a"] },
			"a move is not finished",
		],
		[
			audit({ ...good, at: { ...at, sinceDay: 8 } }),
			{ misbilled: ["a"] },
			"day 8 is billed in hot and in cold",
		],
	];
	for (const [found, wrong, why] of rows) t.same(found, { ...clean, ...wrong }, why);
	t.end();
});

t.test(
	"each day is billed once: no gap, no overlap, no stay without a day, no version that begins in cold",
	(t) => {
		const rows: [past: Pointer["past"], ok: boolean, why: string][] = [
			[good.past, true, "as it should be"],
			[good.past.slice(0, 1), false, "a gap"],
			[[good.past[0]!, { ...good.past[1]!, fromDay: 3 }], false, "an overlap"],
			[[...good.past, { version: 2, tier: "warm", fromDay: 9, toDay: 9 }], false, "no day"],
			[[good.past[0]!, { ...good.past[1]!, tier: "warm" }], false, "version 2 begins in warm"],
		];
		for (const [past, ok, why] of rows) t.equal(isBilledOnce({ ...good, past }), ok, why);
		t.ok(
			isBilledOnce({ ...good, at: null, past: [] }),
			"nothing is billed of what was never written",
		);
		t.end();
	},
);
