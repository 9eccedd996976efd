import { type Stream, stream } from "faultline";

/** A tenant's customers and orders at the beginning. Every text holds the tenant's mark, by which a leak is known. */
export interface TenantData {
	tenant: number;
	customers: { customerId: number; email: string; name: string }[];
	orders: { orderId: string; customerId: number; amountCents: number; note: string }[];
}

/** Stands in every text of a tenant's rows and in no other's. */
export function markOf(seed: number, tenant: number): string {
	const draw = stream(seed, `mark ${tenant}`);
	const letters = Array.from({ length: 8 }, () => "bcdfghjkmnpqrstvwxz"[Math.floor(draw() * 19)]);
	return `zq${letters.join("")}${tenant}q`;
}

const marks = /zq[bcdfghjkmnpqrstvwxz]{8}(\d+)q/g;

/** Tenants whose marks stand in a text. */
export function tenantsIn(text: string): Set<number> {
	return new Set([...text.matchAll(marks)].map(([, tenant]) => Number(tenant)));
}

export function emailOf(seed: number, tenant: number, customer: number): string {
	return `${customer}.${markOf(seed, tenant)}@example.org`;
}

export function dataOf(seed: number, tenant: number, customers: number): TenantData {
	const draw: Stream = stream(seed, `tenant ${tenant}`);
	const mark = markOf(seed, tenant);
	return {
		tenant,
		customers: Array.from({ length: customers }, (_, i) => ({
			customerId: i + 1,
			email: emailOf(seed, tenant, i + 1),
			name: `customer ${i + 1} ${mark}`,
		})),
		orders: Array.from({ length: 2 * customers }, (_, i) => ({
			orderId: `first-${i + 1}`,
			customerId: 1 + Math.floor(draw() * customers),
			amountCents: 100 + Math.floor(draw() * 90_000),
			note: `order ${i + 1} ${mark}`,
		})),
	};
}

/** Statements that put the data of all tenants into the tables, with their values. */
export function insertSql(all: readonly TenantData[]): { text: string; values: unknown[] }[] {
	const rows = <T extends object>(of: (data: TenantData) => readonly T[]) =>
		JSON.stringify(all.flatMap((data) => of(data).map((row) => ({ tenant: data.tenant, ...row }))));
	return [
		{
			text: `insert into shop.customers select tenant, "customerId", email, name from json_to_recordset($1) as rows(tenant int, "customerId" int, email text, name text)`,
			values: [rows(({ customers }) => customers)],
		},
		{
			text: `insert into shop.orders select tenant, "orderId", "customerId", "amountCents", note from json_to_recordset($1) as rows(tenant int, "orderId" text, "customerId" int, "amountCents" int, note text)`,
			values: [rows(({ orders }) => orders)],
		},
	];
}
