import type { Digest, ExactlyOnce, Facts } from "faultline";

/** What `observe` saw. */
export type Observed = {
	attacks: {
		count: number;
		byKind: Record<string, number>;
		/** Different titles among them. */
		formCount: number;
		leaks: {
			count: number;
			first: { n: number; title: string; leaked: number[]; sample: string | null }[];
		};
		told: { count: number; first: { n: number; title: string; present: string; absent: string }[] };
		/** Attacks at the door by which somebody came in under a name that is not his own. */
		admitted: string[];
	};
	victims: {
		readCount: number;
		wrong: { count: number; first: string[] };
		writes: ExactlyOnce;
		/** Their rows of the beginning, as they are at the end. */
		rows: Digest;
	};
	audit: {
		/** Statements of requests that were answered. */
		answeredCount: number;
		/** Of them those that are not in the audit as they were sent. */
		missing: { count: number; first: string[] };
		/** Orders that are there, though nobody wrote down that they were asked for. */
		unaudited: { count: number; first: string[] };
	};
	/** What Postgres shows of all tenants together, whatever the policies: by name, whether it did. */
	openChannels: Record<string, boolean>;
	/** Time of one question with row security, over without: the middle of so many pairs; null where none were timed. */
	overheadRatio: number | null;
};

/** What the seed says. */
export type Expected = { victims: { rows: Digest } };

export type IsolationFacts = Pick<
	Facts<unknown, Observed, Expected>,
	"observed" | "expected" | "faults"
>;
