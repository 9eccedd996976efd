import { messageOf } from "../../base/errors.ts";
import type { Facts } from "../../scenarios/facts.ts";
import type { AnyScenario } from "../../scenarios/scenario.ts";
import type { CheckOutcome, MetricOutcome } from "./protocol.ts";

/** Runs a scenario's checks and metrics over plain facts. One that throws is reported as such and stops no other. */
export function judge(
	scenario: Pick<AnyScenario, "checks" | "metrics">,
	facts: Facts,
): { checks: CheckOutcome[]; metrics: MetricOutcome[] } {
	const checks = Object.entries(scenario.checks).map(([id, check]): CheckOutcome => {
		const common = { id, case: facts.case, kind: check.kind };
		try {
			const { ok, expected, actual, message } = check.judge(facts);
			// Such as an async check's promise: it would count as neither failed nor thrown, and so as passed.
			if (typeof ok !== "boolean")
				throw new Error(`it gave no ok, true or false, but ${typeof ok}`);
			return { ...common, ok, expected, actual, message };
		} catch (error) {
			const message = `the check threw: ${messageOf(error)}`;
			return { ...common, ok: null, expected: null, actual: null, message };
		}
	});
	const metrics = Object.entries(scenario.metrics ?? {}).map(([name, metric]): MetricOutcome => {
		const { measure, ...spec } = metric;
		let value: number | null = null;
		try {
			value = measure(facts);
		} catch {
			// A metric that can't be computed does not exist; its absence shows as null, never as 0.
		}
		const finite = value !== null && Number.isFinite(value) ? value : null;
		return { name, case: facts.case, value: finite, censored: false, ...spec };
	});
	return { checks, metrics };
}
