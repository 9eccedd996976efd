import type { StepName } from "../attempts.ts";

/** What an engine has to be told. */
export interface EngineParams {
	readonly sink: string;
	readonly guard: string;
	readonly processors: number;
	readonly paymentsMax: number;
	readonly sessionMs: number;
	readonly transactionMs: number;
	readonly idleMs: number;
}

/** One way to write and run the processors. */
export interface Engine {
	/** The processes by their names, each a member of the group: they can be killed, frozen and held. */
	processors(
		p: EngineParams,
	): Record<string, { file: string; env: Record<string, string | number> }>;
	/** The steps of a transaction at which each can be struck. */
	steps: readonly StepName[];
}
