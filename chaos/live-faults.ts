import { FaultlineError } from "../base/errors.ts";
import type { FaultKind, FaultSpec } from "./fault.ts";
import { type FaultRecord, Injection, type InjectionContext } from "./injection.ts";

/** A fault that is injected when it is asked for. */
export interface LiveFault {
	kind: string;
	on: string;
	params: object;
	/** It is healed after this time at the latest. */
	forMs: number;
}

export const liveFaultMs = { min: 100, max: 3_600_000 };

/** Faults outside of a timeline: injected at once, each healed by its time limit, or earlier by request. */
export class LiveFaults {
	readonly #context: InjectionContext;
	readonly #inForce = new Map<string, { injection: Injection; timer: NodeJS.Timeout }>();
	/** Those that are being prepared: healing everything waits for them. */
	readonly #starting = new Set<Promise<unknown>>();
	#over = false;

	constructor(context: InjectionContext) {
		this.#context = context;
	}

	/** Those in force; one that could not be healed is, until somebody who tries the ledger again has healed it. */
	get records(): FaultRecord[] {
		return [...this.#inForce.keys()].filter((id) => this.has(id)).map((id) => this.#recordOf(id)!);
	}

	has(id: string): boolean {
		const state = this.#recordOf(id)?.state;
		return state !== undefined && (state !== "heal_failed" || this.#isPending(id));
	}

	/** Resolves when its effect was proved, or was looked for in vain: the record says which. */
	async inject({ kind, on, params, forMs }: LiveFault): Promise<FaultRecord> {
		const { min, max } = liveFaultMs;
		if (!(forMs >= min && forMs <= max))
			throw new FaultlineError(
				"FLT_PARAM_INVALID",
				`forMs must be from ${min} to ${max}, but is ${forMs}`,
				"every fault has a time limit",
			);
		if (this.#over)
			throw new FaultlineError("FLT_CONFLICT", `${kind} on ${on}: it is over`, "start it again");
		const nowMs = this.#context.nowMs();
		const spec = { kind: kind as FaultKind, on, params, fromMs: 0, toMs: forMs } as FaultSpec;
		const starting = this.#start(spec, { fromMs: nowMs, toMs: nowMs + forMs });
		this.#starting.add(starting);
		try {
			return await starting;
		} finally {
			this.#starting.delete(starting);
		}
	}

	/** The record of the fault, healed; null where there is none of this id. */
	async heal(id: string): Promise<FaultRecord | null> {
		const found = this.#inForce.get(id);
		if (found === undefined) return null;
		clearTimeout(found.timer);
		await found.injection.heal("cut short");
		this.#forget(id);
		return found.injection.record;
	}

	/** Heals all, and takes no more where it is the end. */
	async healAll(how: "go on" | "end" = "go on"): Promise<FaultRecord[]> {
		if (how === "end") this.#over = true;
		await Promise.allSettled(this.#starting);
		const healed = await Promise.all([...this.#inForce.keys()].map((id) => this.heal(id)));
		return healed.filter((record) => record !== null);
	}

	#isPending(id: string): boolean {
		return this.#context.ledger.pending.some(({ faultId }) => faultId === id);
	}

	#recordOf(id: string): FaultRecord | undefined {
		return this.#inForce.get(id)?.injection.record;
	}

	#forget(id: string): void {
		if (this.#recordOf(id)?.state !== "heal_failed") this.#inForce.delete(id);
	}

	async #start(spec: FaultSpec, planned: { fromMs: number; toMs: number }): Promise<FaultRecord> {
		const injection = await Injection.prepare(this.#context, spec, planned);
		const { id } = injection.record;
		const inMs = planned.toMs - this.#context.nowMs();
		const timer = setTimeout(() => {
			void injection.heal().finally(() => this.#forget(id));
		}, inMs);
		this.#inForce.set(id, { injection, timer });
		try {
			await injection.inject();
		} catch (error) {
			// What was half done is taken back now, not at its time limit.
			await this.heal(id);
			throw error;
		}
		return injection.record;
	}
}
