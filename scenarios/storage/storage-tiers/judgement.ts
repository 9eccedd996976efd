import { type Chart, countOf, type Judgement, type Metric, msOf, shapedCount } from "faultline";
import { type Outcome, outcomeNamed } from "./comparison.ts";
import { quantileOf } from "./receipts.ts";
import type { Found, TierFacts } from "./record.ts";
import { tiers } from "./tiers.ts";

/** The real objects: nothing lost, one version of each, and no day billed twice, whatever was interrupted. */
export const interruptions: Judgement<TierFacts> = {
	checks: {
		"no-object-lost": {
			kind: "correctness",
			judge({ observed: { lost, interruptedCount, doneCount, notDoneCount }, expected }) {
				const message = `of ${expected.objectsCount} objects ${lost.count} are lost${namesOf(lost)}; of ${doneCount + notDoneCount} moves and writes ${doneCount} were done, and ${interruptedCount} tries were interrupted`;
				const ok = lost.count === 0 && notDoneCount === 0;
				return {
					over: expected.objectsCount,
					// Nothing is shown by objects that nobody has interrupted a move of.
					ok: ok && interruptedCount === 0 ? "cannot_tell" : ok,
					expected: { lost: 0, notDone: 0 },
					actual: { lost, notDone: notDoneCount, interrupted: interruptedCount },
					message,
				};
			},
		},
		"one-version": {
			kind: "correctness",
			judge({ observed: { doubled, unfinished, reads } }) {
				const { count, failedCount, wrong, stale } = reads;
				const problems = [doubled, unfinished, wrong, stale].map((found) => found.count);
				return {
					over: count,
					ok: problems.every((found) => found === 0) && failedCount === 0,
					expected: { doubled: 0, unfinished: 0, wrong: 0, stale: 0, failed: 0 },
					actual: { doubled, unfinished, wrong, stale, failed: failedCount },
					message: `${doubled.count} copies lie where no pointer leads${namesOf(doubled)}; of ${count} reads ${wrong.count} had wrong bytes and ${stale.count} another version than was there then; ${failedCount} failed`,
				};
			},
		},
		"billed-once": {
			kind: "correctness",
			judge({ observed: { misbilled, billedUsd }, expected: { realUsd, objectsCount } }) {
				const agree = isNear(billedUsd, realUsd);
				return {
					over: objectsCount,
					ok: misbilled.count === 0 && agree,
					expected: { misbilled: 0, usd: realUsd },
					actual: { misbilled, usd: billedUsd },
					message: `${misbilled.count} objects have a day in two tiers or in none${namesOf(misbilled)}; their bill is ${billedUsd.toFixed(6)} USD, and ${realUsd.toFixed(6)} by the policy`,
				};
			},
		},
	},
	metrics: {
		objects_lost_count: countOf(({ observed }) => observed.lost.count),
		copies_doubled_count: countOf(({ observed }) => observed.doubled.count),
		moves_interrupted_count: {
			...shapedCount<TierFacts>(({ observed }) => observed.interruptedCount),
			direction: "higher",
		},
	},
};

