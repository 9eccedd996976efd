import { steps } from "../attempts.ts";
import { processorNames } from "../names.ts";
import type { Engine } from "./engine.ts";

/** Processors as a Node team writes them: kafkajs, and its transactions. */
export const node: Engine = {
	steps,
	processors: (p) =>
		Object.fromEntries(
			processorNames(p).map((name) => [
				name,
				{
					file: "./processor.ts",
					env: {
						NAME: name,
						SINK: p.sink,
						GUARD: p.guard,
						PAYMENTS_MAX: p.paymentsMax,
						SESSION_TIMEOUT_MS: p.sessionMs,
						TRANSACTION_TIMEOUT_MS: p.transactionMs,
						IDLE_TIMEOUT_MS: p.idleMs,
					},
				},
			]),
		),
};
