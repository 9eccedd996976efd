import { MergedHistogram, type Quantiles } from "./histogram.ts";
import { latenessMargin } from "./lateness.ts";
import { addCounts, type LoadInterval, type PhaseSlice, zeroCounts } from "./report.ts";

/** The part of a load's time, by intended start, that a summary is about. Milliseconds from the load's zero. */
export interface Window {
	fromMs: number;
	toMs: number;
}

export type LagQuantiles = Pick<Quantiles, "p50" | "p99" | "max">;

/** How a load did, as `faultline load` prints it. Numbers that do not exist are null, never 0. */
export interface LoadSummary {
	/** Due operations ÷ length of the window. */
	offered_per_sec: number | null;
	/** Ok operations ÷ (the later of the window's end and the last of their ends, less the window's start). */
	achieved_per_sec: number | null;
	due_count: number;
	started_count: number;
	ok_count: number;
	fail_count: number;
	unknown_count: number;
	dropped_count: number;
	errors: Record<string, number>;
	/** What the first error of each code said: one line, of at most 200 characters and without secrets. */
	error_samples: Record<string, string>;
	response_us: Quantiles;
	/**
	 * The time within which this share of the operations due had ended ok: what did not end ok never does. Null where
	 * fewer did; the greatest and the mean exist only where all did.
	 */
	ok_within_us: Quantiles;
	service_us: Quantiles;
	/** Paths of numbers above that are lower bounds, such as `response_us.p99_9`. */
	censored: string[];
	queue_us: LagQuantiles;
	schedule_lag_us: LagQuantiles;
	/** How late the generator itself was in starting operations and reading answers. Null in records that are older. */
	lateness: LoadLateness | null;
}

/** The times that a late generator is part of. */
type Timed = "response_us" | "ok_within_us" | "service_us";

export interface LoadLateness {
	/** At most so much of any time is the generator's. */
	added_us: number;
	/** By so much it may have spared some operations, and so many of them. */
	hidden_us: number;
	late_count: number;
	/** The times at their most: those that it may have spared something were in truth the slowest of all. */
	at_most: Record<Timed, Quantiles>;
}

/** The sum of the slices of a window, over all workers and intervals. Order does not matter. */
export class LoadSum {
	readonly #window: Window;
	readonly #counts = zeroCounts();
	readonly #errors: Record<string, number> = {};
	readonly #errorSamples: Record<string, string> = {};
	readonly #response = new MergedHistogram();
	readonly #okResponse = new MergedHistogram();
	readonly #service = new MergedHistogram();
	readonly #queue = new MergedHistogram();
	readonly #scheduleLag = new MergedHistogram();
	/** The later of the window's end and the last end of an operation that was ok. */
	#endMs: number;
	readonly #late = { addedMs: 0, hiddenMs: 0, count: 0 };

	constructor(window: Window) {
		this.#window = window;
		this.#endMs = window.toMs;
	}