/** What tiers save, and what they cost in time; of all simulated objects. */
export const economy: Judgement<TierFacts> = {
	checks: {
		"saves-enough": {
			kind: "correctness",
			judge({ params: { savingsPctMin, policy }, expected }) {
				const { savingsPct, monthlyUsd } = chosen({ params: { policy }, expected });
				const least = outcomeNamed(expected.outcomes, "optimum");
				const possible = monthlyUsd >= least.monthlyUsd * (1 - 1e-9);
				const agrees = isNear(monthlyUsd, expected.meteredMonthlyUsd);
				return {
					over: expected.outcomes.length,
					ok: savingsPct >= savingsPctMin && possible && agrees,
					expected: { savingsPct: { atLeast: savingsPctMin }, usd: expected.meteredMonthlyUsd },
					actual: { savingsPct, usd: monthlyUsd, optimumUsd: least.monthlyUsd },
					message: `${policy} costs ${monthlyUsd.toFixed(4)} USD a month, ${savingsPct.toFixed(1)} % less than everything in hot; at least ${savingsPctMin} % wanted, ${least.savingsPct.toFixed(1)} % possible with hindsight${agrees ? "" : "; the meter says another sum"}`,
				};
			},
		},
		"first-byte-in-bound": {
			kind: "correctness",
			judge({ params: { p95MsMax, policy }, expected }) {
				const { p95Ms, p95IncreaseMs, reads } = chosen({ params: { policy }, expected });
				const count = reads.hot + reads.warm + reads.cold;
				return {
					over: count,
					ok: p95Ms !== null && p95Ms <= p95MsMax,
					expected: { p95Ms: { atMost: p95MsMax } },
					actual: { p95Ms, p95IncreaseMs, reads },
					message: `of ${count} simulated reads ${reads.cold} wait for a restore; p95 of the first byte is ${p95Ms?.toFixed(0)} ms, ${p95IncreaseMs?.toFixed(0)} more than with everything in hot, at most ${p95MsMax} wanted`,
				};
			},
		},
		"reads-in-bound": {
			kind: "performance",
			judge({ params: { readP95MsMax }, observed: { reads } }) {
				const p95Ms = quantileOf(reads.undisturbedMs, 0.95);
				const fromCold = reads.byTier.cold;
				return {
					ok: p95Ms === null || fromCold === 0 ? "cannot_tell" : p95Ms <= readP95MsMax,
					expected: { p95Ms: { atMost: readP95MsMax } },
					actual: { p95Ms, byTier: reads.byTier },
					message: `real reads that nothing interrupted took ${p95Ms?.toFixed(1) ?? "no"} ms at p95, at most ${readP95MsMax} wanted; ${fromCold} of ${reads.count} were from cold, behind a slow path and a restore`,
				};
			},
		},
	},
	metrics: {
		monthly_cost_usd: exact("usd", "lower", (facts) => chosen(facts).monthlyUsd),
		savings_pct: exact("pct", "higher", (facts) => chosen(facts).savingsPct),
		optimum_savings_pct: exact(
			"pct",
			"higher",
			({ expected }) => outcomeNamed(expected.outcomes, "optimum").savingsPct,
		),
		access_p95_increase_ms: exact("ms", "lower", (facts) => chosen(facts).p95IncreaseMs),
		real_read_p95_ms: msOf(({ observed }) => quantileOf(observed.reads.undisturbedMs, 0.95)),
		real_read_p95_increase_ms: msOf(({ observed: { reads } }) => {
			const [all, hot] = [reads.undisturbedMs, reads.hotMs].map((ms) => quantileOf(ms, 0.95));
			return all === null || hot === null || all === undefined || hot === undefined
				? null
				: all - hot;
		}),
	},
	charts: {
		"cost-of-policies": {
			title: "What each policy has cost",
			x: { label: "day" },
			y: { label: "cost, USD" },
			series: ({ expected }) =>
				expected.costByDay.map(({ name, points }) => ({ label: name, points })),
		} satisfies Chart<TierFacts>,
		"storage-by-tier": {
			title: "What storage in each tier costs a day, under the policy",
			x: { label: "day" },
			y: { label: "cost, USD a day" },
			series: ({ expected }) =>
				tiers.map((tier) => ({ label: tier, points: expected.tiersByDay[tier] })),
		} satisfies Chart<TierFacts>,
		"first-byte": {
			title: "Reads that have their first byte by a time, as simulated",
			x: { label: "time to the first byte, ms", scale: "log" },
			y: { label: "share of reads, %" },
			series: ({ expected }) =>
				expected.latency.map(({ name, points }) => ({ label: name, points })),
		} satisfies Chart<TierFacts>,
		"real-reads": {
			title: "Real reads that are answered by a time, interrupted ones aside",
			x: { label: "time, ms", scale: "log" },
			y: { label: "share of reads, %" },
			series: ({ observed: { reads } }) =>
				[
					{ label: "all", ms: reads.undisturbedMs },
					{ label: "from hot", ms: reads.hotMs },
				].map(({ label, ms }) => ({
					label,
					points: ms.map((value, i) => [value, (100 * (i + 1)) / ms.length] as const),
				})),
		} satisfies Chart<TierFacts>,
	},
};

function exact(
	unit: Metric<TierFacts>["unit"],
	direction: Metric<TierFacts>["direction"],
	measure: Metric<TierFacts>["measure"],
): Metric<TierFacts> {
	return { unit, direction, portability: "exact", measure };
}

/** How the policy of the run does. */
function chosen({
	params,
	expected,
}: {
	params: Pick<TierFacts["params"], "policy">;
	expected: TierFacts["expected"];
}): Outcome {
	return outcomeNamed(expected.outcomes, params.policy as Outcome["name"]);
}

function namesOf({ first }: Found): string {
	return first.length === 0 ? "" : ` (${first.slice(0, 3).join(", ")})`;
}

/** Sums of thousands of amounts in another order differ in their last digits. */
function isNear(a: number, b: number): boolean {
	return Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
}
