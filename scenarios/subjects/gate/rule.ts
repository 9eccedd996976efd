import type { Finding } from "./findings.ts";

/** A rule about values: a query with one number, and what that has to be. */
export interface Rule {
	place: string[];
	name: string;
	query: string;
	holds(value: number): boolean;
	/** `= 0`. */
	wanted: string;
}

/** What is stated, as rules; and what of it can't be judged, which therefore can't pass. */
export interface Stated {
	rules: Rule[];
	findings: Finding[];
}

/** Of a rule whose query counts what is wrong. */
export const none: Pick<Rule, "holds" | "wanted"> = {
	holds: (value) => value === 0,
	wanted: "= 0",
};

export const unjudgedWhy = "this gate has no way to judge it";

export function unjudged(place: string[], rule: string): Finding {
	return { place, rule, why: unjudgedWhy };
}
