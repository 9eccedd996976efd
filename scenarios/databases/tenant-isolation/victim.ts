import { dataOf, markOf, tenantsIn } from "./data.ts";
import { hostileTenants } from "./params.ts";

/** A request of a tenant that is attacked: it reads its orders, or writes one more. */
export type VictimRequest =
	| { kind: "read"; tenant: number }
	| {
			kind: "write";
			tenant: number;
			orderId: string;
			customerId: number;
			amountCents: number;
			note: string;
	  };

/** The n-th of a run; one in three writes. */
export function victimRequest(
	seed: number,
	tenants: number,
	customers: number,
	n: number,
): VictimRequest {
	const first = hostileTenants.length + 1;
	const tenant = first + (n % (tenants - hostileTenants.length));
	if (n % 3 !== 0) return { kind: "read", tenant };
	return {
		kind: "write",
		tenant,
		orderId: `w${n}`,
		customerId: 1 + (n % customers),
		amountCents: 100 + n,
		note: `written ${n} ${markOf(seed, tenant)}`,
	};
}

/** What was wrong with what a tenant read of its orders; null of nothing. */
export function wrongIn(
	seed: number,
	tenant: number,
	customers: number,
	text: string,
): string | null {
	const foreign = [...tenantsIn(text)].filter((one) => one !== tenant);
	if (foreign.length > 0) return `rows of tenant ${foreign.join(", ")}`;
	const lacking = dataOf(seed, tenant, customers).orders.filter(
		({ orderId }) => !text.includes(`"${orderId}"`),
	);
	return lacking.length === 0 ? null : `without its own order ${lacking[0]!.orderId}`;
}

export type VictimReceipt = {
	n: number;
	tenant: number;
	/** Its name in the audit. */
	request: string;
	wrote: boolean;
	wrong: string | null;
};
