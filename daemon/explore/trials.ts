import { rmSync } from "node:fs";
import { join } from "node:path";
import type { ServiceId } from "../../base/services.ts";
import type { FaultSpec } from "../../chaos/fault.ts";
import type { FullPhases } from "../../scenarios/contract/plan.ts";
import { wordOf } from "../host/check-end.ts";
import { reasonsOf } from "../judgement/reasons.ts";
import type { CaseResult } from "../record/case-result.ts";
import { EventLog } from "../record/events.ts";
import { Case } from "../runs/case.ts";
import type { CaseRun } from "../runs/case-run.ts";
import { cleanUpCase } from "../stage/clean-up.ts";
import type { TrialOutcome } from "./explore.ts";

/** Short phases: no warm-up, and just as much steady state as shows that it is one. */
const intervalMs = 100;
const steadyMs = 300;
const recoverLimitMs = 2_500;

export interface TrialRun extends CaseRun {
	/** The scenario's own. */
	phases: FullPhases;
	needs: readonly ServiceId[];
}

/** Trials of an exploration: a case each, in a namespace of its own, that leaves nothing behind. */
export class Trials {
	/** What the last one found. */
	last: CaseResult | null = null;
	readonly #run: TrialRun;
	#count = 0;

	constructor(run: TrialRun) {
		this.#run = run;
	}

	async perform(
		faults: FaultSpec[],
		onCase: (current: Case | null) => void,
	): Promise<TrialOutcome> {
		const { phases, interrupt, runId, stack, needs } = this.#run;
		interrupt.check();
		this.#count += 1;
		const id = `trial-${this.#count}`;
		const current = new Case({
			...this.#run,
			id,
			trial: {
				faults,
				phases: {
					warmMs: 0,
					steadyMs,
					intervalMs,
					recoverLimitMs: Math.min(recoverLimitMs, phases.recoverLimitMs),
				},
			},
			// Hundreds of trials would drown what the run has to say.
			events: new EventLog({ nowMs: this.#run.nowMs, keep() {} }),
			enter() {},
			keepInterval() {},
		});
		onCase(current);
		try {
			await current.perform();
			await interrupt.race(current.verify());
		} finally {
			await current.close();
			onCase(null);
			await cleanUpCase(stack, runId, needs);
			// Judged by now, and too many to keep.
			rmSync(join(stack.home.runs, runId, "journal", id), { recursive: true, force: true });
		}
		this.last = current.result;
		return outcomeOf(current.result, this.#run.tolerates);
	}
}

function outcomeOf(result: CaseResult, tolerates: TrialRun["tolerates"]): TrialOutcome {
	const { checks } = result;
	const reasons = reasonsOf(result, tolerates);
	const correctness = checks.filter(({ kind }) => kind === "correctness");
	const open = correctness.find(({ outcome }) => outcome === "threw" || outcome === "cannot_tell");
	const unproved = reasons.find(({ code }) => code === "fault_no_effect" || code === "heal_failed");
	return {
		failed: correctness.filter(({ outcome }) => outcome === "failed").map(({ id }) => id),
		invalid: open
			? `check ${open.id} ${wordOf(open.outcome)}: ${open.message}`
			: (unproved?.message ?? null),
	};
}
