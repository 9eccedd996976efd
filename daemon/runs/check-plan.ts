import type { ServiceId } from "../../base/services.ts";
import { kindNames } from "../../chaos/kinds.ts";
import { ruleProblems, watchedBy } from "../../scenarios/contract/alert-rule.ts";
import type { PlanData } from "../../scenarios/contract/plan.ts";
import {
	type GaugeThreshold,
	signals,
	type Threshold,
} from "../../scenarios/contract/threshold.ts";
import { steadyIntervals } from "../alerts/rules.ts";
import { type PlanGround, problemsOfFaults, throwProblems } from "./check-faults.ts";
import { type KnownDrivers, problemsOfClients, problemsOfPaths } from "./check-paths.ts";

/** What is known of the run that a plan is for. */
export interface PlanAsked {
	/** Whether faults may break what Faultline has not started. */
	allowDestructive: boolean;
	/** The drivers that are known: those that are not were looked at before, or are later. */
	drivers: KnownDrivers;
}

/**
 * Holds a plan against itself before anything starts: every name it uses exists, times are in order, kinds know their
 * parameters. All problems come together in one `FLT_PLAN_INVALID`; a fault without a path is `FLT_NO_PATH`, one that
 * nobody has allowed `FLT_FORBIDDEN`.
 */
export async function checkPlan(
	plan: PlanData,
	needs: readonly ServiceId[],
	startedHere: PlanGround["startedHere"],
	{ allowDestructive, drivers }: PlanAsked = { allowDestructive: false, drivers: new Map() },
): Promise<void> {
	const problems: string[] = [...problemsOfPaths(plan, needs)];
	const subjects = Object.keys(plan.subjects ?? {});
	const { warmMs, steadyMs, recoverLimitMs, intervalMs } = plan.phases;
	for (const [name, value] of Object.entries({ warmMs, steadyMs, recoverLimitMs })) {
		if (!(value >= 0)) problems.push(`phases.${name} must be at least 0, but is ${value}`);
	}
	if (plan.phases.steadyLimitMs < steadyMs)
		problems.push(
			`phases.steadyLimitMs must be at least steadyMs, ${steadyMs}, but is ${plan.phases.steadyLimitMs}`,
		);
	if (plan.faults?.length && plan.steady?.length && recoverLimitMs === 0)
		problems.push(
			"phases.recoverLimitMs must be over 0: without time nothing comes back from the faults",
		);
	// Intervals count from the load's zero: one that begins in warm-up shows nothing of the steady phase.
	const whole = Math.floor((warmMs + steadyMs) / intervalMs) - Math.ceil(warmMs / intervalMs);
	if (plan.steady?.length && whole < steadyIntervals) {
		problems.push(
			`phases.steadyMs must hold ${steadyIntervals} whole intervals of ${intervalMs} ms to show steady state, but ${steadyMs} ms after ${warmMs} ms of warm-up hold ${whole}`,
		);
	}
	if (!(intervalMs >= 50))
		problems.push(`phases.intervalMs must be at least 50, but is ${intervalMs}`);

	problems.push(...problemsOfClients(plan, drivers));
	const loads = Object.keys(plan.loads);
	for (const [name, load] of Object.entries(plan.loads)) {
		if (!(load.inFlightMax >= load.workers)) {
			problems.push(
				`load "${name}": inFlightMax must be at least workers, but is ${load.inFlightMax}`,
			);
		}
	}
	for (const threshold of [...(plan.steady ?? []), ...(plan.abortWhen ?? [])]) {
		if ("load" in threshold && !loads.includes(threshold.load))
			problems.push(`a threshold watches no load "${threshold.load}"`);
		problems.push(...problemsOfThreshold(threshold));
	}
	for (const rule of plan.alerts ?? []) {
		const watched = watchedBy(rule);
		const wrong = ruleProblems(rule);
		if ("load" in watched && !loads.includes(watched.load))
			wrong.push(`it watches no load "${watched.load}"`);
		if (plan.alerts!.some((other) => other !== rule && other.id === rule.id))
			wrong.push("there is another of this name");
		const { kind, on } = rule.about ?? {};
		if (kind !== undefined && !kindNames().includes(kind))
			wrong.push(`it is about no kind of fault "${kind}"`);
		if (
			on !== undefined &&
			![...Object.keys(plan.paths), ...subjects, ...needs].includes(on as ServiceId)
		)
			wrong.push(`it is about no path, subject or service "${on}"`);
		problems.push(...wrong.map((problem) => `alert "${rule.id}": ${problem}`));
	}

	const faults = await problemsOfFaults(plan, { needs, startedHere, allowDestructive });
	throwProblems({ ...faults, wrong: [...problems, ...faults.wrong] });
}

/** What a compiler would have said of it, for files that nobody has compiled. */
function problemsOfThreshold(threshold: Threshold | GaugeThreshold): string[] {
	const { is, value } = threshold;
	const isOf =
		"load" in threshold ? `of load "${threshold.load}"` : `of gauge "${threshold.gauge}"`;
	const problem = (what: string) => `a threshold ${isOf} ${what}`;
	return [
		...("load" in threshold && !signals.includes(threshold.signal)
			? [problem(`has no signal "${threshold.signal}"; there are: ${signals.join(", ")}`)]
			: []),
		...(is === "below" || is === "above"
			? []
			: [problem(`is "below" or "above", and not "${is}"`)]),
		...(Number.isFinite(value) ? [] : [problem(`has a value that is a number, and not ${value}`)]),
	];
}
