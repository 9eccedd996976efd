import type { FaultSpec } from "faultline";
import { faultsOfGroup } from "../../subjects/streams/group-faults.ts";
import { memberNames } from "../../subjects/streams/group-params.ts";
import { groupName } from "./names.ts";
import type { P } from "./params.ts";

/** One fault, or all of them one after another. */
export function faultsOf(p: P): FaultSpec[] {
	return faultsOfGroup({ ...p, group: groupName(p), members: memberNames(p) });
}