	add(slice: PhaseSlice): void {
		addCounts(this.#counts, slice.counts);
		for (const [code, count] of Object.entries(slice.errors))
			this.#errors[code] = (this.#errors[code] ?? 0) + count;
		for (const [code, sample] of Object.entries(slice.errorSamples))
			this.#errorSamples[code] ??= sample;
		this.#response.add(slice.responseUs);
		this.#okResponse.add(slice.okResponseUs);
		this.#service.add(slice.serviceUs);
		this.#queue.add(slice.queueUs);
		this.#scheduleLag.add(slice.scheduleLagUs);
		this.#late.addedMs = Math.max(this.#late.addedMs, slice.lateness.addedMs);
		this.#late.hiddenMs = Math.max(this.#late.hiddenMs, slice.lateness.hiddenMs);
		this.#late.count += slice.lateness.count;
		this.#endMs = Math.max(this.#endMs, slice.lastOkEndMs ?? this.#endMs);
	}

	summary(): LoadSummary {
		const { due, started, ok, fail, unknown, dropped } = this.#counts;
		const { fromMs, toMs } = this.#window;
		const response_us = this.#response.quantiles();
		const service_us = this.#service.quantiles();
		const ok_within_us = withinOf(this.#okResponse, ok / due);
		return {
			offered_per_sec: perSec(due, toMs - fromMs),
			achieved_per_sec: perSec(ok, this.#endMs - fromMs),
			due_count: due,
			started_count: started,
			ok_count: ok,
			fail_count: fail,
			unknown_count: unknown,
			dropped_count: dropped,
			errors: { ...this.#errors },
			error_samples: { ...this.#errorSamples },
			response_us,
			ok_within_us,
			service_us,
			censored: [
				...censoredOf("response_us", response_us, (unknown + dropped) / due),
				// What never started has no service time that could be longer than recorded.
				...censoredOf("service_us", service_us, unknown / started),
			],
			queue_us: lagOf(this.#queue.quantiles()),
			schedule_lag_us: lagOf(this.#scheduleLag.quantiles()),
			lateness: this.#lateness({ response_us, ok_within_us, service_us }, ok / due),
		};
	}

	#lateness(told: Record<Timed, Quantiles>, okShare: number): LoadLateness {
		const { addedMs, hiddenMs, count } = this.#late;
		const hiddenUs = 1_000 * hiddenMs;
		const atMost = (time: Timed, sum: MergedHistogram, share: number) => {
			const lateShare = (share * count) / sum.count;
			return mostOf(told[time], hiddenUs, (at) =>
				at > share - lateShare ? null : sum.at((at + lateShare) / share),
			);
		};
		return {
			added_us: Math.round(1_000 * addedMs),
			hidden_us: Math.round(hiddenUs),
			late_count: count,
			at_most: {
				response_us: atMost("response_us", this.#response, 1),
				ok_within_us: atMost("ok_within_us", this.#okResponse, okShare),
				service_us: atMost("service_us", this.#service, 1),
			},
		};
	}
}

/** The summary of all slices whose phase is in `phases` (all, where it is left out). */
export function summarize(
	intervals: Iterable<LoadInterval>,
	window: Window,
	phases?: readonly string[],
): LoadSummary {
	const sum = new LoadSum(window);
	for (const { slices } of intervals)
		for (const slice of slices) if (phases?.includes(slice.phase) ?? true) sum.add(slice);
	return sum.summary();
}

function perSec(count: number, lengthMs: number): number | null {
	return lengthMs > 0 ? (count * 1000) / lengthMs : null;
}

function lagOf({ p50, p99, max }: Quantiles): LagQuantiles {
	return { p50, p99, max };
}

const below: Record<keyof Quantiles, number> = {
	p50: 0.5,
	p90: 0.9,
	p99: 0.99,
	p99_9: 0.999,
	p99_99: 0.9999,
	max: 1,
	// It holds every operation, those of the tail too.
	mean: 1,
};

/** `beyond`: the time within which so many ended that were not late; null where there are no such. */
function mostOf(
	told: Quantiles,
	hiddenUs: number,
	beyond: (share: number) => number | null,
): Quantiles {
	const most = (name: keyof Quantiles) => {
		const us = told[name];
		if (us === null) return null;
		const moved = us + latenessMargin * hiddenUs;
		const exact = name === "max" || name === "mean";
		return Math.round(exact ? moved : Math.min(moved, beyond(below[name]) ?? moved));
	};
	return {
		p50: most("p50"),
		p90: most("p90"),
		p99: most("p99"),
		p99_9: most("p99_9"),
		p99_99: most("p99_99"),
		max: most("max"),
		mean: most("mean"),
	};
}

/** A share of all is a greater one of those that ended ok. */
function withinOf(ended: MergedHistogram, okShare: number): Quantiles {
	const at = (share: number) => (share <= okShare ? ended.at(share / okShare) : null);
	const { max, mean } = ended.quantiles();
	const all = okShare === 1 ? { max, mean } : { max: null, mean: null };
	return {
		p50: at(below.p50),
		p90: at(below.p90),
		p99: at(below.p99),
		p99_9: at(below.p99_9),
		p99_99: at(below.p99_99),
		...all,
	};
}

/** The operations of which only "at least this long" is known are taken to be the slowest ones. */
function censoredOf(path: string, quantiles: Quantiles, censoredShare: number): string[] {
	const names = Object.keys(below) as (keyof Quantiles)[];
	return names
		.filter((name) => quantiles[name] !== null && below[name] > 1 - censoredShare)
		.map((name) => `${path}.${name}`);
}
