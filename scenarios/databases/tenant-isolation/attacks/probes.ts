import { pick, type Stream } from "faultline";
import type { Attack, Known } from "./attack.ts";

// Whether something is there is a bit of it. Each probe asks about what the victim has, and about what nobody has.

type Probe = readonly [
	title: string,
	/** The statement, about a customer of this number. */
	about: (customer: string, known: Known) => string,
];

const probes: Probe[] = [
	[
		"a key of the victim's that may be taken",
		(customer, { victim, fresh }) =>
			`insert into shop.customers values (${victim}, ${customer}, '${fresh}', 'x')`,
	],
	[
		"a reference to the victim's",
		(customer, { victim, fresh }) =>
			`insert into shop.orders values (${victim}, '${fresh}', ${customer}, 1, 'x')`,
	],
	[
		"moved onto it",
		(customer, { victim }) =>
			`update shop.customers set tenant_id = ${victim}, customer_id = ${customer} where customer_id = 1`,
	],
	[
		"counted",
		(customer, { victim }) =>
			`select count(*) from shop.customers where tenant_id = ${victim} and customer_id = ${customer}`,
	],
	[
		"exists",
		(customer, { victim }) =>
			`select exists (select from shop.customers where tenant_id = ${victim} and customer_id = ${customer})`,
	],
	[
		"an upsert",
		(customer, { victim }) =>
			`insert into shop.customers values (${victim}, ${customer}, 'x', 'x') on conflict do nothing`,
	],
	[
		"deleted",
		(customer, { victim }) =>
			`delete from shop.customers where tenant_id = ${victim} and customer_id = ${customer}`,
	],
	[
		"divided by its presence",
		(customer, { victim }) =>
			`select 1 / (select count(*) from shop.customers where tenant_id = ${victim} and customer_id = ${customer})`,
	],
	[
		"locked",
		(customer, { victim }) =>
			`select 1 from shop.customers where tenant_id = ${victim} and customer_id = ${customer} for update nowait`,
	],
];

/** Addresses are known of people, whoever's customers they are. */
const addressTaken = (address: string, { fresh }: Known) =>
	`begin; insert into shop.customers (customer_id, email, name) values (800000 + length('${fresh}'), '${address}', 'x'); rollback`;

const addressShare = 0.15;

export function hostileProbe(draw: Stream, known: Known): Attack {
	const one = 1 + Math.floor(draw() * known.customers);
	const none = 100 * known.customers + Math.floor(draw() * 1_000);
	if (draw() < addressShare) {
		const words: [string, string] = [known.addressOf(one), `${none}.nobody@example.org`];
		return {
			kind: "probe",
			title: "an address that may be taken",
			present: addressTaken(words[0], known),
			absent: addressTaken(words[1], known),
			words,
		};
	}
	const [title, about] = pick(draw, probes);
	const words: [string, string] = [String(one), String(none)];
	return {
		kind: "probe",
		title,
		present: about(words[0], known),
		absent: about(words[1], known),
		words,
	};
}
