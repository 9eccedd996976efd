import {
	type BurnRateRule,
	budgetPct,
	dayWindows,
} from "../../../scenarios/contract/alert-rule.ts";
import type { IntervalView } from "../../record/interval.ts";
import type { CaseTimes, Condition } from "../condition.ts";
import { rateOver } from "../rules.ts";

/**
 * Matches while errors use up the budget too fast over both windows of a pair. A window that is not full yet is taken as
 * far as it goes: a run is short, and would often be over before its long windows are full.
 */
export function burnRate(rule: BurnRateRule, { intervalMs, plannedMs }: CaseTimes): Condition {
	const budget = budgetPct(rule);
	const windows = rule.windows ?? dayWindows(plannedMs, intervalMs);
	const keptMs = Math.max(...windows.map(({ longMs }) => longMs));
	const views: IntervalView[] = [];
	const burns = (windowMs: number, factor: number) => {
		const endMs = views.at(-1)!.toMs;
		// Half an interval of slack: a window of three intervals holds three, however its sum was rounded.
		const within = views.filter(({ fromMs }) => fromMs >= endMs - windowMs - intervalMs / 2);
		const errorPct = rateOver(within, "error_pct");
		return errorPct !== null && errorPct > factor * budget;
	};
	return {
		match(view) {
			if (!("load" in view) || view.load !== rule.load) return null;
			views.push(view);
			while (views[0]!.fromMs < view.toMs - keptMs - intervalMs) views.shift();
			return windows.some(
				({ longMs, shortMs, factor }) => burns(longMs, factor) && burns(shortMs, factor),
			);
		},
		// A fault that lets every operation fail must fill this share of the long window; a pair where it is 1 never fires.
		shortestMs: Math.max(
			intervalMs,
			Math.min(
				...windows.map(({ longMs, factor }) => {
					const share = (factor * budget) / 100;
					return share < 1 ? share * longMs : Number.POSITIVE_INFINITY;
				}),
			),
		),
	};
}
