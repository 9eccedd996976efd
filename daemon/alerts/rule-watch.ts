import type { AlertRule } from "../../scenarios/contract/alert-rule.ts";
import type { CaseTimes, Condition } from "./condition.ts";
import { conditionOf } from "./condition-of.ts";
import type { View } from "./rules.ts";

export type RuleState = "quiet" | "pending" | "firing";

/** One alert rule over the interval stream: quiet → pending → firing → resolved. */
export class RuleWatch {
	readonly rule: AlertRule;
	readonly firedMs: number[] = [];
	readonly resolvedMs: number[] = [];
	/** One for each firing: when somebody took it on. */
	readonly acknowledgedMs: (number | null)[] = [];
	readonly #times: CaseTimes;
	readonly #condition: Condition;
	#matched = 0;

	constructor(rule: AlertRule, times: CaseTimes) {
		this.rule = rule;
		this.#times = times;
		this.#condition = conditionOf(rule, times);
	}

	get state(): RuleState {
		if (this.firedMs.length > this.resolvedMs.length) return "firing";
		return this.#matched > 0 ? "pending" : "quiet";
	}

	/** How long it must match before it fires: a match counts from the end of its interval. */
	get forMs(): number {
		return this.rule.forIntervals * this.#times.intervalMs;
	}

	/** The shortest fault that could make it fire. */
	get shortestFaultMs(): number {
		return this.#condition.shortestMs + this.forMs - this.#times.intervalMs;
	}

	/** Takes an interval or a reading in; the change it made, if any. */
	see(view: View): "fired" | "resolved" | null {
		const match = this.#condition.match(view);
		if (match === null) return null;
		const firing = this.state === "firing";
		if (!match) {
			this.#matched = 0;
			if (!firing) return null;
			this.resolvedMs.push(view.toMs);
			return "resolved";
		}
		this.#matched += 1;
		if (firing || this.#matched < this.rule.forIntervals) return null;
		this.firedMs.push(view.toMs);
		this.acknowledgedMs.push(null);
		return "fired";
	}
}
