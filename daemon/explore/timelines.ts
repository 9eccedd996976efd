import fc from "fast-check";
import type { FaultSpec } from "../../chaos/fault.ts";
import {
	apart,
	type Choice,
	type Grammar,
	type GrammarKind,
	shortestSteps,
	stepMs,
	stepsOf,
} from "../../chaos/grammar.ts";

/**
 * Random timelines of a grammar, at least one fault each. They shrink to fewer faults, to the first kind and place, to
 * the start of the horizon, and to small numbers.
 */
export function timelines(grammar: Grammar): fc.Arbitrary<FaultSpec[]> {
	const { kinds, faultsMax } = grammar;
	const steps = stepsOf(grammar);
	const faults = Object.entries(kinds).map(([kind, choice]) => faultOf(kind, choice, steps));
	// A place for each, empty or not: a list would shrink from its front alone, and keep a last fault that does nothing.
	const places = Array.from({ length: faultsMax }, () => fc.option(fc.oneof(...faults)));
	return fc
		.tuple(...places)
		.map((chosen) => apart(chosen.filter((fault) => fault !== null)))
		.filter((timeline) => timeline.length > 0);
}

function faultOf(
	kind: string,
	{ on, params = {}, at = [] }: GrammarKind,
	steps: number,
): fc.Arbitrary<FaultSpec> {
	const values = Object.fromEntries(
		Object.entries(params).map(([name, choice]) => [name, choiceOf(choice)]),
	);
	return fc
		.record({
			on: fc.constantFrom(...on),
			params: fc.record(values),
			at: at.length === 0 ? fc.constant(null) : fc.constantFrom(...at),
			from: fc.nat(steps - shortestSteps),
			// As long as it can be, so that it shrinks to the longest: a short fault is more luck than a long one.
			cut: fc.nat(steps - shortestSteps),
		})
		.map(({ on, params, at, from, cut }) => {
			const to = Math.max(from + shortestSteps, steps - cut);
			const times = { fromMs: from * stepMs, toMs: to * stepMs };
			return { kind, on, params, ...times, ...(at === null ? {} : { at }) } as FaultSpec;
		});
}

function choiceOf(choice: Choice): fc.Arbitrary<string | number | boolean> {
	if (typeof choice !== "object") return fc.constant(choice);
	const [min, max] = choice;
	return fc.integer({ min, max });
}
