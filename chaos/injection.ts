import { randomBytes } from "node:crypto";
import { pause } from "../base/clock.ts";
import { messageOf } from "../base/errors.ts";
import type { Json } from "../base/json.ts";
import { refuseHeld } from "./conflicts.ts";
import type { Fault, FaultSpec, Proof, SubjectStep, Undo } from "./fault.ts";
import { healEntry } from "./healing.ts";
import { checkKindParams, loadKind } from "./kinds.ts";
import type { Ledger, LedgerEntry } from "./ledger.ts";
import { Strike } from "./strike.ts";
import type { Target } from "./target.ts";

export type FaultState = "planned" | "injected" | "healed" | "heal_failed" | "no_effect";

/** One fault as it really went; times in milliseconds from the run's zero, null where it did not get that far. */
export interface FaultRecord {
	id: string;
	kind: string;
	on: string;
	case: string | null;
	params: Json;
	/** The step that it was to strike at; absent where it strikes by the clock. */
	at?: SubjectStep;
	plannedFromMs: number;
	plannedToMs: number;
	injectedMs: number | null;
	provedMs: number | null;
	healedMs: number | null;
	cleanMs: number | null;
	state: FaultState;
	/** What the probes saw, in order. */
	seen: string[];
}

export interface InjectionContext {
	target: Target;
	ledger: Ledger;
	runId: string | null;
	case: string | null;
	/** Milliseconds from the run's zero. */
	nowMs(): number;
	/** Called at each change of state, with the record as it is then. */
	onChange(record: FaultRecord): void;
}

/** Tries at once; those after them come with a pause. */
const proofTries = 3;
const proofRetryMs = 50;
/** A look that is under way when the fault's time is over may end: on a busy machine it takes longer than the fault. */
const proofGraceMs = 1_500;
const cleanTries = 10;
const cleanRetryMs = 100;

/** The life of one fault: planned and on disk, injected and proved, healed and seen to be gone. */
export class Injection {
	readonly record: FaultRecord;
	readonly #context: InjectionContext;
	readonly #fault: Fault;
	readonly #entry: LedgerEntry;
	/** Null where it strikes by the clock. */
	readonly #strike: Strike | null;
	#healing: Promise<void> | null = null;
	#injecting: Promise<void> = Promise.resolve();
	/** Resolves when the effect is proved, or is looked for no more. */
	readonly #proved = Promise.withResolvers<void>();
	/** Resolves when nobody waits for a proof any more. */
	readonly #hurried = Promise.withResolvers<void>();
	/** It is being taken back: what is seen from now on is the healing. */
	#isOver = false;

	private constructor(
		context: InjectionContext,
		fault: Fault,
		entry: LedgerEntry,
		strike: Strike | null,
		record: FaultRecord,
	) {
		this.#context = context;
		this.#fault = fault;
		this.#entry = entry;
		this.#strike = strike;
		this.record = record;
	}

	/** Chooses names, opens the probe and writes the undo to the ledger: all before the planned instant. */
	static async prepare(
		context: InjectionContext,
		spec: FaultSpec,
		plannedMs: { fromMs: number; toMs: number },
	): Promise<Injection> {
		const fault = await loadKind(spec.kind);
		checkKindParams(spec.kind, fault, spec.params);
		await refuseHeld(context.ledger, spec, fault);
		const id = `${spec.kind}-${randomBytes(4).toString("hex")}`;
		const limitMs = spec.toMs - spec.fromMs;
		const undo = await fault.plan(context.target, spec.on, spec.params, id, limitMs);
		await context.target.probeOf(spec.on, id);
		const entry: LedgerEntry = {
			faultId: id,
			runId: context.runId,
			kind: spec.kind,
			on: spec.on,
			undo,
			state: "planned",
			plannedAt: new Date().toISOString(),
			limitMs,
		};
		const strike = spec.at === undefined ? null : await Strike.plan(context, spec.at, id, limitMs);
		context.ledger.record(entry);
		const record: FaultRecord = {
			id,
			kind: spec.kind,
			on: spec.on,
			case: context.case,
			params: spec.params as Json,
			plannedFromMs: plannedMs.fromMs,
			plannedToMs: plannedMs.toMs,
			injectedMs: null,
			provedMs: null,
			healedMs: null,
			cleanMs: null,
			state: "planned",
			seen: [],
			...(spec.at === undefined ? {} : { at: spec.at }),
		};
		const injection = new Injection(context, fault, entry, strike, record);
		context.onChange(record);
		return injection;
	}

	/** Its instant is another than it was prepared for. */
	planFor({ fromMs, toMs }: { fromMs: number; toMs: number }): void {
		this.record.plannedFromMs = fromMs;
		this.record.plannedToMs = toMs;
	}

