import { FaultlineError } from "../base/errors.ts";
import type { FaultSpec } from "./fault.ts";

/** How long each pulse lasts, and the pause before the next. */
export interface Flapping {
	onMs: number;
	offMs: number;
}

/**
 * A fault that comes and goes: its pulses between `fromMs` and `toMs`, each whole, the first at `fromMs`. Each is a
 * fault of its own, with its own proof, so `onMs` must leave the time to see the kind take effect.
 *
 * `faults: [...flapping(fault("down", "db", {}, { fromMs: 0, toMs: 5_000 }), { onMs: 400, offMs: 600 })]`
 */
export function flapping<On extends string>(
	spec: FaultSpec<On>,
	{ onMs, offMs }: Flapping,
): FaultSpec<On>[] {
	const { fromMs, toMs } = spec;
	if (!(onMs >= 1 && offMs >= 1 && toMs - fromMs >= onMs && Number.isFinite(toMs - fromMs))) {
		throw new FaultlineError(
			"FLT_PLAN_INVALID",
			`a flapping ${spec.kind} on "${spec.on}" from ${fromMs} to ${toMs} ms can't be ${onMs} ms on and ${offMs} ms off`,
			"both must be at least 1 ms, and one pulse must fit between fromMs and toMs",
		);
	}
	const pulses = Math.floor((toMs - fromMs + offMs) / (onMs + offMs));
	return Array.from({ length: pulses }, (_, pulse) => {
		const startMs = fromMs + pulse * (onMs + offMs);
		return { ...spec, fromMs: startMs, toMs: Math.min(startMs + onMs, toMs) };
	});
}
