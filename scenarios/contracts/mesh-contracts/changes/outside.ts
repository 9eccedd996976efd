import { pick } from "faultline";
import { always, outside } from "../../../subjects/gate/part.ts";
import { countries } from "../../../subjects/shop/tables.ts";
import type { Kind } from "./change.ts";
import { editColumn, setRows } from "./parts.ts";
import { columnAt, declaredOf, oneOf, readersOf, someKeys } from "./places.ts";

// Harm that nothing states: who reads gets what contracts and tests say, and it is wrong.

export const outsideKinds = {
	"days-shifted": (draw, mesh) => {
		const at = oneOf(
			draw,
			declaredOf(mesh).filter(
				(at) => columnAt(mesh, at).meaning === "day" && readersOf(mesh, at).length > 0,
			),
		);
		if (at === null) return null;
		const part = editColumn("be a day late in", at, (column) => {
			column.making = { kind: "plus", of: column.making, by: 1 };
		});
		return [{ repository: at.domain, parts: [outside(part)] }];
	},
	"customers-moved": (draw, mesh) => {
		const keys = someKeys(draw, mesh.publishers.crm, "customers", "customer_id");
		const where = { table: "customers", key: "customer_id", column: "country" };
		const part = setRows("crm", where, keys, always(pick(draw, countries)));
		return [{ repository: "crm", parts: [outside(part)] }];
	},
	"segments-mixed": (draw, mesh) => {
		const keys = someKeys(draw, mesh.publishers.crm, "customers", "customer_id");
		const where = { table: "customers", key: "customer_id", column: "segment" };
		const part = setRows("crm", where, keys, always(pick(draw, ["a", "b"])));
		return [{ repository: "crm", parts: [outside(part)] }];
	},
	"prices-raised": (draw, mesh) => {
		const keys = someKeys(draw, mesh.publishers.sales, "order_items", "order_id");
		const where = { table: "order_items", key: "order_id", column: "unit_cents" };
		const part = setRows("sales", where, keys, {
			sql: "unit_cents + 7",
			of: ({ unit_cents }) => Number(unit_cents) + 7,
		});
		return [{ repository: "sales", parts: [outside(part)] }];
	},
} satisfies Record<string, Kind>;
