import { pick } from "faultline";
import type { Column } from "../sales/columns.ts";
import type { Sale } from "../sales/sale.ts";
import { type Anomaly, type AnomalyKind, breaks, changed, drawRows, shares } from "./anomaly.ts";

// Rows that hold what a rule of the suite does not allow. One of them is enough.

type Spoil = (row: Sale, nth: number) => Partial<Sale>;

/** `column to` → what becomes of a row. */
type Ways = Record<string, Spoil>;

const set =
	(spoiled: Partial<Sale>): Spoil =>
	() =>
		spoiled;

/** A kind that spoils one column in one of several ways. */
function spoils(rule: string, ways: Ways): AnomalyKind {
	return {
		unit: "pct of rows",
		sizes: shares,
		draw(draw, delivery, size) {
			const [column, ...to] = pick(draw, Object.keys(ways)).split(" ");
			const at = { columns: [column as Column], to: to.join(" ") };
			return { at, rows: drawRows(draw, delivery, size) };
		},
		apply(anomaly, delivery) {
			const spoil = ways[wayOf(anomaly)]!;
			return changed(anomaly, delivery, (row, nth) => ({ ...row, ...spoil(row, nth) }));
		},
		truth: breaks(rule),
	};
}

function wayOf({ at }: Anomaly): string {
	return [...at!.columns, at!.to].join(" ");
}

/** Texts in UTF-8 that somebody has read as Latin-1. */
export function misread(text: string): string {
	return Buffer.from(text, "utf8").toString("latin1");
}

const isNotAscii = (text: string | null) => text !== null && /[^\0-\x7f]/.test(text);

/** Two columns of the same type that are exchanged, each with what then is in the other. */
const exchanges: { columns: Column[]; rule: string; exchange: Spoil }[] = [
	{
		columns: ["quantity", "unit_price_cents"],
		rule: "in_range",
		exchange: ({ quantity, unitPriceCents }) => ({
			quantity: unitPriceCents,
			unitPriceCents: quantity!,
		}),
	},
	{
		columns: ["country", "sku"],
		rule: "in_set",
		exchange: ({ country, sku }) => ({ country: sku, sku: country }),
	},
	{
		columns: ["email", "customer_name"],
		rule: "format",
		exchange: ({ email, customerName }) => ({ email: customerName, customerName: email }),
	},
];
const exchangeOf = ({ at }: Anomaly) =>
	exchanges.find(({ columns }) => columns[0] === at!.columns[0])!;

/** Those of which two can befall a batch, each in a column of its own. */
export const inOneColumn: Record<string, AnomalyKind> = {
	nulls: spoils("not_null", {
		"customer_id null": set({ customerId: null }),
		"customer_name null": set({ customerName: null }),
		"quantity null": set({ quantity: null }),
		"parcel_grams null": set({ parcelGrams: null }),
	}),
	"out-of-range": spoils("in_range", {
		"quantity 0": set({ quantity: 0 }),
		"quantity -1": set({ quantity: -1 }),
		"quantity 21": set({ quantity: 21 }),
		"unit_price_cents 99": set({ unitPriceCents: 99 }),
		"unit_price_cents -990": set({ unitPriceCents: -990 }),
		"unit_price_cents 100001": set({ unitPriceCents: 100_001 }),
	}),
	"bad-format": spoils("format", {
		"email without at": ({ email }) => ({ email: email!.replace("@", ".") }),
		"email with a space": ({ email }) => ({ email: `${email} ` }),
		"sku in small letters": ({ sku }) => ({ sku: sku.toLowerCase() }),
		"sku too long": ({ sku }) => ({ sku: `${sku}0` }),
	}),
	"unknown-value": spoils("in_set", {
		"country ES": set({ country: "ES" }),
		"country de": set({ country: "de" }),
		"ship_country empty": set({ shipCountry: "" }),
	}),
	"broken-keys": spoils("known", {
		"customer_id of nobody": (_row, nth) => ({ customerId: 900_001 + nth }),
		"customer_id 0": set({ customerId: 0 }),
	}),
	encoding: {
		unit: "pct of rows",
		sizes: shares,
		draw(draw, delivery, size) {
			const may = ({ customerName }: Sale) => isNotAscii(customerName);
			const to = pick(draw, ["read as Latin-1", "replaced"]);
			return { at: { columns: ["customer_name"], to }, rows: drawRows(draw, delivery, size, may) };
		},
		apply(anomaly, delivery) {
			const spoil = (name: string) =>
				anomaly.at!.to === "replaced" ? name.replaceAll(/[^\0-\x7f]/g, "\ufffd") : misread(name);
			return changed(anomaly, delivery, (row) => ({
				...row,
				customerName: spoil(row.customerName!),
			}));
		},
		truth: breaks("encoding"),
	},
};

export const violatingRows: Record<string, AnomalyKind> = {
	...inOneColumn,
	"swapped-columns": {
		unit: "pct of rows",
		sizes: shares,
		draw(draw, delivery, size) {
			const { columns } = pick(draw, exchanges);
			return { at: { columns, to: "exchanged" }, rows: drawRows(draw, delivery, size) };
		},
		apply(anomaly, delivery) {
			const { exchange } = exchangeOf(anomaly);
			return changed(anomaly, delivery, (row, nth) => ({ ...row, ...exchange(row, nth) }));
		},
		truth: (anomaly, delivery) => breaks(exchangeOf(anomaly).rule)(anomaly, delivery),
	},
};
