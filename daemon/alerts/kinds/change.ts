import type { ChangeRule } from "../../../scenarios/contract/alert-rule.ts";
import type { CaseTimes, Condition } from "../condition.ts";
import { crosses, valueIn, watches } from "../rules.ts";

/** Matches while the value moves faster than its limit. A value that is missing at either end moves nowhere. */
export function change(
	{ of, is, perSec, overIntervals = 1 }: ChangeRule,
	{ intervalMs }: CaseTimes,
): Condition {
	const earlier: { toMs: number; value: number | null }[] = [];
	return {
		match(view) {
			if (!watches(of, view)) return null;
			const now = { toMs: view.toMs, value: valueIn(of, view) };
			earlier.push(now);
			if (earlier.length > overIntervals + 1) earlier.shift();
			const then = earlier[0]!;
			if (earlier.length <= overIntervals || then.value === null || now.value === null)
				return false;
			const movedPerSec = (1_000 * (now.value - then.value)) / (now.toMs - then.toMs);
			return crosses({ is, value: perSec }, movedPerSec);
		},
		shortestMs: intervalMs,
	};
}
