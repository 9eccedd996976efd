import { MergedHistogram } from "../../load/histogram.ts";
import { addCounts, type LoadInterval, zeroCounts } from "../../load/report.ts";
import type { MeteredInterval, Tail } from "../record/interval.ts";

/** A p99 of fewer operations says nothing. */
const tailCountMin = 10;

/**
 * Sums the workers' intervals of one load. An interval is complete when every worker has reported it; a worker that
 * has ended reports no more and is not waited for.
 */
export class LoadMeter {
	/** All that came in, for the summaries at the end. */
	readonly intervals: LoadInterval[] = [];
	readonly #load: string;
	readonly #case: string | null;
	readonly #intervalMs: number;
	/** Where the load's zero lies in the run's time. */
	readonly #zeroMs: number;
	/** The workers that have not ended. */
	readonly #working: Set<number>;
	readonly #waiting = new Map<number, LoadInterval[]>();
	/** The newest intervals, as many as it takes for the p99 of the next. */
	#recent: { fromMs: number; lateMs: number; response: MergedHistogram }[] = [];

	constructor(options: {
		load: string;
		case: string | null;
		workers: number;
		intervalMs: number;
		zeroMs: number;
	}) {
		this.#load = options.load;
		this.#case = options.case;
		this.#working = new Set(Array.from({ length: options.workers }, (_, worker) => worker));
		this.#intervalMs = options.intervalMs;
		this.#zeroMs = options.zeroMs;
	}

	see(interval: LoadInterval): MeteredInterval[] {
		this.intervals.push(interval);
		const parts = this.#waiting.get(interval.index) ?? [];
		this.#waiting.set(interval.index, [...parts, interval]);
		return this.#complete();
	}

	/** Whether the last of its workers has ended. */
	get hasEnded(): boolean {
		return this.#working.size === 0;
	}

	workerEnded(worker: number): MeteredInterval[] {
		this.#working.delete(worker);
		return this.#complete();
	}

	#complete(): MeteredInterval[] {
		const complete = [...this.#waiting].filter(([, parts]) =>
			[...this.#working].every((worker) => parts.some((part) => part.worker === worker)),
		);
		return complete
			.sort(([a], [b]) => a - b)
			.map(([index, parts]) => {
				this.#waiting.delete(index);
				return this.#sum(index, parts);
			});
	}

	#tailWith(fromMs: number, lateMs: number, response: MergedHistogram): Tail | null {
		this.#recent = enoughOf([{ fromMs, lateMs, response }, ...this.#recent]);
		const sum = sumOfAll(this.#recent.map((recent) => recent.response));
		const p99Us = sum.at(0.99);
		if (p99Us === null || sum.count < tailCountMin) return null;
		return {
			p99Ms: p99Us / 1_000,
			count: sum.count,
			fromMs: this.#recent.at(-1)!.fromMs,
			lateMs: Math.max(...this.#recent.map((recent) => recent.lateMs)),
		};
	}

	#sum(index: number, parts: LoadInterval[]): MeteredInterval {
		const counts = zeroCounts();
		const service = new MergedHistogram();
		const lag = new MergedHistogram();
		const byPhase = new Map<string, MergedHistogram>();
		const counters: Record<string, number> = {};
		let lateMs = 0;
		for (const part of parts) {
			for (const slice of part.slices) {
				lateMs = Math.max(lateMs, slice.lateness.addedMs, slice.lateness.hiddenMs);
				addCounts(counts, slice.counts);
				const ofPhase = byPhase.get(slice.phase) ?? new MergedHistogram();
				ofPhase.add(slice.responseUs);
				byPhase.set(slice.phase, ofPhase);
				service.add(slice.serviceUs);
				lag.add(slice.scheduleLagUs);
			}
			for (const [name, value] of Object.entries(part.counters)) {
				counters[name] = (counters[name] ?? 0) + value;
			}
		}
		const response = sumOfAll([...byPhase.values()]);
		const slices = parts.flatMap((part) => part.slices);
		const only = slices.length === 1 ? slices[0]! : null;
		const fromMs = this.#zeroMs + index * this.#intervalMs;
		const inFlight = sumOf(parts, (part) => part.inFlight);
		const waiting = sumOf(parts, (part) => part.waiting);
		const tail = this.#tailWith(fromMs, lateMs, response);
		const isSilent = response.count === 0 && inFlight + waiting > 0;
		return {
			view: {
				load: this.#load,
				case: this.#case,
				index,
				fromMs,
				toMs: fromMs + this.#intervalMs,
				dueCount: counts.due,
				startedCount: counts.started,
				okCount: counts.ok,
				failCount: counts.fail,
				unknownCount: counts.unknown,
				droppedCount: counts.dropped,
				inFlight,
				waiting,
				responseP50Ms: inMs(response.at(0.5)),
				responseP99Ms: inMs(response.at(0.99)),
				tail: isSilent ? null : tail,
				serviceP99Ms: inMs(service.at(0.99)),
				scheduleLagP99Ms: inMs(lag.at(0.99)),
				loopDelayMaxMs: Math.max(...parts.map((part) => part.loopDelayMaxMs)),
				lateMs,
				counters,
			},
			responseUs: only?.responseUs ?? response.encode(),
			serviceUs: only?.serviceUs ?? service.encode(),
			responseMaxUs: response.max,
			phases: [...byPhase]
				.filter(([, sum]) => sum.count > 0)
				.map(([phase, sum]) => ({
					phase,
					responseUs: sum.count === response.count ? null : sum.encode(),
				})),
		};
	}
}

/** The one of them, where it is one; else a sum of its own. */
function sumOfAll(some: readonly MergedHistogram[]): MergedHistogram {
	if (some.length === 1) return some[0]!;
	const sum = new MergedHistogram();
	for (const one of some) sum.addAll(one);
	return sum;
}

/** Of these, from the newest back, those that hold enough operations together. */
function enoughOf<T extends { response: MergedHistogram }>(newestFirst: readonly T[]): T[] {
	let count = 0;
	return newestFirst.filter(({ response }) => {
		const isWanted = count < tailCountMin;
		count += response.count;
		return isWanted;
	});
}

function inMs(us: number | null): number | null {
	return us === null ? null : us / 1_000;
}

function sumOf(parts: LoadInterval[], of: (part: LoadInterval) => number): number {
	return parts.reduce((sum, part) => sum + of(part), 0);
}
