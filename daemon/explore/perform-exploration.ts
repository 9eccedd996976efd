import type { Case } from "../runs/case.ts";
import type { RunWork } from "../runs/run-work.ts";
import { explore } from "./explore.ts";
import { Trials } from "./trials.ts";

const callLimitMs = 10_000;

/** Trials instead of cases. Only the last one of what was found is in the record as a case is. */
export async function performExploration(work: RunWork, budgetMs: number): Promise<void> {
	const { document, params, description, interrupt, events, results } = work;
	const { seed } = params;
	let current: Case | null = null;
	const host = await work.openHost(null, (event) => current?.hear(event));
	try {
		work.enter("faulting", null);
		const grammar = await interrupt.race(host.call({ do: "grammar", params }, callLimitMs));
		const { phases } = await host.call({ do: "plan", params, trial: null }, callLimitMs);
		const trials = new Trials({ ...work.caseRun(host), phases, needs: description.needs });
		document.exploration = await explore({
			grammar,
			seed,
			budgetMs,
			nowMs: work.nowMs,
			say: (message) => events.emit({ type: "log", message }),
			perform: (faults) =>
				trials.perform(faults, (trial) => {
					current = trial;
					work.follow(trial);
				}),
		});
		if (document.exploration.found !== null && trials.last !== null) results.push(trials.last);
	} finally {
		await host.close();
	}
}
