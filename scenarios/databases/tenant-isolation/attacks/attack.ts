/** What an attacker knows: who it is, whose rows it is after, and how rows of that tenant are called. */
export interface Known {
	me: number;
	victim: number;
	/** The victim's login, and who owns the tables. */
	victimRole: string;
	ownerRole: string;
	/** Customers that each tenant has, numbered from 1; there is none with this number times a hundred. */
	customers: number;
	/** The address of a customer of the victim's. */
	addressOf(customer: number): string;
	/** A word of this attack's own, for names that are still free. */
	fresh: string;
}

/** One hostile request. */
export type Attack =
	/** Statements, one after another on one connection, refused or not; any mark of another tenant in the answer is a leak. */
	| { kind: "query"; title: string; statements: string[] }
	/**
	 * The same question about a row that the victim has and about one that nobody has: answers that differ say which is
	 * which. What the question itself names is taken out of them first.
	 */
	| { kind: "probe"; title: string; present: string; absent: string; words: [string, string] }
	/** At the door: a request that is not a tenant's own. */
	| {
			kind: "door";
			title: string;
			/** Made without a token of one's own. */
			isStranger: boolean;
			path: string;
			headers: Record<string, string>;
			body: string | null;
	  };
