import { pick } from "faultline";
import { breaking } from "../../../subjects/gate/part.ts";
import { consumerNames } from "../mesh/mesh.ts";
import type { Change, Kind, Proposal } from "./change.ts";
import { addOrder, harmless, isLonely } from "./harmless.ts";
import { dropColumn, harmlessPart, said } from "./parts.ts";
import { declaredOf, firstExpecting, freshName, oneOf, readersOf } from "./places.ts";
import { countBy, proposing } from "./violating-consumer.ts";
import { queryPlace } from "./violating-data.ts";
import { readPlace } from "./violating-structure.ts";

// Two proposals of the same mesh in two repositories, of which each passes alone.

/** What the second proposal breaks once the first is merged; whichever of them is merged first. */
function eitherOrder(
	draw: () => number,
	one: Proposal,
	other: Proposal,
	place: string[],
	rule: string,
): Change["proposals"] {
	const [first, second] = draw() < 0.5 ? [one, other] : [other, one];
	const [part, ...more] = second.parts;
	return [first, { ...second, parts: [breaking(part!, place, rule), ...more] }];
}

export const violatingPairs = {
	/** A publisher drops a column that nobody reads, and a consumer begins to read it. */
	"pair-drop-and-read": (draw, mesh) => {
		const at = oneOf(
			draw,
			declaredOf(mesh).filter((at) => readersOf(mesh, at).length === 0),
		);
		if (at === null) return null;
		const consumer = pick(draw, consumerNames);
		const query = freshName(draw, "asked");
		return eitherOrder(
			draw,
			{ repository: at.domain, parts: [said(dropColumn(at), at)] },
			proposing(consumer, query, countBy(mesh, at), `by ${at.relation}.${at.column}`),
			readPlace({ consumer, query }, at),
			"presence",
		);
	},
	/** One publisher forgets a customer who has ordered nothing, and the other takes an order from them. */
	"pair-two-publishers": (draw, mesh) => {
		const reader = firstExpecting(mesh, "every-order-has-a-customer");
		const { rows } = mesh.publishers.crm.tables.customers!;
		const lonely = rows
			.map(({ customer_id }) => Number(customer_id))
			.filter((id) => isLonely(mesh, id));
		const id = oneOf(draw, lonely);
		if (reader === null || id === null) return null;
		return eitherOrder(
			draw,
			{ repository: "crm", parts: [forgetCustomer(id)] },
			{ repository: "sales", parts: [addOrder(draw, mesh, id)] },
			queryPlace(reader),
			"every-order-has-a-customer",
		);
	},
} satisfies Record<string, Kind>;

export const harmlessPairs = {
	"pair-harmless": (draw, mesh) => {
		const [one] = harmless["order-added"](draw, mesh);
		const [other] = harmless["customer-added"](draw, mesh);
		return [one, other];
	},
} satisfies Record<string, Kind>;

function forgetCustomer(id: number) {
	return harmlessPart(
		`forget customer ${id}`,
		`delete from customers where customer_id = ${id};`,
		({ publishers }) => {
			const customers = publishers.crm.tables.customers!;
			customers.rows = customers.rows.filter(({ customer_id }) => customer_id !== id);
		},
	);
}
