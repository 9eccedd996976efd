import type { FaultSpec } from "../../chaos/fault.ts";

/** When a fault acts, from the begin of its phase on. */
export type FaultTimes = { fromMs: number; toMs: number };

/** A fault that is told when it acts. */
export type TimedFault<On extends string> = (times: FaultTimes) => FaultSpec<On>;

/** Faults one after another, each for `faultMs` and with `faultGapMs` between them. */
export function faultsInARow<On extends string>(
	faults: readonly TimedFault<On>[],
	{ faultMs, faultGapMs }: { faultMs: number; faultGapMs: number },
): FaultSpec<On>[] {
	return faults.map((fault, place) => {
		const fromMs = place * (faultMs + faultGapMs);
		return fault({ fromMs, toMs: fromMs + faultMs });
	});
}
