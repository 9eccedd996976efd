import type { OperationTimes } from "../../load/journal.ts";
import type { OutcomeKind } from "../../load/outcome.ts";
import type { HookContext } from "../contract/context.ts";
import type { Told } from "./exactly-once.ts";

type Journals<Load extends string> = Pick<HookContext<unknown, never, unknown, Load>, "journal">;

/** How each operation of a load ended, by its number; the load keeps a journal. */
export async function outcomesOf<Load extends string>(
	ctx: Journals<Load>,
	load: Load,
): Promise<Map<number, OutcomeKind>> {
	const outcomes = new Map<number, OutcomeKind>();
	for await (const { n, outcome } of ctx.journal(load)) outcomes.set(n, outcome);
	return outcomes;
}

/** When each operation of a load was, by its number, in the run's time; the load keeps a journal. */
export async function timesOf<Load extends string>(
	ctx: Journals<Load>,
	load: Load,
): Promise<Map<number, OperationTimes>> {
	const all = new Map<number, OperationTimes>();
	for await (const { n, times } of ctx.journal(load)) if (times !== null) all.set(n, times);
	return all;
}

/** What was told of each operation of a load, for `exactlyOnce`: `keyOf` says under which name it is found. */
export async function toldByKey<Load extends string>(
	ctx: Journals<Load>,
	load: Load,
	keyOf: (n: number) => string,
): Promise<Told[]> {
	const told: Told[] = [];
	for await (const { n, outcome, times } of ctx.journal(load))
		told.push([keyOf(n), outcome, times]);
	return told;
}
