import { FaultlineError, messageOf } from "../../base/errors.ts";
import { redactUrl } from "../../base/redact.ts";
import type { ServiceId } from "../../base/services.ts";
import { processesOf, type ServiceProcess } from "../../base/services.ts";
import { type Fault, type FaultSpec, heldOn } from "../../chaos/fault.ts";
import { apartMs, tooClose } from "../../chaos/grammar.ts";
import { checkKindParams, loadKind } from "../../chaos/kinds.ts";
import { isExternal } from "../../scenarios/contract/external.ts";
import type { PlanData } from "../../scenarios/contract/plan.ts";
import { runsInNode } from "../host/program.ts";
import { howToAllow, whyNotAllowed } from "../stage/target.ts";
import { spokenAt } from "./check-paths.ts";

/** What faults are held against, beside their plan. */
export interface PlanGround {
	needs: readonly ServiceId[];
	/** Whether this daemon has started a process of the stack, or would on demand. */
	startedHere(process: ServiceProcess): boolean;
	/** Whether faults may break what Faultline has not started. */
	allowDestructive: boolean;
}

/** What is wrong with faults: by themselves, with what they act on, and with what nobody has allowed. */
export interface FaultProblems {
	wrong: string[];
	noPath: string[];
	notAllowed: string[];
}

type PlanPlaces = Pick<PlanData, "paths" | "subjects">;

/** Every problem of a plan's faults. What the kinds load, they load here, and not just before their instant. */
export async function problemsOfFaults(
	plan: PlanPlaces & Pick<PlanData, "faults">,
	ground: PlanGround,
): Promise<FaultProblems> {
	const problems: FaultProblems = { wrong: [], noPath: [], notAllowed: [] };
	const held: { holds: string; fault: FaultSpec }[] = [];
	const subjects = Object.keys(plan.subjects ?? {});
	for (const fault of plan.faults ?? []) {
		const at = `fault ${fault.kind} on "${fault.on}"`;
		if (!(fault.fromMs >= 0 && fault.toMs > fault.fromMs))
			problems.wrong.push(
				`${at}: 0 ≤ fromMs < toMs, but they are ${fault.fromMs} and ${fault.toMs}`,
			);
		try {
			const kind = await loadKind(fault.kind);
			checkKindParams(fault.kind, kind, fault.params);
			const struck = fault.at?.subject;
			if (struck !== undefined && !subjects.includes(struck))
				problems.noPath.push(
					`${at}: it strikes at a step of a subject "${struck}", and there are: ${subjects.join(", ") || "none"}`,
				);
			for (const holds of await heldBy(fault)) {
				const other = held.find((each) => each.holds === holds && tooClose(each.fault, fault));
				if (other)
					problems.wrong.push(
						`${at}: ${other.fault.kind} on "${other.fault.on}" holds ${holds} at that time, or ended less than ${apartMs} ms before`,
					);
				held.push({ holds, fault });
			}
			const why = await kind.available?.(ground.startedHere);
			if (typeof why === "string") problems.wrong.push(`${at}: it is unavailable here: ${why}`);
			await kind.warm?.();
			problemOfPlace(fault, kind, plan, ground, problems);
		} catch (error) {
			problems.wrong.push(`${at}: ${messageOf(error)}`);
		}
	}
	return problems;
}

/** What a fault has for itself while it is in force: two that hold the same at the same time are refused. */
export async function heldBy({ kind, on, at }: FaultSpec): Promise<string[]> {
	const own = heldOn(await loadKind(kind), on);
	const step = at === undefined ? null : heldOn(await loadKind("hold-at-step"), at.subject);
	return [own, step].filter((holds) => holds !== null);
}

/** Throws where a random timeline of these kinds could act on what is not there, or what nobody has allowed. */
export async function checkPlaces(
	places: readonly { kind: string; on: string }[],
	plan: PlanPlaces,
	ground: PlanGround,
): Promise<void> {
	const problems: FaultProblems = { wrong: [], noPath: [], notAllowed: [] };
	for (const place of places)
		problemOfPlace(place, await loadKind(place.kind), plan, ground, problems);
	throwProblems(problems);
}

/** Throws what is wrong, all of it together; where just a permission is wanting, as `FLT_FORBIDDEN`. */
export function throwProblems({ wrong, noPath, notAllowed }: FaultProblems): void {
	const all = [...wrong, ...noPath, ...notAllowed];
	if (all.length === 0) return;
	const message = all.join("; ");
	if (wrong.length > 0)
		throw new FaultlineError("FLT_PLAN_INVALID", message, "mend the scenario's plan");
	if (noPath.length > 0)
		throw new FaultlineError("FLT_NO_PATH", message, "name a path or subject of the plan");
	throw new FaultlineError("FLT_FORBIDDEN", message, howToAllow);
}

function problemOfPlace(
	{ kind: name, on }: { kind: string; on: string },
	kind: Fault,
	plan: PlanPlaces,
	{ needs, startedHere, allowDestructive }: PlanGround,
	{ noPath, notAllowed }: FaultProblems,
): void {
	const at = `fault ${name} on "${on}"`;
	const services = needs.flatMap((need) =>
		processesOf(need).filter((process) => process === need || startedHere(process)),
	);
	const { what, names } = placesFor(kind, plan, services);
	const target = plan.paths[on];
	if (!names.includes(on))
		noPath.push(`${at}: it acts on a ${what}, and there are: ${names.join(", ") || "none"}`);
	else if (kind.acts !== "process" && kind.acts !== "path" && insideOf(target) !== kind.acts)
		noPath.push(`${at}: this path does not lead to ${kind.acts}`);
	else if (isExternal(target) && kind.ownServer)
		noPath.push(
			`${at}: ${redactUrl(target.url)} is external, and this kind needs one that we started`,
		);
	else if (isExternal(target) && kind.acts !== "path") {
		if (!allowDestructive) notAllowed.push(`${at}: ${whyNotAllowed(on, redactUrl(target.url))}`);
	} else if (kind.ownServer && !startedHere(kind.acts as ServiceProcess))
		noPath.push(`${at}: ${kind.acts} is external, and this kind needs one that we started`);
	else if (
		kind.acts === "process" &&
		!Object.hasOwn(plan.subjects ?? {}, on) &&
		!startedHere(on as ServiceProcess)
	)
		noPath.push(`${at}: ${on} is external, and only what this daemon started is broken`);
}

/** The server that a path leads to, where a kind can act inside of one. */
function insideOf(target: PlanData["paths"][string] | undefined): string | null {
	return typeof target === "string" ? target : isExternal(target) ? spokenAt(target) : null;
}

/** What a kind can act on, in words and by name. */
function placesFor(
	{ acts, within }: Fault,
	{ subjects = {}, paths }: PlanPlaces,
	services: readonly ServiceProcess[],
): { what: string; names: string[] } {
	if (acts !== "process") return { what: acts, names: Object.keys(paths) };
	const own = Object.keys(subjects);
	switch (within) {
		case undefined: {
			const external = Object.keys(paths).filter((path) => isExternal(paths[path]));
			return { what: acts, names: [...own, ...external, ...services] };
		}
		case "subject":
			return { what: "subject", names: own };
		case "node":
			return {
				what: "subject that Node runs",
				names: own.filter((name) => runsInNode(subjects[name]!)),
			};
		default:
			return within satisfies never;
	}
}
