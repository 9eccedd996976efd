import type { JsonObject } from "../../base/json.ts";
import type { OutcomeKind } from "../../load/outcome.ts";

/** What differs between what was accepted and what is there; the first ten names of each kind. */
export interface ExactlyOnce extends JsonObject {
	acceptedCount: number;
	foundCount: number;
	/** Accepted, and not there. */
	lostCount: number;
	/** There more than once: surplus rows. */
	doubledCount: number;
	/** There, though the operation certainly failed or was never made. */
	phantomCount: number;
	/** Operations whose fate was unknown, and how many of those are there. */
	unknownCount: number;
	unknownFoundCount: number;
	lost: string[];
	doubled: string[];
	phantom: string[];
}

/**
 * Holds what clients were told against what is there: an `ok` key must be found once, a `fail` key never, an `unknown`
 * key at most once. Keys found without any operation are phantoms.
 */
export function exactlyOnce(
	told: Iterable<readonly [key: string, outcome: OutcomeKind]>,
	found: ReadonlyMap<string, number>,
): ExactlyOnce {
	const outcomes = new Map(told);
	const lost: string[] = [];
	const doubled: string[] = [];
	const phantom: string[] = [];
	let acceptedCount = 0;
	let unknownCount = 0;
	let unknownFoundCount = 0;
	for (const [key, outcome] of outcomes) {
		const copies = found.get(key) ?? 0;
		switch (outcome) {
			case "ok":
				acceptedCount += 1;
				if (copies === 0) lost.push(key);
				break;
			case "unknown":
				unknownCount += 1;
				if (copies > 0) unknownFoundCount += 1;
				break;
			case "fail":
				if (copies > 0) phantom.push(key);
				break;
			default:
				outcome satisfies never;
		}
	}
	let foundCount = 0;
	let doubledCount = 0;
	for (const [key, copies] of found) {
		foundCount += copies;
		if (copies > 1) {
			doubled.push(key);
			doubledCount += copies - 1;
		}
		if (copies > 0 && !outcomes.has(key)) phantom.push(key);
	}
	return {
		acceptedCount,
		foundCount,
		lostCount: lost.length,
		doubledCount,
		phantomCount: phantom.length,
		unknownCount,
		unknownFoundCount,
		lost: lost.slice(0, 10),
		doubled: doubled.slice(0, 10),
		phantom: phantom.slice(0, 10),
	};
}
