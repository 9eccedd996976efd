import { freshWithinHours, missingMailsPctMax } from "../anomalies/violating-batch.ts";
import type { Column } from "../sales/columns.ts";
import { type Delivery, knownLong, minutesInDay, type Sale } from "../sales/sale.ts";
import { meanBounds } from "../suite/statistics.ts";

// The suite once more, by loops over rows: no SQL, and nothing that Great Expectations has. What a batch breaks is known by
// this before anybody validates it.

/** `customer_id.not_null`, or `row_count` for one about the batch as a whole. */
export type RuleId = string;

/** That by which a mean is held against what it always was: the only rule that is broken by chance. */
export const chanceRule: RuleId = "parcel_grams.mean";

const knownMax = knownLong + 30;
const daysLateMax = 6;
const countries = new Set(["AT", "CH", "DE", "FR", "IT", "NL"]);

const notNull: [Column, (row: Sale) => unknown][] = [
	["order_id", ({ orderId }) => orderId],
	["customer_id", ({ customerId }) => customerId],
	["customer_name", ({ customerName }) => customerName],
	["quantity", ({ quantity }) => quantity],
	["parcel_grams", ({ parcelGrams }) => parcelGrams],
];

/** Rules that a single row can break; null breaks none of them. */
const ofRow: Record<RuleId, (row: Sale) => boolean> = {
	"customer_id.known": ({ customerId: id }) => id === null || (id >= 1 && id <= knownMax),
	"customer_name.encoding": ({ customerName }) => customerName === null || isSound(customerName),
	"email.format": ({ email }) => email === null || isMail(email),
	"country.in_set": ({ country }) => countries.has(country),
	"ship_country.in_set": ({ shipCountry }) => countries.has(shipCountry),
	"sku.format": ({ sku }) => isSku(sku),
	"quantity.in_range": ({ quantity }) => quantity === null || (quantity >= 1 && quantity <= 20),
	"unit_price_cents.in_range": ({ unitPriceCents: cents }) => cents >= 100 && cents <= 100_000,
};

/** All that the batch breaks, in the order of their names. */
export function brokenRules(delivery: Delivery): RuleId[] {
	const { rows, rowCount, day } = delivery;
	const broken = new Set<RuleId>();
	for (const row of rows) {
		for (const [column, of] of notNull) if (of(row) === null) broken.add(`${column}.not_null`);
		for (const [rule, holds] of Object.entries(ofRow)) if (!holds(row)) broken.add(rule);
	}
	if (new Set(rows.map(({ orderId }) => orderId)).size < rows.length) broken.add("order_id.unique");
	const mailless = rows.filter(({ email }) => email === null).length;
	if (100 * mailless > missingMailsPctMax * rows.length) broken.add("email.mostly_there");
	if (rows.length !== rowCount) broken.add("row_count");
	if (rows.length === 0) broken.add("not_empty");
	const fromMinute = (day - daysLateMax) * minutesInDay;
	const toMinute = (day + 1) * minutesInDay;
	if (rows.some(({ orderedMinute: at }) => at < fromMinute || at >= toMinute))
		broken.add("ordered_at.in_window");
	// The newest and the mean of nothing are no numbers, and hold nothing.
	const newest = Math.max(...rows.map(({ orderedMinute }) => orderedMinute));
	if (!(newest >= toMinute - freshWithinHours * 60)) broken.add("ordered_at.fresh");
	if (!isUsual(delivery)) broken.add(chanceRule);
	return [...broken].sort();
}

function isUsual({ rows, rowCount }: Delivery): boolean {
	const weights = rows.flatMap(({ parcelGrams }) => parcelGrams ?? []);
	const mean = weights.reduce((a, b) => a + b, 0) / weights.length;
	const { least, most } = meanBounds(rowCount);
	return mean >= least && mean <= most;
}

/** Letters of which no two are what is left of one that was read in the wrong encoding. */
function isSound(text: string): boolean {
	for (let i = 0; i < text.length; i++) {
		const [code, next] = [text.charCodeAt(i), text.charCodeAt(i + 1)];
		if (code === 0xff_fd) return false;
		if (code >= 0xc2 && code <= 0xf4 && next >= 0x80 && next <= 0xbf) return false;
	}
	return true;
}

function isMail(text: string): boolean {
	const [name = "", host = "", ...more] = text.split("@");
	const ending = host.split(".").at(-1)!;
	return (
		more.length === 0 &&
		!/\s/.test(text) &&
		name !== "" &&
		host.length > ending.length + 1 &&
		ending.length >= 2 &&
		[...ending].every((letter) => letter >= "a" && letter <= "z")
	);
}

function isSku(text: string): boolean {
	const all = (some: string, from: string, to: string) =>
		[...some].every((letter) => letter >= from && letter <= to);
	return (
		text.length === 8 &&
		text[3] === "-" &&
		all(text.slice(0, 3), "A", "Z") &&
		all(text.slice(4), "0", "9")
	);
}
