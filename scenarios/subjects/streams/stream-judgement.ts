import { type Chart, type Facts, type Judgement, type Metric, msOf, shapedCount } from "faultline";
import { namesOf } from "./found.ts";
import type { Log } from "./input-log.ts";
import type { Work } from "./work.ts";

// What experiments are judged by whose work is a consumer group with state.

type WorkFacts = Facts<unknown, { work: Work }, null>;

/** The input holds what was acknowledged, once, as the seed makes it: what an oracle makes of it rests on that. */
export const logAsSent: Judgement<Facts<unknown, { log: Log }, null>> = {
	checks: {
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
	},
};

/** Whoever is given a partition goes on at what was committed, with its state; what that took. */
export const goesOn: Judgement<WorkFacts> = {
	checks: {
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
		sessions_failed_count: shapedCount(({ observed }) => observed.work.failedCount),
		restore_ms: msOf(({ faults, observed: { work } }) => {
			const fromMs = Math.min(...faults.flatMap(({ injectedMs }) => injectedMs ?? []));
			const after = work.sessions.filter(({ atMs }) => atMs > fromMs);
			return after.length === 0 ? null : Math.max(...after.map(({ restoreMs }) => restoreMs));
		}),
	},
	charts: {
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
		} satisfies Chart<WorkFacts>,
	},
};

/** From the last event that a result needed to its commit, in steady state; `p95MsMax` is the most that it may take, 0: any. */
export function resultLatency<P>(
	p95MsMax: (params: P) => number,
): Judgement<Facts<P, { work: Work }, null>> {
	return {
		checks: {
			"latency-in-bound": {
				kind: "performance",
				about: ({ params }) => p95MsMax(params) > 0,
				judge({ params, observed: { work } }) {
					const { p95Ms, count } = work.latency;
					const atMost = p95MsMax(params);
					return {
						ok: p95Ms === null ? "cannot_tell" : p95Ms <= atMost,
						expected: { p95Ms: { atMost } },
						actual: { p95Ms, count },
						message: `from the last event that a result needed to its commit it took ${p95Ms?.toFixed(0) ?? "no"} ms at p95, at most ${atMost} wanted; ${count} results of steady state`,
					};
				},
			},
		},
		metrics: {
			latency_p50_ms: msOf(({ observed }) => observed.work.latency.p50Ms),
			latency_p95_ms: msOf(({ observed }) => observed.work.latency.p95Ms),
		},
		charts: {
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
			} satisfies Chart<WorkFacts>,
		},
	};
}

/** What the work costs: starts, restarts and all that was done twice included. */
export const cpuCost: Judgement<Facts<unknown, { work: Work; log: Log }, null>> = {
	metrics: {
		cpu_per_event_us: {
			unit: "us",
			direction: "lower",
			portability: "machine",
			measure: ({ observed: { work, log } }) =>
				log.count === 0 ? null : (1_000 * work.cpuMs) / log.count,
		},
	},
};

/** The most that was kept at once of these kinds, in bytes of the changelog. */
export function mostBytes<F extends WorkFacts>(...kinds: string[]): Metric<F> {
	return {
		unit: "bytes",
		direction: "lower",
		portability: "bounded",
		measure: ({ observed: { work } }) =>
			work.state.length === 0
				? null
				: Math.max(
						...work.state.map(({ bytes }) =>
							kinds.reduce((sum, kind) => sum + (bytes[kind] ?? 0), 0),
						),
					),
	};
}

/** What was kept over time, a line for each of these kinds: its name in the state, and what it is called. */
export function stateChart(lines: Record<string, string>): Chart<WorkFacts> {
	return {
		title: "State over time",
		x: { label: "time in the run, s" },
		y: { label: "state, bytes", scale: "log" },
		series: ({ observed: { work } }) =>
			Object.entries(lines).map(([kind, label]) => ({
				label,
				points: work.state.map(({ atMs, bytes }) => [atMs / 1_000, bytes[kind] ?? 0] as const),
			})),
	};
}
