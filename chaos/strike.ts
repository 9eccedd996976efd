import { refuseHeld } from "./conflicts.ts";
import type { Fault, Proof, SubjectStep } from "./fault.ts";
import { healEntry } from "./healing.ts";
import { loadKind } from "./kinds.ts";
import type { Ledger, LedgerEntry } from "./ledger.ts";
import type { Target } from "./target.ts";

const kind = "hold-at-step";
/** A subject that comes to its step no earlier has none, or nothing to do, unless it is known to be slower. */
const withinMsDefault = 15_000;

interface StrikeContext {
	target: Target;
	ledger: Ledger;
	runId: string | null;
}

/**
 * Holds a subject at the step that a fault is to strike at, until the fault is there: a fault of its own, in the ledger
 * like any, so that a subject whose daemon dies meanwhile is let go.
 */
export class Strike {
	readonly #context: StrikeContext;
	readonly #at: SubjectStep;
	readonly #hold: Fault;
	readonly #entry: LedgerEntry;
	#released: Promise<string | null> | null = null;

	private constructor(context: StrikeContext, at: SubjectStep, hold: Fault, entry: LedgerEntry) {
		this.#context = context;
		this.#at = at;
		this.#hold = hold;
		this.#entry = entry;
	}

	/** Writes to the ledger what lets the subject go; changes nothing yet. */
	static async plan(
		context: StrikeContext,
		at: SubjectStep,
		faultId: string,
		lastsMs: number,
	): Promise<Strike> {
		const { target, ledger, runId } = context;
		const hold = await loadKind(kind);
		await refuseHeld(ledger, { kind, on: at.subject }, hold);
		const id = `${faultId}-hold`;
		const undo = await hold.plan(target, at.subject, { step: at.step }, id);
		const entry: LedgerEntry = {
			faultId: id,
			runId,
			kind,
			on: at.subject,
			undo,
			state: "planned",
			plannedAt: new Date().toISOString(),
			limitMs: limitOf(at) + lastsMs,
		};
		ledger.record(entry);
		return new Strike(context, at, hold, entry);
	}

	/** Waits until the subject stands at the step, or nobody waits any more: `hurried` resolves. */
	async reach(hurried: Promise<void>): Promise<Proof> {
		const { target } = this.#context;
		const { subject, step } = this.#at;
		const fromMs = performance.now();
		const waitedMs = () => performance.now() - fromMs;
		const givenUp = hurried.then(() => null);
		await this.#hold.inject(target, this.#entry.undo);
		let proof: Proof | null;
		do proof = await Promise.race([this.#hold.prove(target, this.#entry.undo), givenUp]);
		while (proof?.ok === false && waitedMs() < limitOf(this.#at));
		const ok = proof?.ok === true;
		const came = ok ? "came" : "had not come";
		return { ok, seen: `${subject} ${came} to ${step} after ${waitedMs().toFixed(0)} ms` };
	}

	/** The subject goes on, any number of times; what went wrong with it, or null. */
	release(): Promise<string | null> {
		const { target, ledger } = this.#context;
		this.#released ??= healEntry(target, ledger, this.#entry, this.#hold);
		return this.#released;
	}
}

function limitOf({ withinMs = withinMsDefault }: SubjectStep): number {
	return withinMs;
}
