import { type Check, type Judgement, loadFacts } from "faultline";
import { type CaseFacts, findingOf, wasOnTime } from "./findings.ts";
import { total } from "./lag.ts";
import {
	expectedLeftPct,
	type Finding,
	keepsUp,
	type Recommendation,
	recommendations,
} from "./recommend.ts";
import { promisesOrder } from "./strategies.ts";
import { routeOf } from "./workload.ts";

export const checks: Record<string, Check<CaseFacts>> = {
	produced: {
		kind: "correctness",
		judge(facts) {
			const { ok_count, unknown_count } = loadFacts(facts, "messages", "all").summary;
			const held = total(facts.observed.partitions.map(({ end }) => end));
			return {
				over: ok_count,
				ok: held >= ok_count && held <= ok_count + unknown_count,
				expected: { atLeast: ok_count, atMost: ok_count + unknown_count },
				actual: held,
				message: `${ok_count} messages were acknowledged, ${unknown_count} are of unknown fate; the log holds ${held}`,
			};
		},
	},
	delivered: {
		kind: "correctness",
		judge(facts) {
			const { partitions } = facts.observed;
			const { due_count, ok_count } = loadFacts(facts, "messages", "all").summary;
			// Made again from the seed, the messages are known only where each of them is known to be there.
			const known = ok_count === due_count;
			const wrong = partitions.filter((there, i) => {
				const made = facts.expected.partitions[i]!;
				const drained = there.delivered === there.end;
				return (
					there.skippedCount > 0 ||
					there.delivered > there.end ||
					(known && (there.end !== made.count || (drained && there.sum !== made.sum)))
				);
			}).length;
			const skipped = total(partitions.map(({ skippedCount }) => skippedCount));
			const delivered = total(partitions.map((there) => there.delivered));
			const left = total(partitions.map((there) => there.end)) - delivered - skipped;
			const mayBeLeft = facts.params.costUs > 0;
			return {
				over: delivered,
				ok: wrong === 0 && (left === 0 || mayBeLeft),
				expected: { skipped: 0, wrongPartitions: 0, left: mayBeLeft ? null : 0 },
				actual: { delivered, skipped, wrongPartitions: wrong, left },
				message: `${delivered} messages were processed, ${skipped} passed over, ${left} wait; ${wrong} of ${partitions.length} partitions are not as they were sent`,
			};
		},
	},
	"order-per-key": {
		kind: "correctness",
		judge({ params, observed: { order } }) {
			const promised = promisesOrder(params.strategy);
			const { keyCount, splitKeyCount, regressionCount } = order;
			return {
				over: promised ? keyCount : null,
				ok: !promised || (splitKeyCount === 0 && regressionCount === 0),
				expected: promised ? { split: 0, regressions: 0 } : null,
				actual: promised ? { ...order } : null,
				message: promised
					? `of ${keyCount} keys ${splitKeyCount} came in more than one partition; ${regressionCount} new messages came after a later one of their key`
					: `${params.strategy} promises no order`,
			};
		},
	},
	"lag-agrees": {
		kind: "correctness",
		judge({ params, observed: { agreement, partitions, refusedCount = 0 } }) {
			const { comparedCount, gapMaxCount, disagreements } = agreement;
			const open = partitions.filter(({ committed, position }) => committed !== position).length;
			const agrees = disagreements.length === 0;
			const judged = {
				over: comparedCount,
				expected: { disagreements: 0, open: 0 },
				actual: { comparedCount, gapMaxCount, disagreements, open, refusedCount },
				message: `the lag at the broker and at the consumers was compared ${comparedCount} times and disagreed ${disagreements.length} times; they were at most ${gapMaxCount} messages apart, a commit interval brings ${Math.round((params.ratePerSec * params.commitMs) / 1_000)}; at the end ${open} partitions were not committed, and ${refusedCount} commits had been refused`,
			};
			// Whoever is thought dead, because it stood still, has worked for nobody: what it did last stays open.
			if (agrees && open > 0 && refusedCount > 0) return { ...judged, ok: "cannot_tell" };
			return { ...judged, ok: agrees && open === 0 };
		},
	},
};

/** What queueing arithmetic expects of the same cases: nothing of it was measured but how long the load ran. */
function expectedOf({ params, phases }: CaseFacts): Finding {
	const { strategy, ratePerSec } = params;
	const { partitionShares } = routeOf(params);
	const loadMs = total(phases.map(({ fromMs, toMs }) => toMs - fromMs));
	return { strategy, ratePerSec, leftPct: expectedLeftPct(partitionShares, { ...params, loadMs }) };
}

const inWords = (all: readonly Recommendation[]) =>
	all.map(
		({ keys, ratePerSec, use }) => `${keys} keys at ${ratePerSec}/s: ${use ?? "none of them"}`,
	);

export const overallChecks: NonNullable<Judgement<readonly CaseFacts[]>["checks"]> = {
	"recommendation-follows": {
		kind: "performance",
		judge(cases) {
			const need = cases[0]?.params.need ?? "affinity";
			const found = recommendations(need, cases.map(findingOf));
			const expected = recommendations(need, cases.map(expectedOf));
			const [now, then] = [inWords(found).join("; "), inWords(expected).join("; ")];
			const judged = {
				expected: expected.map((each) => ({ ...each })),
				actual: found.map((each) => ({ ...each })),
			};
			const follows = found.length > 0 && now === then;
			const differing = cases.filter(
				(facts) => keepsUp(findingOf(facts)) !== keepsUp(expectedOf(facts)),
			);
			const late = differing.filter((facts) => !wasOnTime(facts));
			if (!follows && differing.length > 0 && late.length === differing.length)
				return {
					...judged,
					ok: "cannot_tell_here",
					message: `${now}; by queueing arithmetic ${then}; but the machine was late with ${late.map((facts) => facts.case ?? "the case").join(", ")}`,
				};
			return {
				...judged,
				ok: follows,
				message: `${now}; by queueing arithmetic ${follows ? "the same" : then}`,
			};
		},
	},
};
