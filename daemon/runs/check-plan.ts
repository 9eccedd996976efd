import { FaultlineError, messageOf } from "../../base/errors.ts";
import type { ServiceId } from "../../base/services.ts";
import { processesOf, type ServiceProcess } from "../../base/services.ts";
import { type Fault, type FaultSpec, heldOn } from "../../chaos/fault.ts";
import { apartMs, tooClose } from "../../chaos/grammar.ts";
import { checkKindParams, kindNames, loadKind } from "../../chaos/kinds.ts";
import { ruleProblems, watchedBy } from "../../scenarios/contract/alert-rule.ts";
import type { PlanData } from "../../scenarios/contract/plan.ts";
import { listens } from "../../scenarios/contract/subject.ts";
import { steadyIntervals } from "../alerts/rules.ts";
import { runsInNode } from "../host/program.ts";

/**
 * Holds a plan against itself before anything starts: every name it uses exists, times are in order, kinds know their
 * parameters. All problems come together in one `FLT_PLAN_INVALID`; a fault without a path is `FLT_NO_PATH`.
 */
export async function checkPlan(
	plan: PlanData,
	needs: readonly ServiceId[],
	startedHere: (process: ServiceProcess) => boolean,
): Promise<void> {
	const problems: string[] = [];
	const subjects = Object.keys(plan.subjects ?? {});
	for (const [path, target] of Object.entries(plan.paths)) {
		if (typeof target === "string") {
			if (!needs.includes(target))
				problems.push(`path "${path}" leads to ${target}, which is not in needs`);
		} else if (!subjects.includes(target.subject)) {
			problems.push(`path "${path}" leads to no subject "${target.subject}"`);
		} else if (!listens(plan.subjects?.[target.subject]?.ready)) {
			problems.push(
				`path "${path}" leads to subject "${target.subject}", which listens on no port: let its ready be "line", "port" or { http }`,
			);
		}
	}
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

	const loads = Object.keys(plan.loads);
	for (const [name, load] of Object.entries(plan.loads)) {
		for (const [client, spec] of Object.entries(load.clients)) {
			if (!Object.hasOwn(plan.paths, spec.at)) {
				problems.push(`client "${client}" of load "${name}" is at no path "${spec.at}"`);
			}
		}
		if (!(load.inFlightMax >= load.workers)) {
			problems.push(
				`load "${name}": inFlightMax must be at least workers, but is ${load.inFlightMax}`,
			);
		}
	}
	for (const threshold of [...(plan.steady ?? []), ...(plan.abortWhen ?? [])]) {
		if ("load" in threshold && !loads.includes(threshold.load))
			problems.push(`a threshold watches no load "${threshold.load}"`);
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

	const services = needs.flatMap((need) =>
		processesOf(need).filter((process) => process === need || startedHere(process)),
	);
	const noPath: string[] = [];
	const held: { holds: string; fault: FaultSpec }[] = [];
	const hold = await loadKind("hold-at-step");
	for (const fault of plan.faults ?? []) {
		const at = `fault ${fault.kind} on "${fault.on}"`;
		if (!(fault.fromMs >= 0 && fault.toMs > fault.fromMs)) {
			problems.push(`${at}: 0 ≤ fromMs < toMs, but they are ${fault.fromMs} and ${fault.toMs}`);
		}
		try {
			const kind = await loadKind(fault.kind);
			checkKindParams(fault.kind, kind, fault.params);
			const struck = fault.at?.subject;
			if (struck !== undefined && !subjects.includes(struck))
				noPath.push(
					`${at}: it strikes at a step of a subject "${struck}", and there are: ${subjects.join(", ") || "none"}`,
				);
			for (const holds of [
				heldOn(kind, fault.on),
				struck === undefined ? null : heldOn(hold, struck),
			]) {
				if (holds === null) continue;
				const other = held.find((each) => each.holds === holds && tooClose(each.fault, fault));
				if (other)
					problems.push(
						`${at}: ${other.fault.kind} on "${other.fault.on}" holds ${holds} at that time, or ended less than ${apartMs} ms before`,
					);
				held.push({ holds, fault });
			}
			const why = await kind.available?.(startedHere);
			if (typeof why === "string") problems.push(`${at}: it is unavailable here: ${why}`);
			await kind.warm?.();
			const { what, on } = placesFor(kind, plan, services);
			if (!on.includes(fault.on)) {
				noPath.push(`${at}: it acts on a ${what}, and there are: ${on.join(", ") || "none"}`);
			} else if (
				kind.acts !== "process" &&
				kind.acts !== "path" &&
				plan.paths[fault.on] !== kind.acts
			) {
				noPath.push(`${at}: this path does not lead to ${kind.acts}`);
			} else if (kind.ownServer && !startedHere(kind.acts as ServiceProcess)) {
				noPath.push(`${at}: ${kind.acts} is external, and this kind needs one that we started`);
			} else if (
				kind.acts === "process" &&
				!subjects.includes(fault.on) &&
				!startedHere(fault.on as ServiceProcess)
			) {
				noPath.push(`${at}: ${fault.on} is external, and only what this daemon started is broken`);
			}
		} catch (error) {
			problems.push(`${at}: ${messageOf(error)}`);
		}
	}
	if (problems.length > 0) {
		throw new FaultlineError(
			"FLT_PLAN_INVALID",
			[...problems, ...noPath].join("; "),
			"mend the scenario's plan",
		);
	}
	if (noPath.length > 0) {
		throw new FaultlineError(
			"FLT_NO_PATH",
			noPath.join("; "),
			"name a path or subject of the plan",
		);
	}
}

/** What a kind can act on, in words and by name. */
function placesFor(
	{ acts, within }: Fault,
	{ subjects = {}, paths }: PlanData,
	services: readonly ServiceProcess[],
): { what: string; on: string[] } {
	if (acts !== "process") return { what: acts, on: Object.keys(paths) };
	const names = Object.keys(subjects);
	switch (within) {
		case undefined:
			return { what: acts, on: [...names, ...services] };
		case "subject":
			return { what: "subject", on: names };
		case "node":
			return {
				what: "subject that Node runs",
				on: names.filter((name) => runsInNode(subjects[name]!)),
			};
		default:
			return within satisfies never;
	}
}
