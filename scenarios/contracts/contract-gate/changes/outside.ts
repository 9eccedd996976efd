import { pick } from "faultline";
import { always, outside } from "../../../subjects/gate/part.ts";
import { countries } from "../../../subjects/shop/tables.ts";
import type { Kind } from "./change.ts";
import { dropColumn, harmlessPart, oneOf, setRows, someKeys, undeclared } from "./parts.ts";

// Harm that nothing states: who reads by the contracts gets what they say, and it is wrong.

export const outsideKinds = {
	"undeclared-column-dropped": (draw, shop) => {
		const at = oneOf(
			draw,
			undeclared(shop).filter(({ column }) => column !== "id"),
		);
		return at && outside(dropColumn(at.table, at.column));
	},
	"names-swapped": () =>
		outside(
			harmlessPart(
				"swap first and last names",
				"update customers set first_name = last_name, last_name = first_name;",
				({ tables }) => {
					for (const row of tables.customers!.rows)
						[row.first_name, row.last_name] = [row.last_name!, row.first_name!];
				},
			),
		),
	"days-shifted": () =>
		outside(
			harmlessPart(
				"place all orders a day later",
				"update orders set placed_on = placed_on + 1;",
				({ tables }) => {
					for (const row of tables.orders!.rows)
						row.placed_on = new Date(Date.parse(String(row.placed_on)) + 86_400_000)
							.toISOString()
							.slice(0, 10);
				},
			),
		),
	"customers-moved": (draw, shop) =>
		outside(
			setRows(
				"customers",
				"customer_id",
				"country",
				someKeys(draw, shop.tables.customers!, "customer_id"),
				always(pick(draw, countries)),
			),
		),
} satisfies Record<string, Kind>;
