import { about, type Check, type Judgement, recovery } from "faultline";
import {
	type CaseFacts,
	capacityPerSec,
	goodputPct,
	isJudged,
	offeredTimes,
	refusalCostPct,
} from "./findings.ts";
import { statedPerSec } from "./params.ts";

/** What is to come through of the store's capacity, a ninth less of a greater crowd, or of what is offered where that is less. */
function leastPct({ burst, goodputPctMin }: CaseFacts["params"]): number {
	const ofCapacity = burst > 5 ? (goodputPctMin * 8) / 9 : goodputPctMin;
	return Math.min(1, burst) * ofCapacity;
}

const goodput: Check<CaseFacts> = {
	kind: "performance",
	judge(facts) {
		const least = leastPct(facts.params);
		const pct = goodputPct(facts);
		return {
			ok: pct !== null && pct >= least,
			expected: { atLeastPct: least },
			actual: pct,
			message: `of what the store takes ${pct === null ? "nothing" : `${pct.toFixed(1)} %`} came through in time while ${offeredTimes(facts).toFixed(1)} times as much was offered, at least ${least} % wanted`,
		};
	},
};

const recoverWithinMs = 2_000;

const recoversAfterBurst: Check<CaseFacts> = {
	kind: "performance",
	judge({ observed: { burst } }) {
		const afterMs = burst?.recoveredAfterMs ?? null;
		const lookedMs = burst?.lookedMs ?? 0;
		const told = afterMs !== null || lookedMs >= recoverWithinMs;
		return {
			ok: told ? afterMs !== null && afterMs <= recoverWithinMs : "cannot_tell",
			expected: { withinMs: recoverWithinMs },
			actual: afterMs,
			message:
				afterMs === null
					? `99 % of the usual load were not in time again in the ${Math.round(lookedMs)} ms after the burst`
					: `99 % of the usual load were in time again ${Math.round(afterMs)} ms after the burst`,
		};
	},
};

const capacityOfStore: Check<CaseFacts> = {
	kind: "performance",
	judge(facts) {
		const stated = statedPerSec(facts.params);
		const measured = facts.observed.capacityPerSec;
		const seen = capacityPerSec(facts);
		return {
			ok: measured === null || Math.abs(seen / stated - 1) <= 0.1,
			expected: { about: stated },
			actual: measured,
			message: `the store took ${seen.toFixed(1)} events a second, by its slots it should take ${stated}`,
		};
	},
};

const refusalCheap: Check<CaseFacts> = {
	kind: "performance",
	judge(facts) {
		const pct = refusalCostPct(facts);
		return {
			ok: pct === null ? "cannot_tell" : pct < 2,
			expected: { belowPct: 2 },
			actual: pct,
			message: `a refusal takes ${facts.observed.refusalMs?.toFixed(3) ?? "–"} ms of the processor, ${pct?.toFixed(2) ?? "–"} % of the time that an event holds its slot`,
		};
	},
};

/** What the guards are for, by the clock. */
export const timedChecks: readonly Judgement<CaseFacts>[] = [
	about(isJudged, { checks: { goodput, "recovers-after-burst": recoversAfterBurst } }),
	about((facts) => isJudged(facts) && facts.observed.capacityPerSec !== null, {
		checks: { "capacity-is-the-store's": capacityOfStore },
	}),
	about((facts) => isJudged(facts) && facts.observed.refusalMs !== null, {
		checks: { "refusal-is-cheap": refusalCheap },
	}),
	about((facts: CaseFacts) => isJudged(facts) && facts.params.faults === "on", recovery),
];
