import {
	acceptedOnce,
	type Check,
	countOf,
	digestsAgree,
	type Facts,
	type Judgement,
	msOf,
	pctOf,
	shapedCount,
} from "faultline";
import { failureOf } from "./failure.ts";
import type { Expected, Found, Observed } from "./observe.ts";
import type { AnomalyName } from "./oracle/anomalies.ts";
import type { P } from "./params.ts";

export type RunFacts = Facts<P, Observed, Expected>;

const lost = ["lost-write", "unseen", "poll-skip"] as const;
const doubled = ["duplicate", "phantom"] as const;

/** Holds where there are no anomalies of these names. `of` says what they could have been found in, and how many of those. */
function without(
	names: readonly AnomalyName[],
	of: (facts: RunFacts) => { over: number | null; what: string },
): Check<RunFacts> {
	return {
		kind: "correctness",
		judge(facts) {
			const { over, what } = of(facts);
			const found = foundOf(facts, names);
			const first = found.flatMap((one) => one.first).slice(0, 10);
			const counts = found.map(({ anomaly, count }) => `${count} ${anomaly}`).join(", ");
			return {
				over,
				ok: first.length === 0,
				expected: Object.fromEntries(names.map((name) => [name, 0])),
				actual: { ...Object.fromEntries(found.map((one) => [one.anomaly, one.count])), first },
				message: `${over === null ? "" : `of ${over} `}${what}: ${counts}${first.length === 0 ? "" : `; the first is ${first[0]}`}`,
			};
		},
	};
}

function foundOf({ observed }: RunFacts, names: readonly AnomalyName[]): Found[] {
	return observed.anomalies.filter(({ anomaly }) => names.includes(anomaly));
}

function countIn(facts: RunFacts, names: readonly AnomalyName[]): number {
	return foundOf(facts, names).reduce((sum, { count }) => sum + count, 0);
}

const ofPayments = ({ expected }: RunFacts) => ({ over: expected.results.count, what: "payments" });

export const judgement: Judgement<RunFacts> = {
	checks: {
		"payments-as-sent": {
			kind: "correctness",
			judge({ expected: { alteredCount, results } }) {
				return {
					over: results.count,
					ok: alteredCount === 0,
					expected: 0,
					actual: alteredCount,
					message: `of ${results.count} payments in the log ${alteredCount} are not as they were sent`,
				};
			},
		},
		"nothing-lost": without(lost, ofPayments),
		"nothing-doubled": without(doubled, ofPayments),
		"nothing-reordered": without(["reordered"], ofPayments),
		// Not every failure leaves results that are aborted, and where there are none none can be seen.
		"nothing-aborted-seen": without(["aborted-read"], ({ observed: { abortedCount } }) =>
			abortedCount === null || abortedCount === 0
				? { over: null, what: "no result was written and then aborted" }
				: { over: abortedCount, what: "results that were written and then aborted" },
		),
		"polls-consistent": without(["nonmonotonic-poll", "inconsistent-offsets"], ofPayments),
		"offsets-agree": {
			kind: "correctness",
			judge({ observed: { offsets } }) {
				const wrong = offsets.flatMap(({ end, committed, done }, partition) =>
					end === committed && committed === done
						? []
						: [`${partition}: ${done} done, ${committed} committed, ${end} there`],
				);
				return {
					over: offsets.length,
					ok: wrong.length === 0,
					expected: [],
					actual: wrong,
					message:
						wrong.length === 0
							? `in all ${offsets.length} partitions the results end where the committed offset is, at the end of the payments`
							: `results, committed offset and payments end apart in partition ${wrong[0]}`,
				};
			},
		},
		"failures-struck": {
			kind: "correctness",
			judge({ faults }) {
				const planned = faults.length;
				const struck = faults.filter(({ provedMs }) => provedMs !== null);
				const kinds = [...new Set(struck.flatMap((fault) => failureOf(fault) ?? []))].sort();
				return {
					over: planned,
					ok: struck.length === planned || "cannot_tell",
					expected: planned,
					actual: struck.length,
					message: `${struck.length} of ${planned} failures struck, each at its step, of ${kinds.length} kinds: ${kinds.join(", ")}`,
				};
			},
		},
	},
	metrics: {
		accuracy_pct: pctOf("higher", ({ observed, expected: { results } }) =>
			results.count === 0 ? null : (100 * observed.rightCount) / results.count,
		),
		duplicate_count: countOf((facts) => countIn(facts, doubled)),
		lost_count: countOf((facts) => countIn(facts, lost)),
		fenced_count: {
			...shapedCount(({ observed }) => observed.attempts.fenced),
			direction: "higher",
		},
		aborted_seen_count: shapedCount(({ observed }) => observed.abortedSeenCount),
		exactly_once_cost_ratio: {
			unit: "ratio",
			direction: "higher",
			portability: "machine",
			measure: ({ observed }) => observed.cost?.ratio ?? null,
		},
		latency_p50_ms: msOf(({ observed }) => observed.latency.p50Ms),
		latency_p95_ms: msOf(({ observed }) => observed.latency.p95Ms),
		restore_ms: msOf(({ faults, observed: { work } }) => {
			const fromMs = Math.min(...faults.flatMap(({ injectedMs }) => injectedMs ?? []));
			const after = work.restores.filter(({ atMs }) => atMs > fromMs);
			return after.length === 0 ? null : Math.max(...after.map(({ restoreMs }) => restoreMs));
		}),
		cpu_per_event_us: {
			unit: "us",
			direction: "lower",
			portability: "machine",
			measure: ({ observed: { work }, expected: { results } }) =>
				results.count === 0 ? null : (1_000 * work.cpuMs) / results.count,
		},
		commit_p50_ms: msOf(({ observed }) => observed.commit.p50Ms),
		commit_p99_ms: msOf(({ observed }) => observed.commit.p99Ms),
	},
};

export const accepted = acceptedOnce<RunFacts>(
	"accepted-once",
	"payments",
	({ expected }) => expected.accepted,
);

export const resultsMatch = digestsAgree<RunFacts>(
	"results-match",
	"results",
	({ observed, expected }) => ({ found: [observed.results], expected: [expected.results] }),
);
