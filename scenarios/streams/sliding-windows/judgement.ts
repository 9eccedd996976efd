import {
	type Chart,
	countOf,
	type Facts,
	type Judgement,
	type Metric,
	msOf,
	shapedCount,
} from "faultline";
import type { Found } from "./compare.ts";
import type { Observed } from "./observe.ts";

/** Parameters that judgements read. */
interface JudgedParams {
	readonly backlog: number;
	readonly p95MsMax: number;
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
		"log-as-sent": {
			kind: "correctness",
			judge({ observed: { log } }) {
				const { count, strange, lost, doubled } = log;
				return {
					over: count,
					ok: strange.count === 0 && lost.count === 0 && doubled.count === 0,
					expected: { strange: 0, lost: 0, doubled: 0 },
					actual: { strange, lost, doubled },
					message: `the log holds ${count} messages, ${strange.count} of them not as the seed has them${namesOf(strange)}; ${lost.count} that were acknowledged are not there${namesOf(lost)}, ${doubled.count} are there twice`,
				};
			},
		},
		"each-accounted": {
			kind: "correctness",
			judge({ observed: { left, log, repeatedCount } }) {
				const { events, counted, repeated, late } = left;
				// What ends the stream is counted too, and is in no log of a seed.
				const closers = events - log.count;
				const firsts = log.count - repeatedCount;
				return {
					over: events,
					ok:
						counted + repeated + late === events &&
						closers >= 0 &&
						late === 0 &&
						repeated === repeatedCount &&
						counted === firsts + closers,
					expected: { counted: firsts, repeated: repeatedCount, late: 0 },
					actual: { counted: counted - closers, repeated, late },
					message: `of ${log.count} messages ${counted - closers} were counted, ${repeated} known as repeated and ${late} too late; ${repeatedCount} are repeated by the seed, and none is later than is waited for`,
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
		"goes-on-where-committed": {
			kind: "correctness",
			judge({ observed: { work } }) {
				const { sessions } = work;
				const back = sessions.filter(({ position, committed }) => position < committed);
				const restored = sessions.filter(({ committed }) => committed > 0);
				const empty = restored.filter(({ restoredCount }) => restoredCount === 0);
				return {
					over: sessions.length,
					ok: back.length === 0 && empty.length === 0,
					expected: { wentBack: 0, withoutState: 0 },
					actual: { wentBack: back.length, withoutState: empty.length },
					message: `${sessions.length} times somebody was given a partition, ${restored.length} times one that had been worked on: ${back.length} times it went on before what was committed, ${empty.length} times without its state`,
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
		late_dropped_count: countOf(({ observed }) => observed.left.late),
		sessions_failed_count: shapedCount(({ observed }) => observed.work.failedCount),
	},
};

/** What is timed, and what it costs. */
export const timed: Judgement<WindowFacts> = {
	checks: {
		"latency-in-bound": {
			kind: "performance",
			about: ({ params }) => params.p95MsMax > 0,
			judge({ params: { p95MsMax }, observed: { work } }) {
				const { p95Ms, count } = work.latency;
				return {
					ok: p95Ms === null ? "cannot_tell" : p95Ms <= p95MsMax,
					expected: { p95Ms: { atMost: p95MsMax } },
					actual: { p95Ms, count },
					message: `from the last event that a result needed to its commit it took ${p95Ms?.toFixed(0) ?? "no"} ms at p95, at most ${p95MsMax} wanted; ${count} results of steady state`,
				};
			},
		},
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
		latency_p50_ms: msOf(({ observed }) => observed.work.latency.p50Ms),
		latency_p95_ms: msOf(({ observed }) => observed.work.latency.p95Ms),
		events_per_sec: {
			unit: "per_sec",
			direction: "higher",
			portability: "machine",
			measure: eventsPerSec,
		},
		state_bytes: bytesOf(({ windowBytes }) => windowBytes),
		dedup_bytes: bytesOf(({ idsBytes }) => idsBytes),
		restore_ms: msOf(({ faults, observed: { work } }) => {
			const fromMs = Math.min(...faults.flatMap(({ injectedMs }) => injectedMs ?? []));
			const after = work.sessions.filter(({ atMs }) => atMs > fromMs);
			return after.length === 0 ? null : Math.max(...after.map(({ restoreMs }) => restoreMs));
		}),
	},
	charts: {
		state: {
			title: "State over time",
			x: { label: "time in the run, s" },
			y: { label: "state, bytes", scale: "log" },
			series: ({ observed: { work } }) => [
				{
					label: "windows",
					points: work.state.map(({ atMs, windowBytes }) => [atMs / 1_000, windowBytes] as const),
				},
				{
					label: "ids of the dedup",
					points: work.state.map(({ atMs, idsBytes }) => [atMs / 1_000, idsBytes] as const),
				},
			],
		} satisfies Chart<WindowFacts>,
		latency: {
			title: "From the last event that a result needed to its commit, steady state",
			x: { label: "1 ÷ (1 − quantile): 100 is p99", scale: "log" },
			y: { label: "latency, ms", scale: "log" },
			series: ({ observed: { work } }) => [
				{
					label: "results",
					points: work.latency.curve.map(
						([percentile, ms]) => [1 / (1 - percentile / 100), ms] as const,
					),
				},
			],
		} satisfies Chart<WindowFacts>,
		restores: {
			title: "What it took to restore a partition",
			x: { label: "records restored" },
			y: { label: "from the loss of the partition's state to being ready, ms" },
			series: ({ observed: { work } }) => [
				{
					label: "sessions",
					points: work.sessions
						.filter(({ committed }) => committed > 0)
						.map(({ restoredCount, restoreMs }) => [restoredCount, restoreMs] as const)
						.toSorted(([a], [b]) => a - b),
				},
			],
		} satisfies Chart<WindowFacts>,
	},
};

function namesOf({ first }: Found): string {
	return first.length === 0 ? "" : ` (${first.slice(0, 3).join(", ")})`;
}

function eventsPerSec({ params: { backlog }, observed: { work } }: WindowFacts): number | null {
	if (work.replay === null) return null;
	return (backlog * 1_000) / (work.replay.toMs - work.replay.fromMs);
}

function bytesOf(of: (point: Observed["work"]["state"][number]) => number): Metric<WindowFacts> {
	return {
		unit: "bytes",
		direction: "lower",
		portability: "bounded",
		measure: ({ observed: { work } }) =>
			work.state.length === 0 ? null : Math.max(...work.state.map(of)),
	};
}
