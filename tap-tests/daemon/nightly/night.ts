import { acceptRuns } from "../../../daemon/compare/accept.ts";
import type { BaselineDocument } from "../../../daemon/compare/baseline.ts";
import { type NightRecord, nightRecordOf } from "../../../daemon/compare/nights.ts";
import { ended } from "../../../daemon/host/check-end.ts";
import {
	headlineOf,
	type NightlyDocument,
	type NightlyDuet,
	type NightlyResult,
} from "../../../daemon/nightly/document.ts";
import { judgeNight, judgeRun } from "../../../daemon/nightly/judge.ts";
import type { RunDocument } from "../../../daemon/record/document.ts";
import { verdictOf } from "../../../daemon/summary/outcome.ts";
import { accepting, doneRun, fiveSeeds } from "../compare/accepted.ts";

export const { baseline } = acceptRuns(null, fiveSeeds, accepting);

/** Twelve nights of one machine, whose p50 lies around 10 ms. */
export const nights: NightRecord[] = Array.from({ length: 12 }, (_, n) =>
	nightRecordOf(
		doneRun({ p50Us: n % 2 === 0 ? 10_100 : 9_900 }, { runId: `night-${n}` }),
		`2026-01-${10 + n}`,
	),
);

export const tonight = { runId: "20260201T030000Z-echo-0001" };

/** The results of a night with these runs, each alone. */
export function resultsOf(
	runs: readonly RunDocument[],
	{
		before = nights,
		against = baseline as BaselineDocument | null,
		repeats = [] as RunDocument[],
	} = {},
): NightlyResult[] {
	return judgeNight(runs.map((run) => judgeRun(run, repeats, against, before))).results;
}

/** What is seen of a night, made of its results. */
export function nightOf(
	results: NightlyResult[],
	given: Partial<NightlyDocument> & { duets?: NightlyDuet[] } = {},
): NightlyDocument {
	const { duets = [], stopped = null } = given;
	return {
		schema: 1,
		id: "20260201T030000000Z-nightly",
		night: "2026-02-01",
		askedBy: "schedule",
		startedAt: "2026-02-01T03:00:00.000Z",
		endedAt: "2026-02-01T03:12:30.000Z",
		...verdictOf(results, duets, stopped),
		headline: headlineOf(results, duets, stopped),
		stopped,
		plan: {
			scenarios: null,
			duets: [],
			budgetMs: 10_800_000,
			size: "default",
			seed: 1,
			allowDestructive: false,
		},
		missed: [],
		results,
		duets,
		changes: [],
		judgedByHistory: results.length,
		environment: doneRun().environment,
		versions: { faultline: "0.1.0", node: "24.0.0" },
		...given,
	};
}

export const twin = doneRun(
	{},
	{
		...tonight,
		runId: "20260201T030100Z-echo-0002",
		verdict: "failed",
		expect: "failed",
		params: { seed: 1, size: "default", guard: "off" },
		reasons: [{ code: "check_failed", message: "none-lost: 2 lost" }],
		checks: [
			{
				id: "none-lost",
				case: null,
				kind: "correctness",
				shapedBy: null,
				...ended("failed"),
				expected: 0,
				actual: 2,
				message: "2 lost",
			},
		],
	},
);

export const clean = () => nightOf(resultsOf([doneRun({}, tonight), twin]));
export const withLoss = () => nightOf(resultsOf([doneRun({ lost: 1 }, tonight), twin]));
export const slower = () => nightOf(resultsOf([doneRun({ p50Us: 13_000 }, tonight), twin]));

export const restless: NightlyDuet = {
	scenario: "echo",
	a: { retries: 1 },
	b: { retries: 3 },
	outcome: "as_expected",
	told: "cannot_tell",
	why: "2 of 6 pairs were dropped",
	sentences: ["orders.p50 +1.0%"],
	pairs: 6,
	dropped: 2,
	runId: "d1",
	noiseRunId: "d2",
};
export const worse: NightlyDuet = {
	...restless,
	outcome: "regressed",
	told: "regressed",
	why: "orders.p50 +12.0%: regressed",
	dropped: 0,
};
export const unplayed: NightlyDuet = {
	...restless,
	outcome: "not_run",
	told: null,
	why: "the budget of 180 min was used up",
	sentences: [],
	pairs: 0,
	dropped: 0,
	runId: null,
	noiseRunId: null,
};
export const unrun: NightlyResult = {
	scenario: "cdc",
	guard: "on",
	outcome: "not_run",
	why: "kafka is missing",
	run: null,
	error: { code: "FLT_COMPONENT_MISSING", message: "kafka is missing" },
	repeats: [],
	baseline: null,
	notes: [],
	metrics: [],
};
