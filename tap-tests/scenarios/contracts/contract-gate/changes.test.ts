import fc from "fast-check";
import t from "tap";
import { stream } from "../../../../base/random.ts";
import {
	changeText,
	migrationName,
	shopAfter,
	truthOf,
} from "../../../../scenarios/contracts/contract-gate/changes/change.ts";
import {
	Changes,
	changeOf,
	kindNames,
	type Planned,
	simplerChanges,
} from "../../../../scenarios/contracts/contract-gate/changes/changes.ts";
import {
	brokenPromises,
	growthNeeded,
	versionsSuffice,
} from "../../../../scenarios/contracts/contract-gate/oracle/promises.ts";
import { filesOf } from "../../../../scenarios/contracts/contract-gate/shop/files.ts";
import { firstShop } from "../../../../scenarios/contracts/contract-gate/shop/shop.ts";

/** What the oracle can't see: it reads no SQL of models, no files that are no shop's, and no pushes. */
const unseen =
	/^(?:model-|migration-|contract-misspelt|symbolic-|other-|huge-|workflow-|attributes-|history-)/;

/** The shop as it would be if the change were merged, right or wrong. */
function merged(change: Planned) {
	return change.way.kind === "proposed"
		? shopAfter(change.before, change.parts, migrationName(change))
		: change.after;
}

t.test("what a change is said to be is what the oracle finds of it, over any seed", (t) => {
	fc.assert(
		fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
			const changes = new Changes(seed);
			for (let n = 0; n < 60; n++) {
				const change = changes.at(n);
				const { truth, kind, way } = change;
				const shop = merged(change);
				const broken = brokenPromises(shop);
				const versioned = versionsSuffice(change.before, shop);
				if (truth.kind !== "violating") {
					if (broken.length > 0 || !versioned)
						throw new Error(`${n} ${kind}: ${broken}, ${versioned}`);
				} else if (way.kind === "proposed" && !unseen.test(kind)) {
					const { place, rule } = truth;
					const found =
						rule === "version" ? !versioned : broken.some((one) => names(one, place, rule));
					if (!found) throw new Error(`${n} ${kind}: ${place} ${rule}, found ${broken}`);
				}
			}
		}),
		{ numRuns: 6 },
	);
	t.end();
});

/** `orders.note presence`; rules are told by their table alone. */
function names(broken: string, [table, column]: readonly string[], rule: string): boolean {
	const [at, what] = broken.split(" ");
	return what === rule && (at === table || at === `${table}.${column}`);
}

t.test(
	"every kind can be made, of many shops, and none changes the shop that it is made of",
	(t) => {
		const made = new Set<string>();
		for (let seed = 1; seed <= 2; seed++) {
			const draw = stream(seed, "test");
			let shop = firstShop(seed);
			for (const [n, kind] of kindNames.entries()) {
				const before = JSON.stringify(shop);
				const change = changeOf(kind, draw, shop, n);
				if (change === null) continue;
				made.add(kind);
				t.equal(JSON.stringify(shop), before, kind);
				t.ok(changeText(change).length > 0);
				shop = change.after;
			}
		}
		t.same(
			kindNames.filter((kind) => !made.has(kind)),
			[],
		);
		t.ok(kindNames.length >= 60, `${kindNames.length} kinds`);
		t.end();
	},
);

t.test("the same seed is the same changes, in whatever steps they are asked for", (t) => {
	const texts = (changes: Changes, order: number[]) => {
		// Done by who proposes it as well, a change is the same, and so are those that come after it.
		for (const n of order) merged(changes.at(n));
		return Array.from({ length: 30 }, (_, n) =>
			JSON.stringify([changeText(changes.at(n)), filesOf(changes.at(n).after)]),
		);
	};
	t.same(texts(new Changes(7), [29]), texts(new Changes(7), [...Array(30).keys()]));
	t.notSame(texts(new Changes(7), []), texts(new Changes(8), []));
	t.end();
});

t.test(
	"half of the changes do harm, each truth is among the first, and none is told before it is made",
	(t) => {
		const changes = new Changes(11);
		const truths = Array.from({ length: 102 }, (_, n) => changes.at(n).truth.kind);
		t.same(truths.slice(0, 2), ["violating", "harmless"]);
		const count = (kind: string) => truths.slice(2).filter((truth) => truth === kind).length;
		t.same([count("violating"), count("harmless"), count("outside")], [40, 50, 10]);
		t.end();
	},
);

t.test("smaller forms of a change are smaller, and break the same", (t) => {
	const changes = new Changes(5);
	let met = 0;
	for (let n = 0; n < 80; n++) {
		const change = changes.at(n);
		if (change.way.kind !== "proposed" || change.truth.kind !== "violating") continue;
		for (const smaller of simplerChanges(change)) {
			met++;
			t.same(truthOf(smaller), change.truth);
			t.ok(
				smaller.parts.length < change.parts.length ||
					changeText(smaller).length <= changeText(change).length,
			);
		}
	}
	t.ok(met > 10, `${met} smaller forms`);
	t.end();
});

t.test("the oracle tells what a version has to say by the promises alone", (t) => {
	const { "orders.odcs.yaml": before } = firstShop(1).contracts;
	const after = structuredClone(before!);
	t.equal(growthNeeded(before!, after), "none");
	after.description = { purpose: "other words" };
	t.equal(growthNeeded(before!, after), "none");
	after.schema![0]!.properties!.push({ name: "more", physicalType: "text" });
	t.equal(growthNeeded(before!, after), "minor");
	after.schema![0]!.properties!.shift();
	t.equal(growthNeeded(before!, after), "major");
	t.end();
});

t.test("the oracle finds what a shop does not keep", (t) => {
	const shop = firstShop(3);
	t.same(brokenPromises(shop), []);
	shop.tables.orders!.rows[0]!.status = "lost";
	shop.tables.customers!.uniques = [];
	shop.tables.order_items!.primaryKey = ["order_id"];
	t.same(brokenPromises(shop), [
		"customers.email unique",
		"orders status-accepted",
		"order_items primary-key",
	]);
	delete shop.tables.orders;
	t.ok(brokenPromises(shop).includes("orders presence"));
	t.end();
});
