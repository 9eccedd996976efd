import type { FaultSpec } from "./fault.ts";
import { Injection, type InjectionContext } from "./injection.ts";

/**
 * How long before its instant a fault is planned: enough for an fsync and a connection for the probe, and late enough
 * that what an earlier fault has healed (a restarted process, a new connection) is what it is planned on.
 */
export const aheadMs = 150;

interface Planned {
	spec: FaultSpec;
	/** Those that strike at a step and were to be over before it: nobody knows beforehand when they are. */
	after: Planned[];
	/** Null until it is planned and in the ledger; resolves with null where all was over before it could be. */
	injection: Promise<Injection | null> | null;
	/** Resolves when it is healed, with how much later that was than planned, in milliseconds. */
	over: PromiseWithResolvers<number>;
}

/**
 * The faults of one case, at their instants. One that strikes at a step puts off those after it as long as it takes, so
 * that what was to come one after another does. `run` resolves when the last is healed; `healAll` cuts it short and may
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
			const after = faults.filter(
				({ spec: { at, toMs } }) => at !== undefined && toMs <= spec.fromMs,
			);
			faults.push({ spec, after, injection: null, over: Promise.withResolvers() });
		}
		this.#faults = faults;
	}

	/** Plans what comes within its first moments, now that it is near; `run` says when one can't be planned. */
	prepare(): void {
		if (this.#stopped) return;
		for (const planned of this.#faults)
			if (planned.spec.fromMs < aheadMs) this.#plan(planned, 0).catch(() => {});
	}

	/**
	 * Resolves when each fault has been healed at its `toMs`; rejects when one can't be planned or injected. `faulting`
	 * starts then, at `faultingFromMs`.
	 */
	run(faultingFromMs: number): Promise<void> {
		this.#faultingFromMs = faultingFromMs;
		for (const { spec, injection } of this.#faults)
			injection?.then(
				(early) => early?.planFor(this.#plannedMs(spec, 0)),
				() => {},
			);
		return new Promise((resolve, reject) => {
			this.#over = resolve;
			if (this.#stopped) return resolve();
			for (const planned of this.#faults) this.#go(planned, reject);
			void Promise.all(this.#faults.map(({ over }) => over.promise)).then(() => resolve());
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

	/** Its whole life, later than planned by as much as those before it were. */
	#go(planned: Planned, reject: (error: unknown) => void): void {
		const { fromMs, toMs, at } = planned.spec;
		const heal = async () => {
			await (await planned.injection)?.heal();
			planned.over.resolve(this.#sinceFaulting() - toMs);
		};
		const begin = (lateMs: number) => {
			const plan = () => this.#plan(planned, lateMs);
			this.#at(fromMs + lateMs - aheadMs, () => plan().catch(reject));
			this.#at(fromMs + lateMs, async () => {
				const injection = await plan();
				await injection?.inject().catch(reject);
				if (at === undefined) return;
				const struckMs = injection?.record.injectedMs ?? this.#context.nowMs();
				this.#at(struckMs - this.#faultingFromMs + toMs - fromMs, heal);
			});
			if (at === undefined) this.#at(toMs + lateMs, heal);
		};
		// Without any the timers are set at once.
		if (planned.after.length === 0) begin(0);
		else
			void Promise.all(planned.after.map(({ over }) => over.promise)).then((late) =>
				begin(Math.max(0, ...late)),
			);
	}

	#plan(planned: Planned, lateMs: number): Promise<Injection | null> {
		planned.injection ??= this.#prepare(planned, lateMs);
		return planned.injection;
	}

	async #prepare({ spec }: Planned, lateMs: number): Promise<Injection | null> {
		if (this.#stopped) return null;
		return Injection.prepare(this.#context, spec, this.#plannedMs(spec, lateMs));
	}

	#plannedMs({ fromMs, toMs }: FaultSpec, lateMs: number): { fromMs: number; toMs: number } {
		const zeroMs = this.#faultingFromMs + lateMs;
		return { fromMs: zeroMs + fromMs, toMs: zeroMs + toMs };
	}

	#sinceFaulting(): number {
		return this.#context.nowMs() - this.#faultingFromMs;
	}

	/** `ms` counts from the start of `faulting`, and may lie before it. */
	#at(ms: number, action: () => Promise<unknown>): void {
		if (this.#stopped) return;
		// A plan that failed has rejected the run; whoever waits for it after that has nothing to add.
		this.#timers.push(
			// A timer cuts its fraction off: rounded up, it does not come before its time.
			setTimeout(
				() => void action().catch(() => {}),
				Math.max(0, Math.ceil(ms - this.#sinceFaulting())),
			),
		);
	}
}
