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
