import type { Chart } from "../contract/chart.ts";
import type { JudgedSet } from "../contract/facts.ts";
import type { Check, Judgement, Metric } from "../contract/judgement.ts";
import {
	type Confusion,
	cellOf,
	confusionOf,
	type GuardTrial,
	namesPlaceAndRule,
	type Truth,
	wordsMissing,
} from "./confusion.ts";
import { countOf, medianOf, msOf, tallyOf } from "./metrics.ts";
import { noneWrong } from "./none-wrong.ts";

/** What the two counts are called that people who use such a guard speak of. */
export interface DetectorNames {
	caught: string;
	falseAlarms: string;
}

const usualNames: DetectorNames = {
	caught: "violations_detected_count",
	falseAlarms: "false_alarm_count",
};

/** The checks, metrics and chart of a guard, over the trials that `trialsOf` finds in the facts. */
export function detector<F>(
	trialsOf: (facts: F) => readonly GuardTrial[],
	names: DetectorNames = usualNames,
) {
	const confusion = (facts: F) => confusionOf(trialsOf(facts));
	type Counted = Extract<Check<F>, { kind: "correctness" }>;
	const check = (judge: (confusion: Confusion) => JudgedSet): Counted => ({
		kind: "correctness",
		judge: (facts) => judge(confusion(facts)),
	});
	return {
		checks: {
			"violations-caught": check(violationsCaught),
			"places-named": check(placesNamed),
			"no-false-alarms": check(noFalseAlarms),
			"every-trial-answered": check(everyTrialAnswered),
			"each-truth-tried": check(eachTruthTried),
		},
		metrics: metricsOver(confusion, names),
		charts: { "time-to-catch": timeToCatch(trialsOf) },
	} satisfies Judgement<F>;
}

function violationsCaught({ caught, missed }: Confusion): JudgedSet {
	const all = caught.length + missed.length;
	return noneWrong({
		over: all,
		wrong: missed.map(slippedText),
		held: `all ${all} violating changes were blocked`,
		broken: `of ${all} violating changes ${missed.length} passed`,
	});
}

function slippedText({ name, truth, smallest }: GuardTrial): string {
	const broken = truth.kind === "violating" ? ` (${truth.rule} of ${truth.place.join(".")})` : "";
	return `${name}${broken}${smallest === null ? "" : `, at its smallest: ${smallest}`}`;
}

function placesNamed({ caught }: Confusion): JudgedSet {
	const vague = caught.filter((trial) => !namesPlaceAndRule(trial));
	return noneWrong({
		over: caught.length,
		wrong: vague.map(
			(trial) => `${trial.name} without ${wordsMissing(trial).join(", ")}: ${messageOf(trial)}`,
		),
		held: `all ${caught.length} messages name the place and the rule`,
		broken: `of ${caught.length} messages ${vague.length} do not name place and rule`,
	});
}

function messageOf({ verdict }: GuardTrial): string {
	return verdict.kind === "passed" ? "" : verdict.message;
}

const saidOf = (trial: GuardTrial) => `${trial.name}: ${messageOf(trial)}`;

function noFalseAlarms({ falseAlarms, passedRightly }: Confusion): JudgedSet {
	const all = falseAlarms.length + passedRightly.length;
	return noneWrong({
		over: all,
		wrong: falseAlarms.map(saidOf),
		held: `all ${all} harmless changes passed`,
		broken: `of ${all} harmless changes ${falseAlarms.length} were blocked`,
	});
}

function everyTrialAnswered({ undecided, ...decided }: Confusion): JudgedSet {
	const all = undecided.length + Object.values(decided).flat().length;
	return noneWrong({
		over: all,
		wrong: undecided.map(saidOf),
		held: `the guard had an answer to all ${all} changes`,
		broken: `the guard had no answer to ${undecided.length} of ${all} changes`,
	});
}

/** Of any verdict, but a guard that was asked about changes of one truth only may always say the same. */
function eachTruthTried(confusion: Confusion): JudgedSet {
	const tried = Object.values(confusion).flat() as GuardTrial[];
	const countOf = (kind: Truth["kind"]) => tried.filter(({ truth }) => truth.kind === kind).length;
	const counts = {
		violating: countOf("violating"),
		harmless: countOf("harmless"),
		outside: countOf("outside"),
	};
	const untried = (["violating", "harmless"] as const).filter((kind) => counts[kind] === 0);
	return {
		over: null,
		ok: untried.length === 0,
		expected: { violatingAtLeast: 1, harmlessAtLeast: 1 },
		actual: counts,
		message:
			untried.length === 0
				? `${counts.violating} violating, ${counts.harmless} harmless and ${counts.outside} changes outside of the contract were tried`
				: `no ${untried.join(" and no ")} change was tried, so the guard has shown little`,
	};
}

function metricsOver<F>(
	confusion: (facts: F) => Confusion,
	names: DetectorNames,
): Record<string, Metric<F>> {
	return {
		violations_injected_count: tallyOf((facts) => violatingOf(confusion(facts)).length),
		[names.caught]: tallyOf((facts) => confusion(facts).caught.length),
		[names.falseAlarms]: countOf((facts) => confusion(facts).falseAlarms.length),
		outside_detected_pct: {
			unit: "pct",
			direction: "higher",
			portability: "exact",
			measure: (facts) => {
				const { outsideBlocked, outsidePassed } = confusion(facts);
				const all = outsideBlocked.length + outsidePassed.length;
				return all === 0 ? null : (100 * outsideBlocked.length) / all;
			},
		},
		time_to_catch_p50_ms: msOf((facts) => medianOf(confusion(facts).caught.flatMap(timeOf))),
	};
}

/** Those without a verdict too: they were injected. */
function violatingOf({ caught, missed, undecided }: Confusion): GuardTrial[] {
	return [...caught, ...missed, ...undecided.filter(({ truth }) => truth.kind === "violating")];
}

function timeOf({ verdict }: GuardTrial): number[] {
	return verdict.kind === "none" ? [] : [verdict.timeMs];
}

/** A line for each kind of change; where there are more than are told apart, the rarer ones share the last. */
const linesMax = 12;

function timeToCatch<F>(trialsOf: (facts: F) => readonly GuardTrial[]): Chart<F> {
	return {
		title: "Time to catch a violating change, by what was changed",
		x: { label: "trial, number" },
		y: { label: "time to catch, ms" },
		series: (facts) => {
			const caught = trialsOf(facts).flatMap((trial, n) =>
				cellOf(trial) === "caught" ? [{ change: trial.change, point: pointOf(n, trial) }] : [],
			);
			const byChange = [...Map.groupBy(caught, ({ change }) => change)].sort(
				([, a], [, b]) => b.length - a.length,
			);
			const own = byChange.length > linesMax ? byChange.slice(0, linesMax - 1) : byChange;
			const others = byChange.slice(own.length).flatMap(([, list]) => list);
			const line = (label: string, list: typeof caught) => ({
				label,
				points: list.map(({ point }) => point).toSorted(([a], [b]) => a - b),
			});
			return [
				...own.map(([change, list]) => line(change, list)),
				...(others.length === 0 ? [] : [line("others", others)]),
			];
		},
	};
}

function pointOf(n: number, trial: GuardTrial): readonly [number, number | null] {
	return [n, timeOf(trial)[0] ?? null];
}
