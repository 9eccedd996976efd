import type { Facts } from "../../scenarios/contract/facts.ts";
import type { MetricOutcome } from "../host/protocol.ts";

const machine = { portability: "machine" } as const;

/** The metrics that every run has without asking: recovery, detection, latency and throughput per load. */
export function standardMetrics(facts: Facts): MetricOutcome[] {
	const base = { case: facts.case, censored: false };
	const metrics: MetricOutcome[] = [];
	if (facts.recovery !== null) {
		const { mttrMs, censored } = facts.recovery;
		metrics.push({
			...base,
			...machine,
			name: "mttr_ms",
			value: mttrMs,
			unit: "ms",
			direction: "lower",
			censored,
		});
	}
	const detectMs = detectionMs(facts);
	if (detectMs !== undefined) {
		metrics.push({
			...base,
			...machine,
			name: "mttd_ms",
			value: detectMs,
			unit: "ms",
			direction: "lower",
		});
	}
	for (const { name, phase, summary } of facts.loads) {
		if (phase !== "steady") continue;
		for (const quantile of ["p50", "p99"] as const) {
			metrics.push({
				...base,
				...machine,
				name: `${name}_steady_response_${quantile}_us`,
				value: summary.response_us[quantile],
				unit: "us",
				direction: "lower",
				censored: summary.censored.includes(`response_us.${quantile}`),
			});
		}
		metrics.push({
			...base,
			...machine,
			name: `${name}_steady_achieved_per_sec`,
			value: summary.achieved_per_sec,
			unit: "per_sec",
			direction: "higher",
		});
	}
	return metrics;
}

/**
 * First proved injection → first rule that fired after it; null when none did, undefined where nothing could be
 * detected because there was no fault or no rule.
 */
function detectionMs(facts: Facts): number | null | undefined {
	const injected = facts.faults.flatMap((fault) =>
		fault.provedMs === null || fault.injectedMs === null ? [] : [fault.injectedMs],
	);
	// Rules from outside come and go with whoever has set them up: no metric of the scenario.
	const rules = facts.alerts.filter(({ origin }) => origin === "plan");
	if (injected.length === 0 || rules.length === 0) return undefined;
	const fromMs = Math.min(...injected);
	const fired = rules.flatMap((alert) => alert.firedMs).filter((at) => at >= fromMs);
	return fired.length === 0 ? null : Math.min(...fired) - fromMs;
}
