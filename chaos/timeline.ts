import { type FaultSpec, meet } from "./fault.ts";
import { Injection, type InjectionContext } from "./injection.ts";

/**
 * How long before its instant a fault is planned: enough for an fsync and a connection for the probe, and late enough
 * that what an earlier fault has healed (a restarted process, a new connection) is what it is planned on.
 */
export const aheadMs = 150;

interface Planned {
	spec: FaultSpec;
	/** Null until it is planned and in the ledger; resolves with null where all was over before it could be. */
	injection: Promise<Injection | null> | null;
	/** Those before it that are over when they are, since they strike at a step, and that it is not to meet. */
	after: Planned[];
	over: PromiseWithResolvers<void>;
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
		const faults: Planned[] = [];
		for (const spec of specs.toSorted((a, b) => a.fromMs - b.fromMs)) {
			const after = faults.filter(({ spec: other }) => other.at !== undefined && meet(other, spec));
			faults.push({ spec, injection: null, after, over: Promise.withResolvers() });
		}
		this.#faults = faults;
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
				(early) => early?.planFor(this.#plannedMs(spec)),
				() => {},
			);
		return new Promise((resolve, reject) => {
			this.#over = resolve;
			let open = this.#faults.length;
			if (open === 0 || this.#stopped) return resolve();
			for (const planned of this.#faults) {
				const { fromMs, toMs, at } = planned.spec;
				const heal = async () => {
					await (await this.#plan(planned))?.heal();
					planned.over.resolve();
					open -= 1;
					if (open === 0) resolve();
				};
				this.#at(fromMs - aheadMs, () => this.#plan(planned).catch(reject));
				this.#at(fromMs, async () => {
					const injection = await this.#plan(planned);
					await injection?.inject().catch(reject);
					if (at === undefined) return;
					const struckMs = injection?.record.injectedMs ?? this.#context.nowMs();
					this.#at(struckMs - this.#faultingFromMs + toMs - fromMs, heal);
				});
				if (at === undefined) this.#at(toMs, heal);
			}
		});
	}

	async healAll(): Promise<void> {
		this.#stopped = true;
		for (const timer of this.#timers) clearTimeout(timer);
		for (const { over } of this.#faults) over.resolve();
		await Promise.all(
			this.#faults.map(async ({ injection }) =>
				(await injection?.catch(() => null))?.heal("cut short"),
			),
		);
		this.#over?.();
	}

	#plan(planned: Planned): Promise<Injection | null> {
		planned.injection ??= this.#prepare(planned);
		return planned.injection;
	}

	async #prepare({ spec, after }: Planned): Promise<Injection | null> {
		if (after.length > 0) await Promise.all(after.map(({ over }) => over.promise));
		if (this.#stopped) return null;
		return Injection.prepare(this.#context, spec, this.#plannedMs(spec));
	}

	#plannedMs({ fromMs, toMs }: FaultSpec): { fromMs: number; toMs: number } {
		return { fromMs: this.#faultingFromMs + fromMs, toMs: this.#faultingFromMs + toMs };
	}

	/** `ms` counts from the start of `faulting`, and may lie before it. */
	#at(ms: number, action: () => Promise<unknown>): void {
		if (this.#stopped) return;
		const inMs = this.#faultingFromMs + ms - this.#context.nowMs();
		// A plan that failed has rejected the run; whoever waits for it after that has nothing to add.
		this.#timers.push(setTimeout(() => void action().catch(() => {}), Math.max(0, inMs)));
	}
}
