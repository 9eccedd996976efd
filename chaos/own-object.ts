import { FaultlineError } from "../base/errors.ts";
import type { Target } from "./target.ts";

/** The full name of an object of the run's; refused where no run made it, as for a fault by hand. */
export function ownObject(target: Target, of: "topic" | "key" | "slot", name: string): string {
	const own = target.ownName(of, name);
	if (target.owns(own)) return own;
	throw new FaultlineError(
		"FLT_NO_PATH",
		`${of} "${own}" is no run's own`,
		"this kind destroys data, so it acts only on what the run made, in a run",
	);
}
