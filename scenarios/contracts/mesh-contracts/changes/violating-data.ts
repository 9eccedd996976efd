import { always, breaking, type NewValue } from "../../../subjects/gate/part.ts";
import type { Alias, Domain, ExpectationName, Making, QueryName } from "../mesh/mesh.ts";
import type { Kind } from "./change.ts";
import { editColumn, editDataset, said, setRows } from "./parts.ts";
import { columnAt, expecting, firstExpecting, oneOf, someKeys } from "./places.ts";

// Publishers that lie: the contract stays as it is, or says no more than that something may be null now, and the data is other
// than those who read it expect.

/** Makes a column that is read of something else. */
function lie(
	expectation: ExpectationName,
	[alias, meaning]: [Alias, string],
	text: string,
	madeOf: (of: Making) => Making,
): Kind {
	return (draw, mesh) => {
		const found = oneOf(draw, expecting(mesh, expectation, alias, meaning));
		if (found === null) return null;
		const { at, reader } = found;
		const part = editColumn(text, at, (column) => {
			column.making = madeOf(column.making);
		});
		return [{ repository: at.domain, parts: [breaking(part, queryPlace(reader), expectation)] }];
	};
}

/** A rule's place is the query alone: what is expected may be about several datasets. */
export function queryPlace({ consumer, query }: QueryName): string[] {
	return [consumer, query];
}

/** Sets a column of some rows of a table to what no reader expects. */
function rows(
	domain: Domain,
	where: { table: string; key: string; column: string },
	expectation: ExpectationName,
	value: NewValue,
): Kind {
	return (draw, mesh) => {
		const reader = firstExpecting(mesh, expectation);
		if (reader === null) return null;
		const keys = someKeys(draw, mesh.publishers[domain], where.table, where.key);
		const part = setRows(domain, where, keys, value);
		return [{ repository: domain, parts: [breaking(part, queryPlace(reader), expectation)] }];
	};
}

/** Leaves rows out of a dataset that others refer to; `isMissed` says whether anybody does. */
function leftOut(
	expectation: ExpectationName,
	[alias, meaning]: [Alias, string],
	column: string,
): Kind {
	return (draw, mesh) => {
		const found = oneOf(draw, expecting(mesh, expectation, alias, meaning));
		if (found === null) return null;
		const { at, reader } = found;
		const { tables } = mesh.publishers[at.domain];
		const ordered = new Set(
			mesh.publishers.sales.tables.orders!.rows.map((row) => row.customer_id),
		);
		const referred = tables[alias]!.rows.filter(
			(row) => alias === "orders" || ordered.has(row.customer_id!),
		);
		const value = oneOf(draw, [...new Set(referred.map((row) => String(row[column])))].sort());
		if (value === null) return null;
		const part = editDataset(`leave ${value} out of`, at, (dataset) => {
			dataset.rows = { kind: "without", column, value };
		});
		return [{ repository: at.domain, parts: [breaking(part, queryPlace(reader), expectation)] }];
	};
}

/** A column may be null now, as its contract says, and in some rows it is. */
function nulled(expectation: ExpectationName, [alias, meaning]: [Alias, string]): Kind {
	return (draw, mesh) => {
		const found = oneOf(draw, expecting(mesh, expectation, alias, meaning));
		if (found === null) return null;
		const { at, reader } = found;
		const raw = mesh.publishers[at.domain].tables[alias]!.rows;
		const { making } = columnAt(mesh, at);
		if (making.kind !== "column") return null;
		const value = oneOf(draw, [...new Set(raw.map((row) => String(row[making.column])))].sort());
		if (value === null) return null;
		const part = editColumn(`know no ${value} in`, at, (column) => {
			column.making = { kind: "nulled", of: column.making, value };
			column.isRequired = false;
		});
		const broken = breaking(said(part, at), queryPlace(reader), expectation);
		return [{ repository: at.domain, parts: [broken] }];
	};
}

const plus = (by: number) => (of: Making) => ({ kind: "plus" as const, of, by });
const letters = (to: "upper" | "lower") => (of: Making) => ({
	kind: "letters" as const,
	of,
	case: to,
});

export const violatingData = {
	"cents-are-euros": lie("revenue-agrees", ["orders", "revenue"], "count euros in", (of) => ({
		kind: "divided",
		of,
		by: 100,
	})),
	"status-renamed": lie("status-known", ["orders", "status"], "shout", letters("upper")),
	"country-lowered": lie("country-known", ["customers", "country"], "whisper", letters("lower")),
	"segment-renamed": lie("segment-known", ["customers", "segment"], "shout", letters("upper")),
	"customers-renumbered": lie(
		"every-order-has-a-customer",
		["customers", "customer"],
		"number anew",
		plus(100_000),
	),
	"orders-renumbered": lie("lines-have-orders", ["orders", "order"], "number anew", plus(100_000)),
	"orders-left-out": leftOut("lines-have-orders", ["orders", "order"], "status"),
	"customers-left-out": leftOut("every-order-has-a-customer", ["customers", "customer"], "country"),
	"status-nulled": nulled("status-known", ["orders", "status"]),
	"country-nulled": nulled("country-known", ["customers", "country"]),
	"unknown-status": rows(
		"sales",
		{ table: "orders", key: "order_id", column: "status" },
		"status-known",
		always("refunded"),
	),
	"unknown-country": rows(
		"crm",
		{ table: "customers", key: "customer_id", column: "country" },
		"country-known",
		always("XX"),
	),
	"unknown-customer": rows(
		"sales",
		{ table: "orders", key: "order_id", column: "customer_id" },
		"every-order-has-a-customer",
		always(9_999),
	),
	"nothing-ordered": rows(
		"sales",
		{ table: "order_items", key: "order_id", column: "quantity" },
		"quantity-positive",
		always(0),
	),
	"segment-forgotten": rows(
		"crm",
		{ table: "customers", key: "customer_id", column: "segment" },
		"segment-known",
		always(null),
	),
} satisfies Record<string, Kind>;
