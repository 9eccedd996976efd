import { Ajv } from "ajv";
import { loadEntry, scanFolder } from "../base/catalog.ts";
import { FaultlineError } from "../base/errors.ts";
import type { Fault } from "./fault.ts";

/** A folder in it for each thing that kinds act on. */
const folder = new URL("./kinds/", import.meta.url);
const shelves = "folders in it";
const ajv = new Ajv({ allErrors: true, strict: false, verbose: true, $data: true });

/** The fault kind of this name; `FLT_KIND_UNKNOWN` with the nearest where there is none. */
export function loadKind(kind: string): Promise<Fault> {
	return loadEntry<Fault>(folder, kind, "fault kind", shelves);
}

export function kindNames(): string[] {
	return [...kindFiles().keys()];
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
