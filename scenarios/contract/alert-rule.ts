import type { GaugeThreshold, Signal, Threshold } from "./threshold.ts";

/** What a rule can follow: a signal of a load, or a gauge of the scenario's own. */
export type Watched<Load extends string = string> =
	| { load: Load; signal: Signal }
	| { gauge: string };

/** The faults that a rule is meant for: of this kind, on this path or subject. What is left out matches any. */
export interface About {
	kind?: string;
	on?: string;
}

interface RuleBase {
	id: string;
	/** It is pending from the first interval that matches, and fires at the end of this many in a row. */
	forIntervals: number;
	/** Firings during other faults count against it; default all faults. */
	about?: About;
}

/** The value is beyond a limit. The kind that a rule is without saying so. */
export type ThresholdRule<Load extends string = string> = RuleBase & {
	kind?: "threshold";
	when: Threshold<Load> | GaugeThreshold;
};

/** The value moves faster than `perSec`, taken between two intervals that lie `overIntervals` apart; falling is below 0. */
export type ChangeRule<Load extends string = string> = RuleBase & {
	kind: "change";
	of: Watched<Load>;
	is: "below" | "above";
	perSec: number;
	/** Default 1: from one interval to the next. */
	overIntervals?: number;
};

/** There is no value, as the latency of nothing, or nothing was reported while others reported. */
export type AbsenceRule<Load extends string = string> = RuleBase & {
	kind: "absence";
	of: Watched<Load>;
};

/** Errors use up the budget `factor` times too fast, over both windows: the long one for proof, the short one for now. */
export interface BurnWindow {
	longMs: number;
	shortMs: number;
	factor: number;
}

/** Errors of a load against an objective; any pair of windows is enough. */
export type BurnRateRule<Load extends string = string> = RuleBase & {
	kind: "burn-rate";
	load: Load;
	/** The share of operations that must succeed: 99 leaves 1 % of errors as the budget. */
	objectivePct: number;
	/** Default: the customary ones, as if the run were a day (`dayWindows`). */
	windows?: readonly BurnWindow[];
};

/** A rule that watches the intervals: quiet → pending → firing → resolved. */
export type AlertRule<Load extends string = string> =
	| ThresholdRule<Load>
	| ChangeRule<Load>
	| AbsenceRule<Load>
	| BurnRateRule<Load>;

/** The load or gauge that a rule follows. */
export function watchedBy(rule: AlertRule): { load: string } | { gauge: string } {
	switch (rule.kind) {
		case undefined:
		case "threshold":
			return rule.when;
		case "change":
		case "absence":
			return rule.of;
		case "burn-rate":
			return { load: rule.load };
		default:
			return rule satisfies never;
	}
}

/** The share of operations that may fail. */
export function budgetPct({ objectivePct }: Pick<BurnRateRule, "objectivePct">): number {
	// Rounded: 100 − 99.9 would be 0.09999999999999432.
	return Number((100 - objectivePct).toPrecision(9));
}

/**
 * The customary pairs of windows, 1 h with 5 min at 14.4 and 6 h with 30 min at 6, where the whole run stands for a day;
 * none is shorter than an interval.
 */
export function dayWindows(runMs: number, intervalMs: number): BurnWindow[] {
	const ofDay = (minutes: number) => Math.max(intervalMs, (runMs * minutes) / 1_440);
	return [
		{ longMs: ofDay(60), shortMs: ofDay(5), factor: 14.4 },
		{ longMs: ofDay(360), shortMs: ofDay(30), factor: 6 },
	];
}

/** What is wrong with a rule's numbers; empty where nothing is. */
export function ruleProblems(rule: AlertRule): string[] {
	const problems: string[] = [];
	const whole = (name: string, value: number) => {
		if (!(Number.isInteger(value) && value >= 1))
			problems.push(`${name} must be a whole number from 1, but is ${value}`);
	};
	whole("forIntervals", rule.forIntervals);
	switch (rule.kind) {
		case undefined:
		case "threshold":
		case "absence":
			break;
		case "change":
			whole("overIntervals", rule.overIntervals ?? 1);
			break;
		case "burn-rate":
			if (!(rule.objectivePct > 0 && rule.objectivePct < 100))
				problems.push(
					`objectivePct must lie between 0 and 100, both left out, but is ${rule.objectivePct}`,
				);
			for (const { longMs, shortMs, factor } of rule.windows ?? [])
				if (!(shortMs > 0 && longMs >= shortMs && factor > 0))
					problems.push(
						`a window needs 0 < shortMs ≤ longMs and factor > 0, but has ${shortMs}, ${longMs} and ${factor}`,
					);
			if ((rule.windows ?? dayWindows(1, 0)).every(({ factor }) => factor * budgetPct(rule) >= 100))
				problems.push(
					`it can't fire: no factor times the budget of ${budgetPct(rule)} % stays below 100 %`,
				);
			break;
		default:
			rule satisfies never;
	}
	return problems;
}
