import type { FaultSpec } from "./fault.ts";
import { Injection, type InjectionContext } from "./injection.ts";

/**
 * The faults of one case, at their instants. `prepare` plans them all and writes them to the ledger ahead of time;
 * `run` resolves when the last is healed; `healAll` cuts it short and may be called at any time, any number of times.
 */
export class Timeline {
	readonly #injections: { injection: Injection; spec: FaultSpec }[];
	readonly #timers: NodeJS.Timeout[] = [];
	#over: (() => void) | null = null;

	private constructor(injections: { injection: Injection; spec: FaultSpec }[]) {
		this.#injections = injections;
	}

	/** `faultingFromMs`: where `faulting` is planned to start, in the run's time. */
	static async prepare(
		context: InjectionContext,
		specs: readonly FaultSpec[],
		faultingFromMs: number,
	): Promise<Timeline> {
		const injections: { injection: Injection; spec: FaultSpec }[] = [];
		for (const spec of specs) {
			const planned = { fromMs: faultingFromMs + spec.fromMs, toMs: faultingFromMs + spec.toMs };
			injections.push({ injection: await Injection.prepare(context, spec, planned), spec });
		}
		return new Timeline(injections);
	}

	/** Resolves when each fault has been healed at its `toMs`, counted from now. */
	run(): Promise<void> {
		return new Promise((resolve, reject) => {
			this.#over = resolve;
			let open = this.#injections.length;
			if (open === 0) resolve();
			for (const { injection, spec } of this.#injections) {
				this.#at(spec.fromMs, () => injection.inject().catch(reject));
				this.#at(spec.toMs, async () => {
					await injection.heal();
					open -= 1;
					if (open === 0) resolve();
				});
			}
		});
	}

	async healAll(): Promise<void> {
		for (const timer of this.#timers) clearTimeout(timer);
		await Promise.all(this.#injections.map(({ injection }) => injection.heal()));
		this.#over?.();
	}

	#at(ms: number, action: () => Promise<void>): void {
		this.#timers.push(setTimeout(() => void action(), ms));
	}
}
