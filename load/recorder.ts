import { WorkerHistogram } from "./histogram.ts";
import { inTime, type LatenessNow, timerSlackMs } from "./lateness.ts";
import type { Outcome, OutcomeKind } from "./outcome.ts";
import type { Counts, LoadInterval, PhaseSlice } from "./report.ts";
import { zeroCounts } from "./report.ts";

/** Where a phase begins, in milliseconds from the load's zero. The first is at 0 or before. */
export interface PhaseStart {
	name: string;
	fromMs: number;
}

/** What an interval says that is not a matter of single operations, read when the interval closes. */
export type Gauges = Pick<
	LoadInterval,
	"counters" | "inFlight" | "waiting" | "idleWaitMs" | "loopDelayMaxMs" | "cpuMs"
>;

export interface RecorderOptions {
	load: string;
	worker: number;
	/** Those that are known before it begins; the others are told by `beginPhase`. */
	phases: readonly PhaseStart[];
	intervalMs: number;
	gauges: () => Gauges;
	/** What is kept of the first error of a code, in each phase and interval; null is the error of one given up. */
	sampleOf: (code: string, error: unknown) => string;
	emit: (interval: LoadInterval) => void;
}

/**
 * Counts what happens to operations, by interval and by the phase of their intended time. Each call carries the
 * time it happened at, in milliseconds from the load's zero; one that lies in a closed interval counts in the open one.
 */
export class Recorder {
	readonly totals: Counts = zeroCounts();
	readonly #options: RecorderOptions;
	readonly #phases: PhaseStart[];
	readonly #open: (Slice | null)[];
	/** Slices of closed intervals, kept for the next ones: histograms are made once. */
	readonly #spare: Slice[] = [];
	#index = 0;
	#intervalEndMs: number;
	/** Intended time of the last operation that was noticed. */
	#lastDueMs = Number.NEGATIVE_INFINITY;

	constructor(options: RecorderOptions) {
		this.#options = options;
		this.#phases = [...options.phases];
		this.#open = this.#phases.map(() => null);
		this.#intervalEndMs = options.intervalMs;
	}

	/** When the current interval closes. */
	get intervalEndMs(): number {
		return this.#intervalEndMs;
	}

	/**
	 * Operations intended at or after this time are of this phase, the last one from now on. Those that were noticed
	 * before it was told stay where they were counted, so that each is of one phase from its due time to its end.
	 */
	beginPhase({ name, fromMs }: PhaseStart): void {
		const isLate = fromMs <= this.#lastDueMs;
		this.#phases.push({ name, fromMs: isLate ? justAfter(this.#lastDueMs) : fromMs });
		this.#open.push(null);
	}

	/** The phase of an operation that was noticed. */
	phaseOf(intendedMs: number): string {
		return this.#phases[this.#indexOf(intendedMs)]!.name;
	}

	/** An operation was noticed to be due. */
	due(atMs: number, intendedMs: number): void {
		this.#lastDueMs = intendedMs;
		const slice = this.#slice(atMs, intendedMs);
		slice.counts.due++;
		this.totals.due++;
		slice.scheduleLag.recordMs(atMs - intendedMs);
	}

	started(atMs: number, intendedMs: number, noticedMs: number): void {
		const slice = this.#slice(atMs, intendedMs);
		slice.counts.started++;
		this.totals.started++;
		slice.queue.recordMs(atMs - noticedMs);
	}

	/**
	 * An operation was answered or given up: its latency, and what the generator may have done to it. Its outcome is counted
	 * by `counted`, maybe later.
	 */
	answered(
		atMs: number,
		intendedMs: number,
		startedMs: number,
		outcome: OutcomeKind,
		{ addedMs, hiddenMs }: LatenessNow = inTime,
	): void {
		const slice = this.#slice(atMs, intendedMs);
		if (addedMs > slice.addedMs) slice.addedMs = addedMs;
		if (hiddenMs > slice.hiddenMs) slice.hiddenMs = hiddenMs;
		if (hiddenMs > 0) slice.lateCount++;
		slice.response.recordMs(atMs - intendedMs);
		slice.service.recordMs(atMs - startedMs);
		if (outcome !== "ok") return;
		slice.okResponse.recordMs(atMs - intendedMs);
		slice.lastOkEndMs = atMs;
	}

	counted(atMs: number, intendedMs: number, outcome: Outcome, error: unknown = null): void {
		const slice = this.#slice(atMs, intendedMs);
		slice.counts[outcome.kind]++;
		this.totals[outcome.kind]++;
		if (outcome.kind !== "ok") this.#countError(slice, outcome.code, error);
	}

