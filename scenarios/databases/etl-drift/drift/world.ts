import { type Stream, stream } from "faultline";

/** An order, whatever table it stands in. */
export interface Order {
	orderId: number;
	/** Of its last change; drawn once each, and rising. */
	changeNo: number;
	firstName: string;
	lastName: string;
	email: string;
	street: string;
	city: string;
	amountCents: number;
	quantity: number;
	weightG: number | null;
	status: string;
	/** Minutes since the beginning of 2026. */
	placedMinute: number;
	note: string | null;
	/** By column, what came to the table later. */
	more: Record<string, string | null>;
}

const firstNames = ["Ada", "Alan", "Barbara", "Edsger", "Grace", "Niklaus", "Radia", "Tony"];
const lastNames = [
	"Hamilton",
	"Hopper",
	"Johnson",
	"Lamport",
	"Liskov",
	"Perlman",
	"Ritchie",
	"Wirth",
];
const streets = ["Ahornweg", "Bergstrasse", "Lindenallee", "Muehlgasse", "Seeufer", "Talstrasse"];
const cities = ["Basel", "Bern", "Berlin", "Bremen", "Graz", "Linz", "Wien", "Zug"];
const notes = ["call first", "gift wrap", "leave at door", "no rush", "ring twice"];

/** Within a winter, where clocks are set neither back nor forth. */
const minutes = 50 * 24 * 60;

/** What the table can hold by now, beyond what it could at first. */
export interface Room {
	/** Amounts and quantities beyond the first types, notes longer than the first length. */
	wide: ReadonlySet<string>;
	statuses: readonly string[];
	/** Columns that have come, each with what draws a value. */
	more: Readonly<Record<string, (draw: Stream) => string | null>>;
}

/** Draws an order; all but its place in time. */
export function orderOf(draw: Stream, orderId: number, changeNo: number, room: Room): Order {
	const number = (from: number, to: number) => from + Math.floor(draw() * (to - from));
	const of = <T>(list: readonly T[]) => list[number(0, list.length)]!;
	const [firstName, lastName] = [of(firstNames), of(lastNames)];
	const note = draw() < 0.4 ? null : `${of(notes)} ${number(1, 100)}`;
	return {
		orderId,
		changeNo,
		firstName,
		lastName: `${lastName}-${number(10, 100)}`,
		email: `${firstName}.${lastName}.${orderId}@example.org`.toLowerCase(),
		street: `${of(streets)} ${number(1, 120)}`,
		city: of(cities),
		amountCents:
			number(200, 90_000) + (room.wide.has("amount_cents") && draw() < 0.3 ? 5_000_000_000 : 0),
		quantity: number(1, 9) + (room.wide.has("quantity") && draw() < 0.3 ? 40_000 : 0),
		weightG: draw() < 0.1 ? null : number(50, 9_000),
		status: of(room.statuses),
		placedMinute: number(0, minutes),
		note:
			note !== null && room.wide.has("note") && draw() < 0.5
				? `${note}, ${"and so on ".repeat(6)}`.trim()
				: note,
		more: Object.fromEntries(Object.entries(room.more).map(([name, one]) => [name, one(draw)])),
	};
}

/** Rows that a round writes: new ones, and some of those that are there with new values. */
export function writtenIn(
	seed: number,
	round: number,
	rows: number,
	before: number,
	room: Room,
): Order[] {
	const draw = stream(seed, `round ${round}`);
	const fresh = Array.from({ length: rows }, (_, i) => before + i + 1);
	const changed = new Set(
		Array.from(
			{ length: before === 0 ? 0 : Math.ceil(rows / 5) },
			() => 1 + Math.floor(draw() * before),
		),
	);
	return [...changed, ...fresh].map((orderId, i) =>
		orderOf(draw, orderId, round * changesPerRoundMax + i, room),
	);
}

const changesPerRoundMax = 10_000_000;

const startMs = Date.UTC(2026, 0, 1);

/** What a field of the target has of an order, as Postgres writes it in UTC. */
export function valueIn(order: Order, field: string): string | null {
	switch (field) {
		case "order_id":
			return String(order.orderId);
		case "customer_name":
			return `${order.firstName} ${order.lastName}`;
		case "email":
		// Copies of it, as a source keeps them.
		case "email_primary":
		case "email_contact":
			return order.email;
		case "street":
			return order.street;
		case "city":
			return order.city;
		case "amount_cents":
			return String(order.amountCents);
		case "quantity":
			return String(order.quantity);
		case "weight_g":
			return order.weightG === null ? null : String(order.weightG);
		case "status":
			return order.status;
		case "placed_at":
			return `${timeText(order.placedMinute)}+00`;
		case "note":
			return order.note;
		default:
			return order.more[field] ?? null;
	}
}

/** `2026-01-31 23:59:00`, so many hours east of UTC. */
export function timeText(minute: number, hoursEast = 0): string {
	const ms = startMs + (minute + 60 * hoursEast) * 60_000;
	return new Date(ms).toISOString().slice(0, 19).replace("T", " ");
}