	/** Where it strikes at a step, that is waited for first. */
	async inject(): Promise<void> {
		if (this.#healing !== null) return; // stopped before its time came
		this.#injecting = this.#inject();
		await this.#injecting;
		if (this.record.injectedMs === null) return; // its step did not come
		this.#change("injected");
		for (let tries = 1; tries <= proofTries && this.#isOpen; tries++) await this.#prove(true);
		if (this.#isOpen) {
			this.#change("no_effect");
			void this.#proveLater();
		} else this.#proved.resolve();
	}

	async #inject(): Promise<void> {
		const strike = this.#strike;
		if (strike !== null && !(await this.#reach(strike))) return;
		this.record.injectedMs = this.#context.nowMs();
		try {
			await this.#fault.inject(this.#context.target, this.#entry.undo);
		} finally {
			await this.#letGo();
		}
	}

	/** Whether the subject stands at the step that is to be struck. */
	async #reach(strike: Strike): Promise<boolean> {
		const { ok, seen } = await strike.reach(this.#hurried.promise);
		this.record.seen.push(seen);
		if (!ok && this.#healing === null) this.#change("no_effect");
		return ok && this.#healing === null;
	}

	/** The subject goes on, into the fault. */
	async #letGo(): Promise<string | null> {
		return this.#strike === null ? null : this.#strike.release();
	}

	/** Its effect is not proved, and may still be. */
	get #isOpen(): boolean {
		return this.record.provedMs === null && !this.#isOver;
	}

	/** What shows itself late is an effect too; that there was none so far has been told. */
	async #proveLater(): Promise<void> {
		while (this.#isOpen && this.#healing === null) {
			// To look again is no reason for a process to go on.
			await new Promise((resolve) => setTimeout(resolve, proofRetryMs).unref());
			await this.#prove(false);
		}
		this.#proved.resolve();
	}

	async #prove(isTold: boolean): Promise<void> {
		const proof = await this.#look(this.#fault.prove);
		if (this.#isOver) return; // what was seen since is the healing
		if (isTold || proof.ok) this.record.seen.push(proof.seen);
		if (!proof.ok) return;
		this.record.provedMs = this.#context.nowMs();
		this.#change("injected");
	}

	/**
	 * Takes it back and waits until it is seen to be gone. Never throws: what failed is in the record and the ledger.
	 * A fault that is cut short may have had no time to be proved; one that had its whole time and was not is `no_effect`.
	 */
	heal(when: "on time" | "cut short" = "on time"): Promise<void> {
		if (when === "cut short") this.#hurried.resolve();
		this.#healing ??= this.#heal(when);
		return this.#healing;
	}

	async #heal(when: "on time" | "cut short"): Promise<void> {
		try {
			await this.#takeBack(when);
		} finally {
			// One that hangs is the probe's own affair, and no reason for a fault to be open.
			await this.#context.target.closeProbe(this.record.id).catch(() => {});
		}
	}

	async #takeBack(when: "on time" | "cut short"): Promise<void> {
		// One that was never injected, or could not be, has nothing to prove.
		const isProving = this.record.injectedMs !== null && this.record.provedMs === null;
		if (when === "on time" && isProving) await this.#graceForProof();
		this.#isOver = true;
		// Healing beside a running inject could finish first and leave what inject does last.
		await this.#injecting.catch(() => {});
		// First of all: one that is started again would stop there again.
		const held = await this.#letGo();
		const { target, ledger } = this.#context;
		const failure = (await healEntry(target, ledger, this.#entry, this.#fault)) ?? held;
		if (failure !== null) {
			this.record.seen.push(failure);
			this.#change("heal_failed");
			return;
		}
		this.record.healedMs = this.#context.nowMs();
		if (this.record.injectedMs === null) {
			this.#change(this.record.state === "no_effect" ? "no_effect" : "healed");
			return;
		}
		for (let tries = 0; tries < cleanTries && this.record.cleanMs === null; tries++) {
			if (tries > 0) await pause(cleanRetryMs);
			const proof = await this.#look(this.#fault.gone);
			if (proof.ok) this.record.cleanMs = this.#context.nowMs();
			if (proof.ok || tries === cleanTries - 1) this.record.seen.push(proof.seen);
		}
		if (this.record.cleanMs === null) return this.#change("heal_failed");
		const proved = this.record.provedMs !== null || when === "cut short";
		if (!proved) {
			const lastedMs = this.record.healedMs - this.record.injectedMs;
			this.record.seen.push(`no effect was proved in the ${lastedMs.toFixed(0)} ms that it lasted`);
		}
		this.#change(proved ? "healed" : "no_effect");
	}

	async #graceForProof(): Promise<void> {
		const limit = new AbortController();
		const injected = this.#injecting.then(() => this.#proved.promise);
		await Promise.race([
			injected.catch(() => {}),
			this.#hurried.promise,
			pause(proofGraceMs, limit.signal),
		]);
		limit.abort();
	}

	async #look(how: (target: Target, undo: Undo) => Promise<Proof>): Promise<Proof> {
		try {
			return await how(this.#context.target, this.#entry.undo);
		} catch (error) {
			return { ok: false, seen: `the probe failed: ${messageOf(error)}` };
		}
	}

	#change(state: FaultState): void {
		this.record.state = state;
		this.#context.onChange(this.record);
	}
}
