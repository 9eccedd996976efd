import { pick, type Stream, stream } from "faultline";

/** A line of a batch: one thing that was sold. Null is what its maker left out. */
export interface Sale {
	orderId: number;
	customerId: number | null;
	customerName: string | null;
	email: string | null;
	country: string;
	shipCountry: string;
	sku: string;
	quantity: number | null;
	unitPriceCents: number;
	parcelGrams: number | null;
	/** Minutes since the epoch of the data. */
	orderedMinute: number;
}

/** A batch as it is handed over: the sales of a day, and how many there are, as whoever made it counted them. */
export interface Delivery {
	batch: number;
	/** Days since the epoch of the data. */
	day: number;
	rowCount: number;
	rows: Sale[];
}

export interface Customer {
	customerId: number;
	name: string;
}

export const minutesInDay = 24 * 60;
const epochMs = Date.UTC(2026, 0, 1);

const givenNames = [
	"Ada",
	"Jürgen",
	"Zoë",
	"Łukasz",
	"José",
	"Anaïs",
	"Søren",
	"Eva",
	"Tom",
	"Ana",
];
const familyNames = ["Müller", "Nowak", "Núñez", "Lefèvre", "Ørsted", "Šarić", "Stone", "Berg"];
const countries = ["AT", "CH", "DE", "FR", "IT", "NL"];
const products = ["MUG-0001", "MUG-0002", "PEN-0107", "CAP-2040", "BAG-0450", "TEE-9001"];
const pricesCents = [490, 990, 1_490, 1_990, 2_990, 4_990, 9_900, 19_900];

/** Of the weight of a parcel, in grams, as it always was. */
export const grams = { mean: 1_200, sd: 200 };

/** The customers that the warehouse knows. A batch as it always is has no sale to the last tenth, who are new. */
export function customersOf(seed: number): Customer[] {
	const draw = stream(seed, "customers");
	return Array.from({ length: 300 }, (_, i) => ({
		customerId: i + 1,
		name: `${pick(draw, givenNames)} ${pick(draw, familyNames)}`,
	}));
}

export const knownLong = 270;

/** A batch as it always is, of about so many rows; the same for the same seed. */
export function deliveryOf(seed: number, batch: number, about: number): Delivery {
	const draw = stream(seed, `batch ${batch}`);
	const customers = customersOf(seed);
	const rowCount = Math.round(about * (0.9 + 0.2 * draw()));
	const day = batch % 3_650;
	const rows = Array.from({ length: rowCount }, (_, i) => saleOf(draw, customers, batch, day, i));
	// Whoever hands over a day has sold something in its last hour.
	const last = rows.at(-1)!;
	last.orderedMinute = (day + 1) * minutesInDay - 1 - Math.floor(draw() * 60);
	return { batch, day, rowCount, rows };
}

function saleOf(
	draw: Stream,
	customers: readonly Customer[],
	batch: number,
	day: number,
	i: number,
): Sale {
	const { customerId, name } = customers[Math.floor(draw() * knownLong)]!;
	const country = pick(draw, countries);
	return {
		orderId: orderIdOf(batch, i),
		customerId,
		customerName: name,
		email: `customer-${customerId}@example.org`,
		country,
		// A tenth is sent elsewhere.
		shipCountry: draw() < 0.1 ? pick(draw, countries) : country,
		sku: pick(draw, products),
		quantity: 1 + Math.floor(draw() * 3),
		unitPriceCents: pick(draw, pricesCents),
		parcelGrams: Math.round(grams.mean + grams.sd * normal(draw)),
		orderedMinute: day * minutesInDay + Math.floor(draw() * minutesInDay),
	};
}

/** Ids of a batch's own, more than it has rows. */
export function orderIdOf(batch: number, i: number): number {
	return batch * 1_000_000 + i + 1;
}

/** Of the standard normal distribution, by Box and Muller. */
function normal(draw: Stream): number {
	return Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
}

/** `2026-01-31`. */
export function dayText(day: number): string {
	return new Date(epochMs + day * minutesInDay * 60_000).toISOString().slice(0, 10);
}

/** `2026-01-31 23:59:00`. */
export function minuteText(minute: number): string {
	return new Date(epochMs + minute * 60_000).toISOString().slice(0, 19).replace("T", " ");
}
