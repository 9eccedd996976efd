import { latenessMargin } from "../../load/lateness.ts";
import type { LoadLateness, LoadSummary } from "../../load/summary.ts";
import type { Facts, LoadFacts } from "../../scenarios/contract/facts.ts";

/** What the lateness of the generator leaves open of a case's facts. */
export interface Doubt {
	/** The recovery at its earliest and at its latest. */
	recovery: { early: Facts["recovery"]; late: Facts["recovery"] };
	/** At most so many operations were due on one side of a fault's edge and started on the other. */
	straddlingCount: number;
	/** Why nothing that is timed can be told at all; null where it can. */
	beyond: string | null;
	/** Why what was too slow may have been quick enough: others had the processor. Null where it may not. */
	starved: string | null;
}

/** What a judgement is held against beside the facts as they were told. */
export interface Outlooks<F> {
	/** The facts as they may have been with a generator in time. */
	corners: readonly F[];
	beyond: Doubt["beyond"];
	starved: Doubt["starved"];
}

/** Over it only the extremes are looked at. */
const cornersMax = 64;

/** A quantity that is open, as changes of the facts to its two ends. */
type Ends = [low: (facts: Facts) => Facts, high: (facts: Facts) => Facts];

/**
 * The facts of a case with each load and phase, and its recovery, at either end of what the lateness leaves open; empty
 * where it leaves nothing open.
 */
export function cornersOf(facts: Facts, doubt: Doubt): Facts[] {
	return combined(facts, endsOf(facts, doubt));
}

/** The facts of all cases together at either end, each at its own. */
export function cornersOfAll(cases: readonly { facts: Facts; doubt: Doubt }[]): Facts[][] {
	const all = cases.map(({ facts }) => facts);
	const ends = cases.map(({ facts, doubt }) => endsOf(facts, doubt));
	if (ends.every((ofCase) => ofCase.length === 0)) return [];
	return [0, 1].map((end) =>
		all.map((facts, of) => ends[of]!.reduce((moved, both) => both[end]!(moved), facts)),
	);
}

function combined(facts: Facts, ends: readonly Ends[]): Facts[] {
	if (ends.length === 0) return [];
	if (2 ** ends.length > cornersMax)
		return [0, 1].map((end) => ends.reduce((moved, both) => both[end]!(moved), facts));
	return ends.reduce<Facts[]>(
		(corners, [low, high]) => corners.flatMap((corner) => [low(corner), high(corner)]),
		[facts],
	);
}

function endsOf(facts: Facts, { recovery: { early, late }, straddlingCount }: Doubt): Ends[] {
	const rows = facts.loads.filter(
		({ phase, summary: { lateness } }) =>
			phase !== "warming" && lateness !== null && lateness.added_us + lateness.hidden_us > 0,
	);
	const ofLoads = rows.map(
		({ name, phase, summary }): Ends => [
			(facts) => withLoad(facts, name, phase, atLeast(summary, summary.lateness!)),
			(facts) => withLoad(facts, name, phase, atMost(summary, summary.lateness!)),
		],
	);
	const ofRecovery: Ends = [
		(facts) => ({ ...facts, recovery: early }),
		(facts) => ({ ...facts, recovery: late }),
	];
	const ofStraddling: Ends = [
		(facts) => ({ ...facts, straddlingCount: -straddlingCount }),
		(facts) => ({ ...facts, straddlingCount }),
	];
	return [
		...ofLoads,
		// Both are plain data.
		...(JSON.stringify(early) === JSON.stringify(late) ? [] : [ofRecovery]),
		...(straddlingCount === 0 ? [] : [ofStraddling]),
	];
}

function withLoad(
	facts: Facts,
	name: string,
	phase: LoadFacts["phase"],
	summary: LoadSummary,
): Facts {
	const loads = facts.loads.map((load) =>
		load.name === name && load.phase === phase ? { ...load, summary } : load,
	);
	return { ...facts, loads };
}

/** All times as if every operation had been delayed as much as any: quantile(x + c) = quantile(x) + c. */
function atLeast(summary: LoadSummary, { added_us }: LoadLateness): LoadSummary {
	const byUs = -latenessMargin * added_us;
	return {
		...summary,
		achieved_per_sec: endedBy(summary, byUs),
		response_us: shifted(summary.response_us, byUs),
		ok_within_us: shifted(summary.ok_within_us, byUs),
		service_us: shifted(summary.service_us, byUs),
		queue_us: shifted(summary.queue_us, byUs),
	};
}

function atMost(summary: LoadSummary, { hidden_us, at_most }: LoadLateness): LoadSummary {
	const byUs = latenessMargin * hidden_us;
	return {
		...summary,
		...at_most,
		achieved_per_sec: endedBy(summary, byUs),
		queue_us: shifted(summary.queue_us, byUs),
	};
}

/** The throughput with its last operation ended so much later. */
function endedBy({ offered_per_sec, achieved_per_sec, due_count }: LoadSummary, byUs: number) {
	// Where nothing was due, no operation was the last one.
	if (achieved_per_sec === null || !offered_per_sec) return achieved_per_sec;
	const lengthUs = (1e6 * due_count) / offered_per_sec;
	return achieved_per_sec * Math.max(0, 1 - byUs / lengthUs);
}

function shifted<Q extends object>(quantiles: Q, byUs: number): Q {
	const entries = Object.entries(quantiles) as [string, number | null][];
	return Object.fromEntries(
		entries.map(([name, us]) => [name, us === null ? null : Math.max(0, us + byUs)]),
	) as Q;
}
