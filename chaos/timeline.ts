import type { FaultSpec } from "./fault.ts";
import { Injection, type InjectionContext } from "./injection.ts";

/**
 * How long before its instant a fault is planned: enough for an fsync and a connection for the probe, and late enough
 * that what an earlier fault has healed (a restarted process, a new connection) is what it is planned on.
 */
export const aheadMs = 150;

interface Planned {
	spec: FaultSpec;
	/** Null until it is planned and in the ledger. */
	injection: Promise<Injection> | null;
}

/**
 * The faults of one case, at their instants. `run` resolves when the last is healed; `healAll` cuts it short and may
 * be called at any time, any number of times: what is not planned by then never is.
 */
export class Timeline {
	readonly #context: InjectionContext;
	#faultingFromMs: number;
	readonly #faults: Planned[];
	readonly #timers: NodeJS.Timeout[] = [];
	#over: (() => void) | null = null;
	#stopped = false;

	/** `faultingFromMs`: where `faulting` starts at the earliest, in the run's time. */
	constructor(context: InjectionContext, specs: readonly FaultSpec[], faultingFromMs: number) {
		this.#context = context;
		this.#faultingFromMs = faultingFromMs;
		this.#faults = specs.map((spec) => ({ spec, injection: null }));
	}

	/** Plans what comes within its first moments, now that it is near; `run` says when one can't be planned. */
	prepare(): void {
		if (this.#stopped) return;
		for (const planned of this.#faults)
			if (planned.spec.fromMs < aheadMs) this.#plan(planned).catch(() => {});
	}

	/**
	 * Resolves when each fault has been healed at its `toMs`; rejects when one can't be planned or injected. `faulting`
	 * starts then, at `faultingFromMs`.
	 */
	run(faultingFromMs: number): Promise<void> {
		this.#faultingFromMs = faultingFromMs;
		for (const { spec, injection } of this.#faults)
			injection?.then(
				(early) => early.planFor(this.#plannedMs(spec)),
				() => {},
			);
		return new Promise((resolve, reject) => {
			this.#over = resolve;
			let open = this.#faults.length;
			if (open === 0 || this.#stopped) return resolve();
			for (const planned of this.#faults) {
				const { fromMs, toMs } = planned.spec;
				this.#at(fromMs - aheadMs, () => this.#plan(planned).catch(reject));
				this.#at(fromMs, async () => (await this.#plan(planned)).inject().catch(reject));
				this.#at(toMs, async () => {
					await (await this.#plan(planned)).heal();
					open -= 1;
					if (open === 0) resolve();
				});
			}
		});
	}

	async healAll(): Promise<void> {
		this.#stopped = true;
		for (const timer of this.#timers) clearTimeout(timer);
		await Promise.all(
			this.#faults.map(async ({ injection }) =>
				(await injection?.catch(() => null))?.heal("cut short"),
			),
		);
		this.#over?.();
	}

	#plan(planned: Planned): Promise<Injection> {
		const { spec } = planned;
		planned.injection ??= Injection.prepare(this.#context, spec, this.#plannedMs(spec));
		return planned.injection;
	}

	#plannedMs({ fromMs, toMs }: FaultSpec): { fromMs: number; toMs: number } {
		return { fromMs: this.#faultingFromMs + fromMs, toMs: this.#faultingFromMs + toMs };
	}

	/** `ms` counts from the start of `faulting`, and may lie before it. */
	#at(ms: number, action: () => Promise<unknown>): void {
		const inMs = this.#faultingFromMs + ms - this.#context.nowMs();
		// A plan that failed has rejected the run; whoever waits for it after that has nothing to add.
		this.#timers.push(setTimeout(() => void action().catch(() => {}), Math.max(0, inMs)));
	}
}
