import { randomBytes } from "node:crypto";
import { pause } from "../base/clock.ts";
import { FaultlineError, messageOf } from "../base/errors.ts";
import type { Json } from "../base/json.ts";
import { type Fault, type FaultSpec, heldOn, type Proof, type Undo } from "./fault.ts";
import { checkKindParams, loadKind } from "./kinds.ts";
import type { Ledger, LedgerEntry } from "./ledger.ts";
import type { Target } from "./target.ts";

export type FaultState = "planned" | "injected" | "healed" | "heal_failed" | "no_effect";

/** One fault as it really went; times in milliseconds from the run's zero, null where it did not get that far. */
export interface FaultRecord {
	id: string;
	kind: string;
	on: string;
	case: string | null;
	params: Json;
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

const healTries = 5;
const healRetryMs = 200;
const healLimitMs = 3_000;
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
		record: FaultRecord,
	) {
		this.#context = context;
		this.#fault = fault;
		this.#entry = entry;
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
		};
		const injection = new Injection(context, fault, entry, record);
		context.onChange(record);
		return injection;
	}

	/** Its instant is another than it was prepared for. */
	planFor({ fromMs, toMs }: { fromMs: number; toMs: number }): void {
		this.record.plannedFromMs = fromMs;
		this.record.plannedToMs = toMs;
	}

	async inject(): Promise<void> {
		if (this.#healing !== null) return; // stopped before its time came
		this.record.injectedMs = this.#context.nowMs();
		this.#injecting = this.#fault.inject(this.#context.target, this.#entry.undo);
		await this.#injecting;
		this.#change("injected");
		for (let tries = 1; tries <= proofTries && this.#isOpen; tries++) await this.#prove(true);
		if (this.#isOpen) {
			this.#change("no_effect");
			void this.#proveLater();
		} else this.#proved.resolve();
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
		const failure = await healEntry(
			this.#context.target,
			this.#context.ledger,
			this.#entry,
			this.#fault,
		);
		if (failure !== null) {
			this.record.seen.push(failure);
			this.#change("heal_failed");
			return;
		}
		this.record.healedMs = this.#context.nowMs();
		if (this.record.injectedMs === null) {
			this.#change("healed");
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

/** `FLT_CONFLICT` where a fault that is not healed yet holds what this one would change. */
async function refuseHeld(ledger: Ledger, spec: FaultSpec, fault: Fault): Promise<void> {
	const holds = heldOn(fault, spec.on);
	if (holds === null) return;
	for (const entry of ledger.pending) {
		if (heldOn(await loadKind(entry.kind), entry.on) !== holds) continue;
		throw new FaultlineError(
			"FLT_CONFLICT",
			`${spec.kind} on ${spec.on}: ${entry.kind} on ${entry.on} holds ${holds} until it is healed`,
			"one after the other, not at once",
		);
	}
}

/** Heals one ledger entry, with retries, and closes it; the message of the last failure where it stays open. */
export async function healEntry(
	target: Target,
	ledger: Ledger,
	entry: LedgerEntry,
	fault: Fault,
): Promise<string | null> {
	let failure = "";
	const startMs = performance.now();
	for (let tries = 0; tries < healTries; tries++) {
		// A server that hangs is no nearer at the fifth try, and other faults wait for this one.
		if (tries > 1 && performance.now() - startMs > healLimitMs) break;
		if (tries > 0) await pause(healRetryMs);
		try {
			await fault.heal(target, entry.undo);
			ledger.record({ ...entry, state: "healed" });
			return null;
		} catch (error) {
			failure = `healing ${entry.kind} on ${entry.on} failed: ${messageOf(error)}`;
		}
	}
	return failure;
}

/** The order in which faults are taken back: first processes, then network, then what is told to a server, which needs both. */
const healRank = { process: 0, path: 1, postgres: 2, redis: 2, kafka: 2 } as const;

/** Heals all that the ledger holds, in order; the messages of what stays open, to be tried again. */
export async function healPending(target: Target, ledger: Ledger): Promise<string[]> {
	const entries: { entry: LedgerEntry; fault: Fault }[] = [];
	const failures: string[] = [];
	// The newest first, so that what was there before the oldest comes last.
	for (const entry of ledger.pending.toReversed()) {
		try {
			entries.push({ entry, fault: await loadKind(entry.kind) });
		} catch (error) {
			// A kind of another version of Faultline keeps nothing else broken.
			failures.push(`healing ${entry.kind} on ${entry.on} failed: ${messageOf(error)}`);
		}
	}
	entries.sort((a, b) => healRank[a.fault.acts] - healRank[b.fault.acts]);
	for (const { entry, fault } of entries) {
		const failure = await healEntry(target, ledger, entry, fault);
		if (failure !== null) failures.push(failure);
	}
	return failures;
}
