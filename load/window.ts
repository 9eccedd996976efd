import { FaultlineError } from "../base/errors.ts";
import type { Arrival } from "./arrival.ts";
import { isDueIn, leftFrom, type Schedule } from "./schedule.ts";
import type { Window } from "./summary.ts";

/** A load without an operation measures nothing, and would say that all is well. */
export function refuseEmpty(arrival: Arrival, schedule: Schedule, window: Window): void {
	if (schedule.shape === "closed" || isDueIn(schedule.pacer, window)) return;
	const seconds = (ms: number) => `${Number((ms / 1_000).toPrecision(3))} s`;
	throw new FaultlineError(
		"FLT_USAGE",
		`arrival "${arrival.kind}" has no operation from ${seconds(window.fromMs)} to ${seconds(window.toMs)} after its begin, the time that is measured`,
		"give it a higher rate, a longer --duration, or a shorter --warmup; the first numbers of a replay file are milliseconds from zero, unless they are as great as epochs",
	);
}

/** A replay is cut off where the measured time ends, which is ten seconds unless somebody says so. */
export function cutOff(arrival: Arrival, schedule: Schedule, { fromMs, toMs }: Window): string[] {
	if (arrival.kind !== "replay" || schedule.shape === "closed") return [];
	const left = leftFrom(schedule.pacer, toMs);
	if (left === null) return [];
	const neededS = Math.floor((left.lastMs - fromMs) / 1_000) + 1;
	return [
		`${left.count} operations of ${arrival.file} were due after the time that was measured, and are left out: --duration ${neededS}s takes them all`,
	];
}
