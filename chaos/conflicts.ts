import { FaultlineError } from "../base/errors.ts";
import { type Fault, type FaultSpec, heldOn } from "./fault.ts";
import { loadKind } from "./kinds.ts";
import type { Ledger } from "./ledger.ts";

/** `FLT_CONFLICT` where a fault that is not healed yet holds what this one would change. */
export async function refuseHeld(
	ledger: Ledger,
	spec: Pick<FaultSpec, "kind" | "on">,
	fault: Fault,
): Promise<void> {
	const holds = heldOn(fault, spec.on);
	if (holds === null) return;
	for (const entry of ledger.pending) {
		if (heldOn(await loadKind(entry.kind), entry.on) !== holds) continue;
		throw new FaultlineError(
			"FLT_CONFLICT",
			`${spec.kind} on ${spec.on}: ${entry.kind} on ${entry.on} holds ${holds} until it is healed`,
			"one after the other, not at once",
		);
	}
}
