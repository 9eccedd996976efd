import t from "tap";
import { stream } from "../../../../base/random.ts";
import {
	type Change,
	changeSql,
	changesOf,
	changeText,
	kindOfChange,
	shopAfter,
	simplerChanges,
	truthOf,
} from "../../../../scenarios/contracts/dbt-contracts/changes/changes.ts";
import { harmless } from "../../../../scenarios/contracts/dbt-contracts/changes/harmless.ts";
import { outside } from "../../../../scenarios/contracts/dbt-contracts/changes/outside.ts";
import { violatingRows } from "../../../../scenarios/contracts/dbt-contracts/changes/violating-rows.ts";
import { violatingShape } from "../../../../scenarios/contracts/dbt-contracts/changes/violating-shape.ts";
import { martRows } from "../../../../scenarios/contracts/dbt-contracts/marts.ts";
import { shopOf } from "../../../../scenarios/contracts/dbt-contracts/source.ts";
import { namesPlaceAndRule } from "../../../../scenarios/kit/confusion.ts";
import { isStated } from "./contract-files.ts";

const shop = shopOf(7, 300);
const seeds = Array.from({ length: 6 }, (_, i) => i + 1);
const many = seeds.flatMap((seed) => changesOf(seed, 41, shop));

t.test("the same seed draws the same changes, and another one others", (t) => {
	t.same(changesOf(3, 20, shop), changesOf(3, 20, shop));
	t.same(changesOf(3, 10, shop), changesOf(3, 20, shop).slice(0, 10), "more are the same and more");
	t.notSame(changesOf(3, 20, shop), changesOf(4, 20, shop));
	t.end();
});

t.test(
	"the first change is none, and of each ten others four violate, four are harmless, two outside",
	(t) => {
		for (const seed of seeds) {
			const [first, ...rest] = changesOf(seed, 31, shop);
			t.same(first, []);
			for (let at = 0; at < 30; at += 10) {
				const kinds = rest.slice(at, at + 10).map((change) => truthOf(change).kind);
				const count = (wanted: string) => kinds.filter((kind) => kind === wanted).length;
				t.same([count("violating"), count("harmless"), count("outside")], [4, 4, 2]);
			}
		}
		t.end();
	},
);

t.test("every kind is dealt, wrong rows first and wrong shapes in turn with them", (t) => {
	const dealt = new Set(many.map(kindOfChange));
	const kinds = [harmless, violatingRows, violatingShape, outside].flatMap(Object.keys);
	t.same([...dealt].sort(), ["unchanged", ...kinds].sort());
	t.ok(kinds.length >= 12, "a dozen kinds at least");
	for (const seed of seeds) {
		const violating = changesOf(seed, 31, shop)
			.filter((change) => truthOf(change).kind === "violating")
			.map((change) => kindOfChange(change) in violatingRows);
		t.same(
			violating,
			violating.map((_, i) => i % 2 === 0),
		);
	}
	t.end();
});

t.test("what a change is said to violate, the contract's files state", (t) => {
	const violating = many.map(truthOf).filter((truth) => truth.kind === "violating");
	const labels = new Map(
		violating.map(({ place, rule }) => [`${place.join(".")} ${rule}`, { place, rule }] as const),
	);
	t.ok(labels.size > 30, "many of them");
	for (const [label, { place, rule }] of labels) t.ok(isStated(place, rule), label);
	t.end();
});

t.test("a label that no file of the contract states is found", (t) => {
	t.notOk(isStated(["stg_orders", "ordered_at"], "unique"));
	t.notOk(isStated(["stg_orders", "note"], "data_type"));
	t.notOk(isStated(["stg_orders", "note"], "column_exists"));
	t.notOk(isStated(["customers"], "freshness"));
	t.notOk(isStated(["stg_order_items", "order_id", "product_id"], "unique_together"));
	t.notOk(isStated(["sessions"], "table_exists"));
	t.end();
});

t.test(
	"no more than one part of a change does harm, and what comes along is of other tables",
	(t) => {
		for (const change of many) {
			const [about, ...along] = change;
			t.ok(along.every((edit) => truthOf([edit]).kind === "harmless"));
			t.ok(along.every(({ table }) => table !== about!.table));
		}
		t.end();
	},
);

t.test("a change that is harmless by its shape alone changes no row of a mart", (t) => {
	const before = martRows(shop);
	const rows = new Set(["orders-added", "orders-moved-on"]);
	for (const change of many) {
		if (truthOf(change).kind !== "harmless") continue;
		const same = JSON.stringify(martRows(shopAfter(change, shop))) === JSON.stringify(before);
		t.equal(same, !rows.has(kindOfChange(change)), changeText(change));
	}
	t.end();
});

t.test(
	"a change outside of the contract changes rows of a mart, or there would be no harm",
	(t) => {
		const before = JSON.stringify(martRows(shop));
		for (const [kind, { draw }] of Object.entries(outside)) {
			const edits = seeds.map((seed) => [{ kind, ...draw(stream(seed, kind), shop) }]);
			const changed = edits.filter(
				(edit) => JSON.stringify(martRows(shopAfter(edit, shop))) !== before,
			);
			t.ok(changed.length > seeds.length / 2, kind);
		}
		t.end();
	},
);

t.test("every change is SQL, and its text says what, where and how many", (t) => {
	for (const change of many) {
		const statements = changeSql(change, shop);
		t.ok(statements.length >= change.length);
		t.notMatch(statements.join(), /undefined|NaN|\bnull\.|in \(\)/);
	}
	const nulls: Change = [
		{ kind: "nulls", table: "orders", column: "status", to: "null", keys: [4, 9] },
		{ kind: "statistics", table: "products", column: null, to: null, keys: [] },
	];
	t.equal(changeText(nulls), "nulls in orders.status (null) of 2 rows, statistics in products");
	t.end();
});

t.test("simpler forms have fewer parts or fewer rows, and end", (t) => {
	const size = (change: Change) => change.reduce((sum, { keys }) => sum + 1 + keys.length, 0);
	for (const change of many) {
		let smallest = change;
		for (let steps = 0; ; steps++) {
			t.ok(steps < 20);
			const [next] = simplerChanges(smallest);
			if (next === undefined) break;
			t.ok(size(next) < size(smallest));
			smallest = next;
		}
		t.ok(smallest.length <= 1 && (smallest[0]?.keys.length ?? 0) <= 1);
	}
	t.end();
});

t.test("a label's words are those of dbt: a message of the form of the gate's names them", (t) => {
	for (const change of many) {
		const truth = truthOf(change);
		if (truth.kind !== "violating") continue;
		const message = `${truth.place.join(".")}: ${truth.rule}: Got 3 results`;
		const verdict = { kind: "blocked", message, timeMs: 1 } as const;
		t.ok(namesPlaceAndRule({ name: "", change: "", truth, verdict, smallest: null }));
	}
	t.end();
});
