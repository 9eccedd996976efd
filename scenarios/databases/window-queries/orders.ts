import { pick, type Stream, stream } from "faultline/subject";

export const regions = ["east", "north", "overseas", "south", "west"] as const;
export const categories = [
	"books",
	"clothing",
	"games",
	"garden",
	"groceries",
	"kitchen",
	"music",
	"tools",
] as const;

/** One row of the table. */
export interface Order {
	orderId: number;
	customerId: number;
	region: string;
	category: string;
	/** Minutes since the year began. */
	minute: number;
	/** Null until it has been invoiced. */
	amountCents: number | null;
}

/** The year that all orders lie in. */
export const yearBegin = Date.UTC(2025, 0, 1);
export const daysInYear = 365;
export const minutesInDay = 24 * 60;

/** How long after an order its customer orders again in the same visit: equal minutes, and just the usual gaps. */
const afterMinutes = [0, 0, 1, 5, 12, 15, 16, 30, 31, 45, 60, 61];
const pricesCents = [490, 990, 1_490, 1_990, 2_990, 4_990, 9_900, 19_900];

/** One customer for twenty orders, so that customers buy no more where there are more of them. */
export function customersFor(rows: number): number {
	return Math.max(20, Math.round(rows / 20));
}

/**
 * The table of a seed, in the order of `orderId`. Real enough to hurt: some customers buy much more than others,
 * several orders share a minute, categories have days and a month without sales, prices repeat, amounts are missing,
 * and numbers are not in the order of time.
 */
export function ordersOf(seed: number, rows: number): Order[] {
	const customers = customersFor(rows);
	const draw = stream(seed, "orders");
	const regionOf = regionsOf(seed, customers);
	const open = openDays(seed);
	const orders: Order[] = [];
	while (orders.length < rows) {
		// The square makes the first hundredth of the customers buy a tenth of all.
		const customer = Math.floor(customers * draw() ** 2);
		let minute = Math.floor(draw() * daysInYear * minutesInDay);
		do {
			const category = openCategory(draw, open, Math.floor(minute / minutesInDay));
			orders.push({
				orderId: 0,
				customerId: customer + 1,
				region: regionOf[customer]!,
				category,
				minute,
				amountCents: draw() < 0.02 ? null : pick(draw, pricesCents) * pick(draw, [1, 1, 1, 2, 3]),
			});
			minute += pick(draw, afterMinutes);
		} while (orders.length < rows && draw() < 0.4 && minute < daysInYear * minutesInDay);
	}
	return numbered(orders, stream(seed, "arrivals"));
}

/** Numbers are given as orders arrive, up to two days late. */
function numbered(orders: Order[], draw: Stream): Order[] {
	const arrivals = orders.map((order) => ({ order, at: order.minute + draw() * 2 * minutesInDay }));
	arrivals.sort((a, b) => a.at - b.at);
	return arrivals.map(({ order }, i) => {
		order.orderId = i + 1;
		return order;
	});
}

function regionsOf(seed: number, customers: number): string[] {
	const draw = stream(seed, "regions");
	return Array.from({ length: customers }, () => pick(draw, regions));
}

/** By category and day: whether it sells at all. The first one always does, so that every day has something. */
function openDays(seed: number): boolean[][] {
	const draw = stream(seed, "calendar");
	return categories.map((_, index) => {
		const closedWeekday = Math.floor(draw() * 7);
		const closedFrom = 60 + Math.floor(draw() * 200);
		return Array.from({ length: daysInYear }, (_, day) => {
			const chance = draw();
			if (index === 0) return true;
			// Sixty-two days in a row, wherever they begin, hold a whole month.
			const away = index % 2 === 1 && day >= closedFrom && day < closedFrom + 62;
			return !away && day % 7 !== closedWeekday && chance > 0.05;
		});
	});
}

/** One that sells on that day: where the drawn one does not, the next that does. */
function openCategory(draw: Stream, open: boolean[][], day: number): string {
	let index = Math.floor(draw() * categories.length);
	while (!open[index]![day]) index = (index + 1) % categories.length;
	return categories[index]!;
}
