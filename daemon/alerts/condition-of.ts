import type { AlertRule } from "../../scenarios/contract/alert-rule.ts";
import type { CaseTimes, Condition } from "./condition.ts";
import { absence } from "./kinds/absence.ts";
import { burnRate } from "./kinds/burn-rate.ts";
import { change } from "./kinds/change.ts";
import { threshold } from "./kinds/threshold.ts";

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
