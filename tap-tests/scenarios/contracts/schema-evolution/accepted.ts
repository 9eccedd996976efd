import type { RecordSchema } from "../../../../scenarios/contracts/schema-evolution/avro.ts";
import { firstSchema } from "../../../../scenarios/contracts/schema-evolution/first-schema.ts";
import {
	proposalsOf,
	subjectOf,
} from "../../../../scenarios/contracts/schema-evolution/proposals.ts";
import type { Entry } from "../../../../scenarios/contracts/schema-evolution/registered.ts";
import { rules } from "../../../../scenarios/contracts/schema-evolution/rules.ts";
import { eventMessage } from "../../../../scenarios/contracts/schema-evolution/writer.ts";

/** A registry's entries, all that is rightly accepted of some proposals; of a naive one all that was proposed. */
export function entriesOf(seed: number, count: number, isNaive = false): Entry[] {
	const entries: Entry[] = [];
	const add = (subject: string, schema: RecordSchema) => {
		const version = entries.filter((entry) => entry.subject === subject).length + 1;
		entries.push({ id: entries.length + 1, subject, version, schema });
	};
	for (const rule of rules) add(subjectOf(rule), firstSchema);
	for (const { rule, schema, truth } of proposalsOf(seed, count))
		if (isNaive || truth.kind !== "violating") add(subjectOf(rule), schema);
	return entries;
}

/** So many events, by one version after another. */
export function topicOf(seed: number, entries: readonly Entry[], count: number): Buffer[] {
	return Array.from({ length: count }, (_, n) =>
		eventMessage(entries[n % entries.length]!, n, seed),
	);
}

export function ruleOf(subject: string) {
	return rules.find((rule) => subjectOf(rule) === subject)!;
}

/** Nothing of what readings can find wrong. */
export const none = { count: 0, first: [] };
