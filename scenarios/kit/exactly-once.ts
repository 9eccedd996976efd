import type { JsonObject } from "../../base/json.ts";
import type { OperationTimes } from "../../load/journal.ts";
import type { OutcomeKind } from "../../load/outcome.ts";
import type { Facts } from "../contract/facts.ts";
import type { Judgement } from "../contract/judgement.ts";
import { operationThen, thenText } from "./faults-then.ts";
import { countOf } from "./metrics.ts";

/** What differs between what was accepted and what is there; of each kind the names of the first ten, by when they were due. */
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
	/** When those operations were due, started and ended, by name, as far as that was told. */
	times: Record<string, OperationTimes>;
}

/** What a client was told of an operation, under the name that it is found by, and when it was. */
export type Told = readonly [key: string, outcome: OutcomeKind, times?: OperationTimes | null];

/**
 * Holds what clients were told against what is there: an `ok` key must be found once, a `fail` key never, an `unknown`
 * key at most once. Keys found without any operation are phantoms.
 */
export function exactlyOnce(told: Iterable<Told>, found: ReadonlyMap<string, number>): ExactlyOnce {
	const outcomes = new Map<string, OutcomeKind>();
	const timesOf = new Map<string, OperationTimes>();
	for (const [key, outcome, times = null] of told) {
		outcomes.set(key, outcome);
		if (times !== null) timesOf.set(key, times);
	}
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
	const dueMs = (key: string) => timesOf.get(key)?.intendedMs ?? Number.POSITIVE_INFINITY;
	const inTime = (a: string, b: string) => (dueMs(a) === dueMs(b) ? 0 : dueMs(a) - dueMs(b));
	const first = {
		lost: lost.sort(inTime).slice(0, namesMax),
		doubled: doubled.sort(inTime).slice(0, namesMax),
		phantom: phantom.sort(inTime).slice(0, namesMax),
	};
	const timed = [...first.lost, ...first.doubled, ...first.phantom].flatMap((key) => {
		const times = timesOf.get(key);
		return times === undefined ? [] : [[key, times] as const];
	});
	return {
		acceptedCount,
		foundCount,
		lostCount: lost.length,
		doubledCount,
		phantomCount: phantom.length,
		unknownCount,
		unknownFoundCount,
		...first,
		times: Object.fromEntries(timed),
	};
}

const namesMax = 10;

/**
 * What was accepted is there, once; what certainly failed is not. `what` is accepted, in the plural: `orders`. Where the
 * times of operations were told, the first of each kind that is wrong is tied to the fault that was in force then.
 */
export function acceptedOnce<F extends Pick<Facts, "faults">>(
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
					const { actual, first } = tiedToFaults(exactly, facts);
					return {
						over: acceptedCount,
						ok: lostCount === 0 && doubledCount === 0 && phantomCount === 0,
						expected: { lost: 0, doubled: 0, phantom: 0 },
						actual,
						message: [
							`of ${acceptedCount} accepted ${what} ${lostCount} are lost; ${doubledCount} are doubled, ${phantomCount} should not be there`,
							...first,
						].join("; "),
					};
				},
			},
		},
	};
}

/** The first of what is wrong with its times and the faults then: as data, and the very first of each kind in words. */
function tiedToFaults(
	exactly: ExactlyOnce,
	{ faults }: Pick<Facts, "faults">,
): { actual: JsonObject; first: string[] } {
	const { times = {}, ...counted } = exactly; // older records have none
	const first: string[] = [];
	const then = (keys: readonly string[], which: string) => {
		const operations = keys.flatMap((key) => {
			const of = times[key];
			return of === undefined ? [] : [operationThen(key, of, faults)];
		});
		const [one] = operations;
		if (one !== undefined) first.push(`the first ${which}: ${thenText(one, faults)}`);
		return operations;
	};
	if (Object.keys(times).length === 0) return { actual: counted, first };
	const when = {
		lost: then(exactly.lost, "lost"),
		doubled: then(exactly.doubled, "doubled"),
		phantom: then(exactly.phantom, "that should not be there"),
	};
	return { actual: { ...counted, when }, first };
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
