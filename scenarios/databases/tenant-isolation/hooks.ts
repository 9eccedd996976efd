import { type Digest, digest } from "faultline";
import type { AttackReceipt } from "./attacks/answer.ts";
import type { Attack } from "./attacks/attack.ts";
import { dataOf, type TenantData } from "./data.ts";
import { hostileTenants } from "./params.ts";
import type { Observed } from "./record.ts";
import type { VictimReceipt } from "./victim.ts";

/** Runs one statement. */
export type Query = (
	text: string,
	values?: unknown[],
) => Promise<{ rows: Record<string, unknown>[] }>;

const shown = 10;

export function attacksIn(receipts: readonly AttackReceipt[]): Observed["attacks"] {
	const sorted = receipts.toSorted((a, b) => a.n - b.n);
	const leaks = sorted.filter(({ leaked }) => leaked.length > 0);
	const told = sorted.filter((receipt) => receipt.told !== null);
	return {
		count: receipts.length,
		byKind: Object.fromEntries(
			[...Map.groupBy(sorted, ({ kind }) => kind)].map(([kind, list]) => [kind, list.length]),
		),
		formCount: new Set(sorted.map(({ title }) => title)).size,
		leaks: {
			count: leaks.length,
			first: leaks
				.slice(0, shown)
				.map(({ n, title, leaked, sample }) => ({ n, title, leaked, sample })),
		},
		told: {
			count: told.length,
			first: told.slice(0, shown).map(({ n, title, told: answers }) => ({ n, title, ...answers! })),
		},
		admitted: [...new Set(sorted.flatMap(({ admitted, title }) => (admitted ? [title] : [])))],
	};
}

/** Statements that the audit has to hold: of each request that was answered, in the order of its list. */
export interface Asked {
	request: string;
	tenant: number;
	statement: string;
}

export function statementsOf(
	attack: Attack,
	n: number,
	me: number,
	answered: readonly string[],
): Asked[] {
	const asked = (request: string, statements: readonly string[]) =>
		answered.includes(request)
			? statements.map((statement) => ({ request, tenant: me, statement }))
			: [];
	switch (attack.kind) {
		case "query":
			return asked(`a${n}`, attack.statements);
		case "probe":
			return [...asked(`a${n}p`, [attack.present]), ...asked(`a${n}q`, [attack.absent])];
		case "door":
			return [];
		default:
			return attack satisfies never;
	}
}

/** Holds the audit against what was asked and answered, and against the rows that are there. */
export async function auditIn(
	query: Query,
	asked: readonly Asked[],
	victims: readonly VictimReceipt[],
	writtenIds: readonly string[],
): Promise<Observed["audit"]> {
	const { rows } = await query("select tenant_id, request, statement from audit.statements");
	const held = new Map<string, number>();
	const requests = new Set<string>();
	for (const { tenant_id, request, statement } of rows) {
		const key = `${request} of ${tenant_id}: ${statement}`;
		held.set(key, (held.get(key) ?? 0) + 1);
		requests.add(`${request} of ${tenant_id}`);
	}
	const missing = asked.flatMap(({ request, tenant, statement }) => {
		const key = `${request} of ${tenant}: ${statement}`;
		const count = held.get(key) ?? 0;
		held.set(key, count - 1);
		return count > 0 ? [] : [key];
	});
	const ofVictims = victims.flatMap(({ request, tenant }) =>
		requests.has(`${request} of ${tenant}`) ? [] : [`${request} of ${tenant}`],
	);
	const byOrder = new Set([...requests].map((request) => request.split(/[ .]/)[0]));
	const unaudited = writtenIds.filter((orderId) => !byOrder.has(`v${orderId.slice(1)}`));
	const all = [...missing, ...ofVictims];
	return {
		answeredCount: asked.length + victims.length,
		missing: { count: all.length, first: all.slice(0, shown) },
		unaudited: { count: unaudited.length, first: unaudited.slice(0, shown) },
	};
}

/** Rows of the beginning of all tenants that are attacked, as they are now. */
export async function victimRows(query: Query): Promise<Digest> {
	const hostile = hostileTenants.join(", ");
	const { rows: customers } = await query(
		`select tenant_id, customer_id, email, name from shop.customers where tenant_id not in (${hostile})`,
	);
	const { rows: orders } = await query(
		`select tenant_id, order_id, customer_id, amount_cents, note from shop.orders where tenant_id not in (${hostile}) and order_id !~ '^w[0-9]+$'`,
	);
	return digest(
		[...customers, ...orders].map((row) => Object.values(row).join("|")),
		String,
	);
}

/** The same, from the seed. */
export function victimRowsOf(all: readonly TenantData[]): Promise<Digest> {
	return digest(
		all
			.filter(({ tenant }) => !hostileTenants.includes(tenant))
			.flatMap(({ tenant, customers, orders }) => [
				...customers.map((row) => [tenant, row.customerId, row.email, row.name].join("|")),
				...orders.map((row) =>
					[tenant, row.orderId, row.customerId, row.amountCents, row.note].join("|"),
				),
			]),
		String,
	);
}

export function dataOfAll(seed: number, tenants: number, customers: number): TenantData[] {
	return Array.from({ length: tenants }, (_, i) => dataOf(seed, i + 1, customers));
}
