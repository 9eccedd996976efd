import { isDeepStrictEqual } from "node:util";
import { type Found, foundOf, Names } from "../../subjects/streams/found.ts";
import type { Aggregate } from "./windows.ts";

/** The results that were given, held against what they should be. */
export type Comparison = {
	expectedCount: number;
	/** Given once or more often, each time as it should be. */
	rightCount: number;
	wrong: Found;
	missing: Found;
	/** Of windows that should not be there. */
	extra: Found;
	/** Given a second time, right or wrong. */
	again: Found;
};

/** A result as it is in the log. */
export interface Given {
	key: string;
	value: string;
}

export function compare(
	given: Iterable<Given>,
	expected: ReadonlyMap<string, Aggregate>,
): Comparison {
	const [wrong, extra, again] = [new Set<string>(), new Set<string>(), new Names()];
	const seen = new Set<string>();
	for (const { key, value } of given) {
		if (seen.has(key)) again.add(key);
		seen.add(key);
		const should = expected.get(key);
		const { count, sum, max } = JSON.parse(value) as Aggregate;
		if (should === undefined) extra.add(key);
		else if (!isDeepStrictEqual({ count, sum, max }, should)) wrong.add(key);
	}
	const missing = new Names();
	for (const key of expected.keys()) if (!seen.has(key)) missing.add(key);
	return {
		expectedCount: expected.size,
		rightCount: seen.size - extra.size - wrong.size,
		wrong: foundOf(wrong),
		missing: missing.found,
		extra: foundOf(extra),
		again: again.found,
	};
}
