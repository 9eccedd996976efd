import { pick, stream } from "faultline";

/** What the shop's systems deliver, as rows; when a row was loaded is told by the load. */
export interface Shop {
	customers: Customer[];
	products: Product[];
	orders: Order[];
	items: Item[];
}

export interface Customer {
	customerId: number;
	email: string;
	country: string;
	/** Days since the epoch of the data. */
	signedUpDay: number;
}

export interface Product {
	productId: number;
	sku: string;
	category: string;
	listPriceCents: number;
}

export interface Order {
	orderId: number;
	customerId: number;
	status: string;
	/** Minutes since the epoch of the data. */
	orderedMinute: number;
}

export interface Item {
	orderId: number;
	lineNo: number;
	productId: number;
	quantity: number;
	unitPriceCents: number;
}

/** What the contract accepts, in `dbt/models/staging/staging.yml`; a test holds the two together. */
export const accepted = {
	country: ["AT", "CH", "DE", "FR", "IT", "NL"],
	category: ["books", "games", "garden", "kitchen", "music", "tools"],
	status: ["placed", "paid", "shipped", "returned", "cancelled"],
	cents: { minimum: 100, maximum: 100_000 },
	quantity: { minimum: 1, maximum: 100 },
} as const;

const epochMs = Date.UTC(2026, 0, 1);
export const minutesInDay = 24 * 60;
const daysOfOrders = 30;

const pricesCents = [490, 990, 1_490, 1_990, 2_990, 4_990, 9_900, 19_900];
/** As they come from most to least often. */
const statuses = [
	"shipped",
	"shipped",
	"shipped",
	"paid",
	"paid",
	"placed",
	"returned",
	"cancelled",
];

/** A shop of so many orders; the same for the same seed. */
export function shopOf(seed: number, orderCount: number): Shop {
	const draw = stream(seed, "shop");
	const customers = Array.from({ length: Math.max(20, Math.round(orderCount / 5)) }, (_, i) => ({
		customerId: i + 1,
		email: `customer-${i + 1}@example.org`,
		country: pick(draw, accepted.country),
		signedUpDay: -Math.floor(draw() * 400),
	}));
	const products = Array.from({ length: 48 }, (_, i) => ({
		productId: i + 1,
		sku: `SKU-${String(i + 1).padStart(4, "0")}`,
		category: accepted.category[i % accepted.category.length]!,
		listPriceCents: pick(draw, pricesCents),
	}));
	const orders: Order[] = [];
	const items: Item[] = [];
	for (let orderId = 1; orderId <= orderCount; orderId++) {
		orders.push({
			orderId,
			// The square makes the first tenth of the customers buy a third of all.
			customerId: 1 + Math.floor(customers.length * draw() ** 2),
			status: pick(draw, statuses),
			orderedMinute: Math.floor(draw() * daysOfOrders * minutesInDay),
		});
		const lines = Math.floor(draw() * 4);
		for (let lineNo = 1; lineNo <= lines; lineNo++) {
			const product = pick(draw, products);
			items.push({
				orderId,
				lineNo,
				productId: product.productId,
				quantity: 1 + Math.floor(draw() * 3),
				// A tenth of the lines were sold at a tenth less.
				unitPriceCents: product.listPriceCents - (draw() < 0.1 ? product.listPriceCents / 10 : 0),
			});
		}
	}
	return { customers, products, orders, items };
}

const dayTexts = new Map<number, string>();

/** `2026-01-31`. Few days are asked for again and again. */
export function dayText(day: number): string {
	const known = dayTexts.get(day);
	if (known !== undefined) return known;
	const text = new Date(epochMs + day * minutesInDay * 60_000).toISOString().slice(0, 10);
	dayTexts.set(day, text);
	return text;
}

/** `2026-01-31 23:59:00`. */
export function minuteText(minute: number): string {
	return new Date(epochMs + minute * 60_000).toISOString().slice(0, 19).replace("T", " ");
}