	#countError({ errors, errorSamples }: Slice, code: string, error: unknown): void {
		const before = errors[code];
		errors[code] = (before ?? 0) + 1;
		if (before === undefined) errorSamples[code] = this.#options.sampleOf(code, error);
	}

	dropped(atMs: number, intendedMs: number): void {
		this.#slice(atMs, intendedMs).counts.dropped++;
		this.totals.dropped++;
	}

	/** Closes each interval that is over; one in which nothing happened is emitted too, without slices. */
	roll(atMs: number): void {
		if (atMs < this.#intervalEndMs) return;
		const gauges = this.#options.gauges();
		this.#close(gauges);
		// What was counted and waited belongs to the first; the delay was seen by each interval it covered.
		const none = { counters: {}, idleWaitMs: 0, cpuMs: 0 };
		while (atMs >= this.#intervalEndMs) this.#close({ ...gauges, ...none });
	}

	/** Closes the last interval, however short. */
	finish(atMs: number): void {
		this.roll(atMs);
		this.#close(this.#options.gauges());
	}

	/** Gives the histograms back. */
	destroy(): void {
		for (const slice of [...this.#open, ...this.#spare]) slice?.destroy();
		this.#open.fill(null);
		this.#spare.length = 0;
	}

	#slice(atMs: number, intendedMs: number): Slice {
		this.roll(atMs);
		const phase = this.#indexOf(intendedMs);
		let slice = this.#open[phase];
		if (!slice) {
			slice = this.#spare.pop() ?? new Slice();
			this.#open[phase] = slice;
		}
		return slice;
	}

	#indexOf(intendedMs: number): number {
		let phase = this.#phases.length - 1;
		while (phase > 0 && this.#phases[phase]!.fromMs > intendedMs) phase--;
		return phase;
	}

	#close(gauges: Gauges): void {
		const { load, worker } = this.#options;
		const slices: PhaseSlice[] = [];
		let clamped = 0;
		for (const [phase, slice] of this.#open.entries()) {
			if (slice === null) continue;
			const flushed = slice.flush(this.#phases[phase]!.name, gauges.loopDelayMaxMs);
			slices.push(flushed.slice);
			clamped += flushed.clamped;
			this.#open[phase] = null;
			this.#spare.push(slice);
		}
		this.#options.emit({ load, worker, index: this.#index, slices, clamped, ...gauges });
		this.#index++;
		this.#intervalEndMs = (this.#index + 1) * this.#options.intervalMs;
	}
}

/** A time that no operation intended at `ms` has reached. */
function justAfter(ms: number): number {
	return ms + 1e-6;
}

/** One phase within the current interval. */
class Slice {
	counts = zeroCounts();
	errors: Record<string, number> = {};
	errorSamples: Record<string, string> = {};
	lastOkEndMs: number | null = null;
	addedMs = 0;
	hiddenMs = 0;
	lateCount = 0;
	readonly response = new WorkerHistogram();
	readonly okResponse = new WorkerHistogram();
	readonly service = new WorkerHistogram();
	readonly queue = new WorkerHistogram();
	readonly scheduleLag = new WorkerHistogram();

	/** What it held; afterwards it is as new. While the event loop was delayed an answer could not be read. */
	flush(phase: string, loopDelayMs: number): { slice: PhaseSlice; clamped: number } {
		const response = this.response.flush();
		const okResponse = this.okResponse.flush();
		const service = this.service.flush();
		const queue = this.queue.flush();
		const scheduleLag = this.scheduleLag.flush();
		const delayMs = response.count === 0 || loopDelayMs <= timerSlackMs ? 0 : loopDelayMs;
		const slice: PhaseSlice = {
			phase,
			counts: this.counts,
			errors: this.errors,
			errorSamples: this.errorSamples,
			lastOkEndMs: this.lastOkEndMs,
			lateness: {
				addedMs: Math.max(this.addedMs, delayMs),
				hiddenMs: Math.max(this.hiddenMs, delayMs),
				count: delayMs > 0 ? Math.max(this.lateCount, 1) : this.lateCount,
			},
			responseUs: response.encoded,
			okResponseUs: okResponse.encoded,
			serviceUs: service.encoded,
			queueUs: queue.encoded,
			scheduleLagUs: scheduleLag.encoded,
		};
		this.counts = zeroCounts();
		this.errors = {};
		this.errorSamples = {};
		this.lastOkEndMs = null;
		this.addedMs = 0;
		this.hiddenMs = 0;
		this.lateCount = 0;
		return {
			slice,
			clamped: response.clamped + service.clamped + queue.clamped + scheduleLag.clamped,
		};
	}

	destroy(): void {
		this.response.destroy();
		this.okResponse.destroy();
		this.service.destroy();
		this.queue.destroy();
		this.scheduleLag.destroy();
	}
}
