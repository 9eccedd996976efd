import type { BaselineStore } from "../compare/baseline-store.ts";
import type { ScenarioCatalog } from "../host/catalog.ts";
import type { ScenarioDescription } from "../host/protocol.ts";
import type { RunDocument } from "../record/document.ts";
import type { RunRequest } from "../runs/run-mode.ts";
import type { NightlyPlan } from "./settings.ts";

/** What a nightly works with; the daemon's own parts, or a test's. */
export interface NightlyWork {
	/** Runs to the end; throws what is wrong with the request. */
	run(
		description: ScenarioDescription,
		given: Record<string, unknown>,
		request?: RunRequest,
	): Promise<RunDocument>;
	catalog: Pick<ScenarioCatalog, "list" | "find">;
	baselines: Pick<BaselineStore, "find">;
	/** Folder of the nights that this host keeps. */
	history: string;
	nowMs(): number;
	/** Tells what is done next. */
	step(what: string, done: number, of: number): void;
	/** Why nothing more is to be begun; null where it may go on. */
	stopped(): string | null;
}

export function budgetUsedUp({ budgetMs }: Pick<NightlyPlan, "budgetMs">): string {
	return `the budget of ${Math.round(budgetMs / 60_000)} min was used up`;
}
