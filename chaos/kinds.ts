import { Ajv } from "ajv";
import { loadEntry, scanFolder } from "../base/catalog.ts";
import { FaultlineError, messageOf } from "../base/errors.ts";
import type { Acts, Fault } from "./fault.ts";

/** A folder in it for each thing that kinds act on. */
const folder = new URL("./kinds/", import.meta.url);
const shelves = "folders in it";
const ajv = new Ajv({ allErrors: true, strict: false, verbose: true, $data: true });

/** The fault kind of this name; `FLT_KIND_UNKNOWN` with the nearest where there is none. */
export async function loadKind(kind: string): Promise<Fault> {
	const fault = await loadEntry<Fault>(folder, kind, "fault kind", shelves);
	const lacking = lackingIn(fault);
	if (lacking.length === 0) return fault;
	throw new FaultlineError(
		"FLT_KIND_UNKNOWN",
		`fault kind "${kind}" is not whole: ${lacking.join("; ")}`,
		"a kind is what faultKind({ … }) of chaos/fault.ts gives; without all of it, what it breaks could not be taken back",
	);
}

const actsOn: Record<Acts, true> = {
	path: true,
	postgres: true,
	redis: true,
	kafka: true,
	process: true,
};
const actions = ["plan", "inject", "prove", "heal", "gone"] as const;

/** What a file gives is not what its type says until it has been looked at: the daemon runs it without a compiler. */
export function lackingIn(fault: Partial<Fault>): string[] {
	const { victim, acts, heals, params } = fault;
	return [
		...(typeof victim === "string" ? [] : ["victim says in a sentence what is seen"]),
		...(acts !== undefined && Object.hasOwn(actsOn, acts)
			? []
			: [`acts is one of ${Object.keys(actsOn).join(", ")}, and not ${JSON.stringify(acts)}`]),
		...(heals === "fully" || heals === "structure" ? [] : ['heals is "fully" or "structure"']),
		...(typeof params === "object" ? [] : ["params is a JSON Schema"]),
		...actions.flatMap((name) => (typeof fault[name] === "function" ? [] : [`${name} is missing`])),
	];
}

export function kindNames(): string[] {
	return [...kindFiles().keys()];
}

/** All kinds that load, and those that do not with the reason: one broken file hides no other. */
export async function allKinds(
	names: readonly string[] = kindNames(),
	load: (kind: string) => Promise<Fault> = loadKind,
): Promise<{ whole: [kind: string, fault: Fault][]; broken: { kind: string; error: string }[] }> {
	const whole: [string, Fault][] = [];
	const broken: { kind: string; error: string }[] = [];
	for (const kind of names)
		await load(kind).then(
			(fault) => whole.push([kind, fault]),
			(error: unknown) => broken.push({ kind, error: messageOf(error) }),
		);
	return { whole, broken };
}

/** The file of each kind. */
export function kindFiles(): Map<string, URL> {
	return scanFolder(folder, shelves);
}

/** Refuses parameters outside their bounds, all problems at once. */
export function checkKindParams(kind: string, fault: Fault, params: unknown): void {
	const validate = ajv.compile(fault.params);
	if (validate(params)) return;
	const problems = (validate.errors ?? []).map(
		(error) =>
			`${kind}${error.instancePath || " parameters"} ${error.message}, but is ${JSON.stringify(error.data)}`,
	);
	throw new FaultlineError(
		"FLT_PARAM_INVALID",
		problems.join("; "),
		`see GET /faults/kinds for ${kind}`,
	);
}
