/** A payment with its place in the input topic, which is what it is known by. */
export interface Taken {
	partition: number;
	offset: number;
	account: string;
	cents: number;
}

/** What becomes of a payment: the account's balance after it, and how many there were so far. */
export interface Posting extends Taken {
	seq: number;
	balanceCents: number;
}

/** All that has to be known of an account to go on. */
export interface Balance {
	seq: number;
	balanceCents: number;
}

const opened: Balance = { seq: 0, balanceCents: 0 };

/** The work itself: postings for payments, in their order, on top of what `balanceOf` says was there before. */
export function post(
	payments: readonly Taken[],
	balanceOf: (account: string) => Balance | undefined,
): { postings: Posting[]; balances: Map<string, Balance> } {
	const balances = new Map<string, Balance>();
	const postings = payments.map((payment) => {
		const { account, cents } = payment;
		const before = balances.get(account) ?? balanceOf(account) ?? opened;
		const after = { seq: before.seq + 1, balanceCents: before.balanceCents + cents };
		balances.set(account, after);
		return { ...payment, ...after };
	});
	return { postings, balances };
}
