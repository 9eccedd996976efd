import { countOf, type Facts, type Judgement, shapedCount } from "faultline";
import { namesOf } from "../../subjects/streams/found.ts";
import { mostBytes, stateChart } from "../../subjects/streams/stream-judgement.ts";
import type { Observed } from "./observe.ts";

/** Parameters that judgements read. */
interface JudgedParams {
	readonly backlog: number;
	readonly replayPerSecMin: number;
}

export type WindowFacts = Facts<JudgedParams, Observed, null>;

/** What is counted: every window of every user, every message, all state. */
export const counted: Judgement<WindowFacts> = {
	checks: {
		"windows-exact": {
			kind: "correctness",
			judge({ observed: { comparison } }) {
				const { expectedCount, rightCount, wrong, missing, extra } = comparison;
				return {
					over: expectedCount,
					ok: wrong.count === 0 && missing.count === 0 && extra.count === 0,
					expected: { wrong: 0, missing: 0, extra: 0 },
					actual: { wrong, missing, extra },
					message: `of ${expectedCount} windows ${rightCount} are right, ${wrong.count} wrong${namesOf(wrong)} and ${missing.count} missing${namesOf(missing)}; ${extra.count} are there that should not be${namesOf(extra)}`,
				};
			},
		},
		"given-once": {
			kind: "correctness",
			judge({ observed: { comparison } }) {
				const { again, expectedCount, missing, extra } = comparison;
				const given = expectedCount - missing.count + extra.count;
				return {
					over: given,
					ok: again.count === 0,
					expected: { again: 0 },
					actual: { again },
					message: `of ${given} windows the result was given once, ${again.count} times once more${namesOf(again)}`,
				};
			},
		},
		"each-accounted": {
			kind: "correctness",
			judge({ observed: { left, log, repeatedCount, closersCount } }) {
				const { events, counted, repeated, late } = left;
				const firsts = log.count - repeatedCount;
				return {
					over: events,
					ok:
						counted + repeated + late === events &&
						events === log.count + closersCount &&
						late === 0 &&
						repeated === repeatedCount &&
						counted === firsts + closersCount,
					expected: { counted: firsts, repeated: repeatedCount, late: 0 },
					actual: { counted: counted - closersCount, repeated, late },
					message: `of ${log.count} messages ${counted - closersCount} were counted, ${repeated} known as repeated and ${late} too late; ${repeatedCount} are repeated by the seed, and none is later than is waited for`,
				};
			},
		},
		"state-let-go": {
			kind: "correctness",
			judge({ observed: { left } }) {
				const { staleCount, stale, events } = left;
				return {
					over: events,
					ok: staleCount === 0,
					expected: { staleCount: 0 },
					actual: { staleCount, stale },
					message: `${staleCount} records of the state are of windows that are over, or of ids that can't come again${namesOf({ count: staleCount, first: stale })}`,
				};
			},
		},
	},
	metrics: {
		accuracy_pct: {
			unit: "pct",
			direction: "higher",
			portability: "exact",
			measure: ({ observed: { comparison } }) =>
				(100 * comparison.rightCount) / (comparison.expectedCount + comparison.extra.count),
		},
		results_lost_count: shapedCount(({ observed }) => observed.comparison.missing.count),
		results_doubled_count: shapedCount(({ observed }) => observed.comparison.again.count),
		late_dropped_count: countOf(({ observed }) => observed.left.late),
	},
};

/** What is timed, and what it costs. */
export const timed: Judgement<WindowFacts> = {
	checks: {
		"replay-in-bound": {
			kind: "performance",
			about: ({ params }) => params.replayPerSecMin > 0,
			judge(facts) {
				const { backlog, replayPerSecMin } = facts.params;
				const perSec = eventsPerSec(facts);
				return {
					ok: perSec !== null && perSec >= replayPerSecMin,
					expected: { perSec: { atLeast: replayPerSecMin } },
					actual: perSec,
					message:
						perSec === null
							? `the ${backlog} messages that were there before were not all replayed`
							: `${backlog} messages that were there before were replayed at ${perSec.toFixed(0)} a second, at least ${replayPerSecMin} wanted`,
				};
			},
		},
	},
	metrics: {
		events_per_sec: {
			unit: "per_sec",
			direction: "higher",
			portability: "machine",
			measure: eventsPerSec,
		},
		state_bytes: mostBytes("windows"),
		dedup_bytes: mostBytes("ids"),
	},
	charts: { state: stateChart({ windows: "windows", ids: "ids of the dedup" }) },
};

function eventsPerSec({ params: { backlog }, observed: { work } }: WindowFacts): number | null {
	if (work.replay === null) return null;
	return (backlog * 1_000) / (work.replay.toMs - work.replay.fromMs);
}
