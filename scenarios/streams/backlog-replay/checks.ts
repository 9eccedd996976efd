import {
	about,
	acceptedOnce,
	type Check,
	digestsAgree,
	type Judgement,
	lostAndDoubled,
	recovery,
} from "faultline";
import {
	backedOffAfterMs,
	cameBackAfterMs,
	efficiencyPct,
	liveDuringReplay,
	peakPct,
	type ReplayFacts,
	rampLimitMs,
} from "./findings.ts";
import { statedPerSec } from "./params.ts";

const backlogOnce: Check<ReplayFacts> = {
	kind: "correctness",
	judge({ params, observed: { coverage } }) {
		const { backlogCount, coveredCount, overlapCount } = coverage;
		return {
			over: backlogCount,
			ok: backlogCount === params.backlog && coveredCount === backlogCount && overlapCount === 0,
			expected: { backlog: params.backlog, covered: params.backlog, twice: 0 },
			actual: { backlog: backlogCount, covered: coveredCount, twice: overlapCount },
			message: `of ${backlogCount} messages of the backlog ${backlogCount - coveredCount} were not delivered, ${overlapCount} were twice`,
		};
	},
};

const newestWins: Check<ReplayFacts> = {
	kind: "correctness",
	judge({ observed: { keyCount, staleCount } }) {
		return {
			over: keyCount,
			ok: staleCount === 0,
			expected: 0,
			actual: staleCount,
			message: `of ${keyCount} keys ${staleCount} do not have the newest value that the sink was given`,
		};
	},
};

const sinkProtected: Check<ReplayFacts> = {
	kind: "correctness",
	judge(facts) {
		const pct = peakPct(facts);
		const { grantCount, peakPerSec, safePerSec } = facts.observed.gate;
		return {
			over: grantCount,
			ok: pct <= 102,
			expected: { atMostPct: 102 },
			actual: pct,
			message: `at most ${peakPerSec} messages went to the sink in a second, ${pct.toFixed(1)} % of the ${safePerSec.toFixed(0)} that are safe`,
		};
	},
};

const liveFirst: Check<ReplayFacts> = {
	kind: "correctness",
	judge({ observed: { gate } }) {
		return {
			over: gate.grantCount,
			ok: gate.outOfTurnCount === 0,
			expected: 0,
			actual: gate.outOfTurnCount,
			message: `${gate.outOfTurnCount} batches of the replay went while a live write waited`,
		};
	},
};

const liveInTime: Check<ReplayFacts> = {
	kind: "performance",
	judge(facts) {
		const { due, late } = liveDuringReplay(facts);
		const pct = (100 * late) / due;
		return {
			ok: due === 0 ? "cannot_tell" : pct <= 1,
			expected: { lateAtMostPct: 1 },
			actual: due === 0 ? null : pct,
			message: `of ${due} live writes during the replay ${late} took longer than ${facts.params.objectiveMs} ms, at most 1 % may`,
		};
	},
};

const catchesUp: Check<ReplayFacts> = {
	kind: "performance",
	judge(facts) {
		const pct = efficiencyPct(facts);
		const { efficiencyPctMin } = facts.params;
		return {
			ok: pct !== null && pct >= efficiencyPctMin,
			expected: { atLeastPct: efficiencyPctMin },
			actual: pct,
			message: `the replay was as quick as ${pct?.toFixed(1) ?? "–"} % of the quickest that is safe, at least ${efficiencyPctMin} % wanted`,
		};
	},
};

const capacityAsStated: Check<ReplayFacts> = {
	kind: "performance",
	judge({ params, observed: { gate } }) {
		const stated = statedPerSec(params);
		return {
			ok: Math.abs(gate.capacityPerSec / stated - 1) <= 0.1,
			expected: { about: stated },
			actual: gate.capacityPerSec,
			message: `the sink took ${gate.capacityPerSec.toFixed(0)} messages a second, by its slots it should take ${stated}`,
		};
	},
};

const backsOff: Check<ReplayFacts> = {
	kind: "performance",
	judge(facts) {
		const off = backedOffAfterMs(facts);
		const back = cameBackAfterMs(facts);
		const inTime = (ms: number | null) => ms !== null && ms <= rampLimitMs;
		return {
			ok: inTime(off) && inTime(back),
			expected: { withinMs: rampLimitMs },
			actual: { off, back },
			message: `the replay backed off ${off?.toFixed(0) ?? "–"} ms after the sink had become slow, and was back ${back?.toFixed(0) ?? "–"} ms after it was quick again`,
		};
	},
};

const alertsSilent: Check<ReplayFacts> = {
	kind: "performance",
	judge({ alerts }) {
		const fired = alerts.filter(({ origin, firedMs }) => origin === "plan" && firedMs.length > 0);
		return {
			ok: fired.length === 0,
			expected: [],
			actual: fired.map(({ rule }) => rule),
			message:
				fired.length === 0
					? "no alert on the sink's load or on live latency fired"
					: `${fired.map(({ rule }) => rule).join(" and ")} fired`,
		};
	},
};

/** Before its end a replay has lost nothing: what is missing is still to come. */
const hasFinished = ({ observed }: ReplayFacts) => observed.finished;
const hasSlowSink = ({ params }: ReplayFacts) => params.slow === "on";

export const checks: readonly Judgement<ReplayFacts>[] = [
	about(hasFinished, { checks: { "backlog-once": backlogOnce } }),
	about(
		hasFinished,
		digestsAgree<ReplayFacts>("contents-match", "keys' numbers and sums of replays", (facts) => ({
			found: [facts.observed.replayed],
			expected: [facts.expected.replayed],
		})),
	),
	acceptedOnce("live-once", "live writes", ({ observed }) => observed.live),
	lostAndDoubled(({ observed }) => observed.live),
	{
		checks: {
			"newest-wins": newestWins,
			"sink-protected": sinkProtected,
			"live-first": liveFirst,
			"live-in-time": liveInTime,
			"capacity-as-stated": capacityAsStated,
			"alerts-silent": alertsSilent,
		},
	},
	about(hasFinished, { checks: { "catches-up": catchesUp } }),
	about(hasSlowSink, { checks: { "backs-off": backsOff } }),
	about(hasSlowSink, recovery),
];
