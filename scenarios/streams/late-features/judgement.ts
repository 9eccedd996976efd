import { type Chart, type Facts, type Judgement, type Metric, pctOf, shapedCount } from "faultline";
import { type Found, namesOf } from "../../subjects/streams/found.ts";
import { mostBytes, stateChart } from "../../subjects/streams/stream-judgement.ts";
import { stateKind } from "./feature-job.ts";
import type { Observed } from "./observe.ts";
import { keptWindows } from "./trade-off.ts";

interface JudgedParams {
	readonly windowMs: number;
	readonly delayMs: number;
	readonly latenessMs: number;
}

export type FeatureFacts = Facts<JudgedParams, Observed, null>;

/** Every feature, each of its versions, and where each activity went. */
export const features: Judgement<FeatureFacts> = {
	checks: {
		"values-converge": {
			kind: "correctness",
			judge({ observed: { comparison } }) {
				const { featureCount, rightCount, wrong, missing, extra } = comparison;
				return {
					over: featureCount,
					ok: none(wrong, missing, extra),
					expected: { wrong: 0, missing: 0, extra: 0 },
					actual: { wrong, missing, extra },
					message: `of ${featureCount} features ${rightCount} end at the right value, ${wrong.count} at a wrong one${namesOf(wrong)}, ${missing.count} are missing${namesOf(missing)}; ${extra.count} are there that should not be${namesOf(extra)}`,
				};
			},
		},
		"each-in-one-place": {
			kind: "correctness",
			judge({ observed: { comparison, left, expected, log, closersCount } }) {
				const { lateMissing, lateExtra, lateCount } = comparison;
				const { events, onTime, absorbed, late } = left;
				const counted = { onTime: onTime - closersCount, absorbed, late };
				return {
					over: log.count,
					ok:
						none(lateMissing, lateExtra) &&
						events === log.count + closersCount &&
						onTime + absorbed + late === events &&
						counted.onTime === expected.onTime &&
						absorbed === expected.absorbed &&
						late === expected.late,
					expected,
					actual: { ...counted, lateMissing, lateExtra },
					message: `of ${log.count} activities ${counted.onTime} were counted in time, ${absorbed} later, ${late} too late, which should be ${expected.onTime}, ${expected.absorbed} and ${expected.late}; of the ${lateCount} too late ${lateMissing.count} are not told${namesOf(lateMissing)}, and ${lateExtra.count} are told that should not be${namesOf(lateExtra)}`,
				};
			},
		},
		"versions-exact": {
			kind: "correctness",
			judge({ observed: { comparison } }) {
				const { versionCount, wrongVersions, again } = comparison;
				return {
					over: versionCount,
					ok: none(wrongVersions, again),
					expected: { wrong: 0, again: 0 },
					actual: { wrong: wrongVersions, again },
					message: `of ${versionCount} versions ${wrongVersions.count} records are wrong or missing${namesOf(wrongVersions)}, ${again.count} are there twice${namesOf(again)}`,
				};
			},
		},
		"any-order-adds-up": {
			kind: "correctness",
			judge({ observed: { comparison } }) {
				const { orders, featureCount, notAddedUp } = comparison;
				return {
					over: featureCount,
					ok: none(notAddedUp),
					expected: { users: 0 },
					actual: { users: notAddedUp },
					message: `read in ${orders} other orders, corrections end at the same values and sums for all but ${notAddedUp.count} users${namesOf(notAddedUp)}`,
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
					message: `${staleCount} records of the state are of windows that nothing can change any more${namesOf({ count: staleCount, first: stale })}`,
				};
			},
		},
	},
	metrics: {
		accuracy_pct: pctOf(
			"higher",
			({
				observed: {
					comparison: { rightCount, featureCount },
				},
			}) => (featureCount === 0 ? null : (100 * rightCount) / featureCount),
		),
		results_lost_count: shapedCount(
			({ observed: { comparison } }) => comparison.missing.count + comparison.lateMissing.count,
		),
		results_doubled_count: shapedCount(
			({ observed: { comparison } }) => comparison.again.count + comparison.lateExtra.count,
		),
		late_absorbed_pct: pctOf(
			"higher",
			({ observed: { left } }) => (100 * left.absorbed) / (left.absorbed + left.late),
		),
		too_late_count: shapedCount(({ observed }) => observed.left.late),
		feature_stability: {
			unit: "ratio",
			direction: "lower",
			portability: "bounded",
			measure: ({ observed: { comparison } }) =>
				(comparison.versionCount - comparison.featureCount) / comparison.featureCount,
		},
		convergence_ms: {
			unit: "ms",
			direction: "lower",
			// Of event time, and so of the order of the log alone.
			portability: "bounded",
			measure: ({ observed }) => observed.convergedAfterMs?.p95 ?? null,
		},
		state_bytes: mostBytes(stateKind),
	} satisfies Record<string, Metric<FeatureFacts>>,
	charts: {
		"trade-off": {
			title: "What waiting buys: activities that are in the value of their window",
			x: { label: "event time that is waited for after the window's end, s", scale: "log" },
			y: { label: "share of the activities, %" },
			series: ({ params: { delayMs, latenessMs }, observed: { shares } }) => [
				{
					label: "activities",
					points: shares.map(({ waitMs, share }) => [waitMs / 1_000, 100 * share] as const),
				},
				{ label: "first value", points: vertical(delayMs) },
				{ label: "last correction", points: vertical(delayMs + latenessMs) },
			],
		} satisfies Chart<FeatureFacts>,
		cost: {
			title: "What waiting costs: windows that are kept",
			x: { label: "event time that is waited for after the window's end, s", scale: "log" },
			y: { label: "windows kept of each user", scale: "log" },
			series: ({ params: { windowMs }, observed: { shares } }) => [
				{
					label: "windows",
					points: shares.map(
						({ waitMs }) => [waitMs / 1_000, keptWindows(windowMs, waitMs)] as const,
					),
				},
			],
		} satisfies Chart<FeatureFacts>,
		state: stateChart({ [stateKind]: "windows" }),
	},
};

function none(...found: Found[]): boolean {
	return found.every(({ count }) => count === 0);
}

function vertical(waitMs: number): (readonly [number, number])[] {
	const at = Math.max(0.1, waitMs / 1_000);
	return [
		[at, 0],
		[at, 100],
	];
}
