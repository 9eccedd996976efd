import { FaultlineError } from "../../base/errors.ts";
import type { PaceChange } from "../../load/dues.ts";
import type { PlanData } from "../../scenarios/contract/plan.ts";
import type { CaseRun } from "./case-run.ts";

const answerLimitMs = 15_000;

/** Gives one of the loads that run another pace; throws `FLT_CONFLICT` for any other, and for a rate of a closed one. */
export async function steerLoad(
	{ host, events }: Pick<CaseRun, "host" | "events">,
	running: PlanData["loads"],
	load: string,
	change: PaceChange,
): Promise<void> {
	const spec = running[load];
	if (spec === undefined) {
		const names = Object.keys(running).join(", ") || "none";
		throw new FaultlineError(
			"FLT_CONFLICT",
			`no load "${load}" is running`,
			`running now: ${names}; loads run from warming to the end of recovering`,
		);
	}
	if (change.kind === "rate" && spec.arrival.kind === "closed")
		throw new FaultlineError(
			"FLT_CONFLICT",
			`load "${load}" is closed: its target sets the rate`,
			"pause it, or give it an open arrival",
		);
	await host.call({ do: "steerLoad", load, change }, answerLimitMs);
	const what = change.kind === "rate" ? `set to ${change.ratePerSec}/s` : `${change.kind}d`;
	events.emit({ type: "log", message: `load ${load} was ${what} by request` });
}
