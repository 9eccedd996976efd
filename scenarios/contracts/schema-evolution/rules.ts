/** What is promised of the schemas of a subject, as registries name it. */
export const rules = [
	"BACKWARD",
	"FORWARD",
	"FULL",
	"BACKWARD_TRANSITIVE",
	"FORWARD_TRANSITIVE",
	"FULL_TRANSITIVE",
] as const;
export type Rule = (typeof rules)[number];

/** Who has to be able to read whom, by the places of versions in their order. */
export interface Pair {
	reader: number;
	writer: number;
}

/** All pairs of versions of which one has to read the other, each version itself included, of so many. */
export function promisedPairs(rule: Rule, count: number): Pair[] {
	const pairs: Pair[] = [];
	for (let reader = 0; reader < count; reader++)
		for (let writer = 0; writer < count; writer++)
			if (isPromised(rule, reader, writer)) pairs.push({ reader, writer });
	return pairs;
}

/** Whether this rule says that who has version `reader` can read what was written with version `writer`. */
export function isPromised(rule: Rule, reader: number, writer: number): boolean {
	if (reader === writer) return true;
	const isTransitive = rule.endsWith("_TRANSITIVE");
	if (!isTransitive && Math.abs(reader - writer) > 1) return false;
	return reader > writer ? !rule.startsWith("FORWARD") : !rule.startsWith("BACKWARD");
}
