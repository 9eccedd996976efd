import type { Stream } from "../base/random.ts";
import type { FaultSpec } from "./fault.ts";
import {
	apart,
	type Choice,
	type Grammar,
	type GrammarKind,
	shortestSteps,
	stepMs,
	stepsOf,
} from "./grammar.ts";

/**
 * A random timeline of this grammar: at least one fault, at most `faultsMax`, apart in each place. The same numbers
 * give the same timeline, so that a plan may draw one from the run's seed:
 *
 * `faults: randomFaults(grammar, stream(p.seed, "faults"))`
 */
export function randomFaults<On extends string>(
	grammar: Grammar<On>,
	random: Stream,
): FaultSpec<On>[] {
	const kinds: [string, GrammarKind<On>][] = Object.entries(grammar.kinds);
	const steps = stepsOf(grammar);
	const count = within(random, 1, grammar.faultsMax);
	const faults = Array.from({ length: count }, () => {
		const [kind, { on, params = {}, at = [] }] = kinds[within(random, 0, kinds.length - 1)]!;
		const place = on[within(random, 0, on.length - 1)]!;
		const values = Object.entries(params).map(([name, choice]) => [name, chosen(random, choice)]);
		const from = within(random, 0, steps - shortestSteps);
		const to = within(random, from + shortestSteps, steps);
		return {
			kind,
			on: place,
			params: Object.fromEntries(values),
			fromMs: from * stepMs,
			toMs: to * stepMs,
			...(at.length === 0 ? {} : { at: at[within(random, 0, at.length - 1)]! }),
		} as FaultSpec<On>;
	});
	return apart(faults);
}

/** A whole number from `min` to `max`, both included. */
function within(random: Stream, min: number, max: number): number {
	return min + Math.floor(random() * (max - min + 1));
}

function chosen(random: Stream, choice: Choice): string | number | boolean {
	return typeof choice === "object" ? within(random, ...choice) : choice;
}
