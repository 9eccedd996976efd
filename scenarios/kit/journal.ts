import type { OperationTimes } from "../../load/journal.ts";
import type { OutcomeKind } from "../../load/outcome.ts";
import type { HookContext } from "../contract/context.ts";

/** How each operation of a load ended, by its number; the load keeps a journal. */
export async function outcomesOf<Load extends string>(
	ctx: Pick<HookContext<unknown, never, unknown, Load>, "journal">,
	load: Load,
): Promise<Map<number, OutcomeKind>> {
	const outcomes = new Map<number, OutcomeKind>();
	for await (const { n, outcome } of ctx.journal(load)) outcomes.set(n, outcome);
	return outcomes;
}

/** When each operation of a load was, by its number, in the run's time; the load keeps a journal. */
export async function timesOf<Load extends string>(
	ctx: Pick<HookContext<unknown, never, unknown, Load>, "journal">,
	load: Load,
): Promise<Map<number, OperationTimes>> {
	const all = new Map<number, OperationTimes>();
	for await (const { n, times } of ctx.journal(load)) if (times !== null) all.set(n, times);
	return all;
}
