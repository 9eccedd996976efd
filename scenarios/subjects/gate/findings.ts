/** One promise or rule that a change breaks: where, which, and what was seen. */
export interface Finding {
	/** From the outside in: a table and its column, a migration, a ref. */
	place: readonly string[];
	/** `presence`, `type`, `version`, or the name that the contract gives its rule. */
	rule: string;
	why: string;
}

/** `orders.note (presence): the contract has it, and the change leaves no such column`. */
export function findingText({ place, rule, why }: Finding): string {
	return `${place.join(".")} (${rule}): ${why.replaceAll(/\s+/g, " ").trim()}`;
}
