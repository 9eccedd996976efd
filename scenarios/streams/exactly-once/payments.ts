import { stream } from "faultline";

/** A payment, as it lies in the input topic: in the partition of its account. */
export interface Payment {
	/** Payments are numbered from 0. */
	n: number;
	account: string;
	cents: number;
}

/** The n-th payment of a seed: the load sends it, the ground truth makes it again. */
export function paymentOf(seed: number, n: number, accounts: number): Payment {
	const draw = stream(seed, `payment ${n}`);
	const account = `account-${Math.floor(draw() * accounts)}`;
	return { n, account, cents: 1 + Math.floor(draw() * 10_000) };
}
