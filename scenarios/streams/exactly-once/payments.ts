/** A payment, as it lies in the input topic: in the partition of its account. */
export interface Payment {
	/** Payments are numbered from 0. */
	n: number;
	account: string;
	cents: number;
}

/** The n-th payment of a seed: the load sends it, the ground truth makes it again. */
export function paymentOf(seed: number, n: number, accounts: number): Payment {
	const first = mixed(n ^ mixed(seed));
	return { n, account: `account-${first % accounts}`, cents: 1 + (mixed(first) % 10_000) };
}

/** A number of 32 bits in which all bits of n matter (the finalizer of MurmurHash3). */
function mixed(n: number): number {
	let h = Math.imul(n ^ (n >>> 16), 0x85ebca6b);
	h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
	return (h ^ (h >>> 16)) >>> 0;
}
