import { readFileSync } from "node:fs";
import t from "tap";
import { kinds } from "../../../../scenarios/contracts/data-quality/anomalies/batches.ts";
import {
	freshWithinHours,
	missingMailsPctMax,
} from "../../../../scenarios/contracts/data-quality/anomalies/violating-batch.ts";
import { misread } from "../../../../scenarios/contracts/data-quality/anomalies/violating-rows.ts";
import { brokenRules } from "../../../../scenarios/contracts/data-quality/oracle/rules.ts";
import { columnNames } from "../../../../scenarios/contracts/data-quality/sales/columns.ts";
import {
	type Delivery,
	deliveryOf,
	grams,
	minutesInDay,
	type Sale,
} from "../../../../scenarios/contracts/data-quality/sales/sale.ts";
import {
	falseAlarmPct,
	standardErrors,
} from "../../../../scenarios/contracts/data-quality/suite/statistics.ts";

// The suite is data that Great Expectations reads; the oracle says the same in its own words. Here both are held together.

interface Expectation {
	type: string;
	kwargs: Record<string, unknown>;
	meta: { rule: string; columns: string[] };
}

const suite = JSON.parse(
	readFileSync(
		new URL("../../../../scenarios/contracts/data-quality/suite/sales.json", import.meta.url),
		"utf8",
	),
) as {
	meta: { times: object; statistics: { parcel_grams: object } };
	expectations: Expectation[];
};
const ids = suite.expectations.map(({ meta }) => [...meta.columns, meta.rule].join("."));

const base = deliveryOf(11, 3, 200);
const withRow = (change: Partial<Sale>): Delivery => ({
	...base,
	rows: base.rows.with(5, { ...base.rows[5]!, ...change }),
});

/** For each rule of the suite a batch that breaks it, and as little else as can be. */
const breaking: Record<string, Delivery> = {
	"customer_id.not_null": withRow({ customerId: null }),
	"customer_name.not_null": withRow({ customerName: null }),
	"quantity.not_null": withRow({ quantity: null }),
	"parcel_grams.not_null": withRow({ parcelGrams: null }),
	"order_id.not_null": withRow({ orderId: null as never }),
	"order_id.unique": withRow({ orderId: base.rows[6]!.orderId }),
	"customer_id.known": withRow({ customerId: 301 }),
	"customer_name.encoding": withRow({ customerName: misread("Jürgen") }),
	"email.format": withRow({ email: "nobody" }),
	"email.mostly_there": {
		...base,
		rows: base.rows.map((row, i) => (i % 10 === 0 ? { ...row, email: null } : row)),
	},
	"country.in_set": withRow({ country: "ES" }),
	"ship_country.in_set": withRow({ shipCountry: "" }),
	"sku.format": withRow({ sku: "mug-0001" }),
	"quantity.in_range": withRow({ quantity: 21 }),
	"unit_price_cents.in_range": withRow({ unitPriceCents: 99 }),
	"parcel_grams.mean": {
		...base,
		rows: base.rows.map((row) => ({ ...row, parcelGrams: row.parcelGrams! + 100 })),
	},
	"ordered_at.in_window": withRow({ orderedMinute: (base.day + 1) * minutesInDay }),
	"ordered_at.fresh": {
		...base,
		rows: base.rows.map((row) => ({ ...row, orderedMinute: base.day * minutesInDay })),
	},
	row_count: { ...base, rowCount: base.rowCount + 1 },
	not_empty: { ...base, rowCount: 0, rows: [] },
};

t.test("the oracle has the rules of the suite, each of which a batch can break", (t) => {
	t.same(Object.keys(breaking).sort(), [...ids].sort());
	t.same(brokenRules(base), []);
	for (const [rule, delivery] of Object.entries(breaking))
		t.ok(brokenRules(delivery).includes(rule), `${rule}: ${brokenRules(delivery)}`);
	t.end();
});

t.test("each expectation is about a column that there is, and its own name for it", (t) => {
	for (const { kwargs, meta } of suite.expectations) {
		for (const column of meta.columns) t.ok((columnNames as string[]).includes(column), column);
		if (kwargs.column !== undefined) t.same(meta.columns, [kwargs.column]);
	}
	t.equal(new Set(ids).size, ids.length);
	t.end();
});

t.test("numbers of the suite are those of the oracle", (t) => {
	t.same(suite.meta.statistics.parcel_grams, { ...grams, standardErrors, falseAlarmPct });
	t.match(suite.meta.times, { freshWithinHours });
	const mostly = suite.expectations.find(({ meta }) => meta.rule === "mostly_there");
	t.equal(mostly?.kwargs.mostly, 1 - missingMailsPctMax / 100);
	t.end();
});

t.test("names from everywhere are sound, and none is that was read in another encoding", (t) => {
	const { regex } = suite.expectations.find(({ meta }) => meta.rule === "encoding")!.kwargs;
	const isSound = (name: string) => !new RegExp(String(regex), "u").test(name);
	const names = [
		...new Set(base.rows.map(({ customerName }) => customerName!)),
		...["Ελένη", "李小龙", "Ümit Âşık 🦊", "Nguyễn Ánh", "O'Neill-Strauß"],
	];
	for (const name of names) {
		t.ok(isSound(name), name);
		t.notOk(brokenRules(withRow({ customerName: name })).includes("customer_name.encoding"));
		if (misread(name) === name) continue;
		t.notOk(isSound(misread(name)), `${name} misread`);
		const spoiled = withRow({ customerName: misread(name) });
		t.ok(brokenRules(spoiled).includes("customer_name.encoding"));
	}
	t.end();
});

t.test("of at least twelve kinds of anomaly most come in several sizes", (t) => {
	const several = Object.values(kinds).filter(({ sizes }) => sizes.length > 1);
	t.ok(several.length >= 12, `${several.length} kinds`);
	t.end();
});
