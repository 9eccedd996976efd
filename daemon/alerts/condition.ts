import type { AlertRule } from "../../scenarios/alert-rule.ts";
import type { View } from "../runs/rules.ts";
import { absence } from "./kinds/absence.ts";
import { burnRate } from "./kinds/burn-rate.ts";
import { change } from "./kinds/change.ts";
import { threshold } from "./kinds/threshold.ts";

/** The times of a case that a rule may lean on. */
export interface CaseTimes {
	intervalMs: number;
	/** How long the load runs by plan. */
	plannedMs: number;
}

/** What a kind of rule makes of the interval stream. */
export interface Condition {
	/** Does it match now, with this view taken in? Null where the view says nothing about it. */
	match(view: View): boolean | null;
	/** The shortest fault that could make it match once, whatever the fault does. */
	shortestMs: number;
}

/** The condition of a rule, one file per kind. */
export function conditionOf(rule: AlertRule, times: CaseTimes): Condition {
	switch (rule.kind) {
		case undefined:
		case "threshold":
			return threshold(rule, times);
		case "change":
			return change(rule, times);
		case "absence":
			return absence(rule, times);
		case "burn-rate":
			return burnRate(rule, times);
		default:
			return rule satisfies never;
	}
}
