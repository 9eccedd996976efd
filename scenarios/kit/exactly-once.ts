import type { JsonObject } from "../../base/json.ts";
import type { OutcomeKind } from "../../load/outcome.ts";
import type { Judgement } from "../contract/judgement.ts";
import { countOf } from "./metrics.ts";

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

/** What was accepted is there, once; what certainly failed is not. `what` is accepted, in the plural: `orders`. */
export function acceptedOnce<F>(
	id: string,
	what: string,
	found: (facts: F) => ExactlyOnce,
): Judgement<F> {
	return {
		checks: {
			[id]: {
				kind: "correctness",
				judge(facts) {
					const exactly = found(facts);
					const { acceptedCount, lostCount, doubledCount, phantomCount } = exactly;
					return {
						over: acceptedCount,
						ok: lostCount === 0 && doubledCount === 0 && phantomCount === 0,
						expected: { lost: 0, doubled: 0, phantom: 0 },
						actual: exactly,
						message: `of ${acceptedCount} accepted ${what} ${lostCount} are lost; ${doubledCount} are doubled, ${phantomCount} should not be there`,
					};
				},
			},
		},
	};
}

/** How many rows were lost and doubled, as metrics. */
export function lostAndDoubled<F>(found: (facts: F) => ExactlyOnce): Judgement<F> {
	return {
		metrics: {
			rows_lost_count: countOf((facts) => found(facts).lostCount),
			rows_duplicated_count: countOf((facts) => found(facts).doubledCount),
		},
	};
}
