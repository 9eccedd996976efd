import type { Watched } from "../../scenarios/alert-rule.ts";
import type { GaugeThreshold, Signal, Threshold } from "../../scenarios/plan.ts";

/** One interval of one load, all workers summed, as rules and dashboards read it. */
export interface IntervalView {
	load: string;
	case: string | null;
	index: number;
	/** From the run's zero. */
	fromMs: number;
	toMs: number;
	dueCount: number;
	startedCount: number;
	okCount: number;
	failCount: number;
	unknownCount: number;
	droppedCount: number;
	inFlight: number;
	waiting: number;
	responseP50Ms: number | null;
	responseP99Ms: number | null;
	serviceP99Ms: number | null;
	scheduleLagP99Ms: number | null;
	loopDelayMaxMs: number;
	counters: Record<string, number>;
}

/** A gauge as it was read; null where it had no value. */
export interface GaugeView {
	gauge: string;
	case: string | null;
	/** The interval that it stands for, from the run's zero. */
	fromMs: number;
	toMs: number;
	value: number | null;
}

export type View = IntervalView | GaugeView;

/** Whether a view is one of what is watched, such as by a threshold. */
export function watches(watched: Watched, view: View): boolean {
	if ("gauge" in watched) return "gauge" in view && view.gauge === watched.gauge;
	return "load" in view && view.load === watched.load;
}

/** The value of what is watched in a view of it; null where it does not exist. */
export function valueIn(watched: Watched, view: View): number | null {
	if ("gauge" in view) return view.value;
	return "signal" in watched ? signalOf(view, watched.signal) : null;
}

/** The value of a signal in an interval; null where it does not exist, such as a percentile of nothing. */
export function signalOf(interval: IntervalView, signal: Signal): number | null {
	switch (signal) {
		case "response_p50_ms":
			return interval.responseP50Ms;
		case "response_p99_ms":
			return interval.responseP99Ms;
		case "error_pct":
		case "ok_per_sec":
			return rateOver([interval], signal);
		case "waiting_count":
			return interval.waiting;
		default:
			return signal satisfies never;
	}
}

/** The signals that can be taken over several intervals as a whole. */
export type Rate = Extract<Signal, "error_pct" | "ok_per_sec">;

export function isRate(signal: Signal): signal is Rate {
	return signal === "error_pct" || signal === "ok_per_sec";
}

/** A rate over these intervals as a whole; null where it does not exist, as the share of errors of nothing. */
export function rateOver(intervals: readonly IntervalView[], rate: Rate): number | null {
	const sum = (of: (interval: IntervalView) => number) =>
		intervals.reduce((total, interval) => total + of(interval), 0);
	const ok = sum(({ okCount }) => okCount);
	switch (rate) {
		case "error_pct": {
			const ended = ok + sum(({ failCount, unknownCount }) => failCount + unknownCount);
			return ended === 0 ? null : (100 * (ended - ok)) / ended;
		}
		case "ok_per_sec":
			return (1000 * ok) / sum(({ fromMs, toMs }) => toMs - fromMs);
		default:
			return rate satisfies never;
	}
}

/** Does it hold? What does not exist holds nothing: silence is not steady state. */
export function holds(threshold: Threshold | GaugeThreshold, view: View): boolean {
	if (!watches(threshold, view)) return false;
	const value = valueIn(threshold, view);
	return value !== null && crosses(threshold, value);
}

export function crosses(
	{ is, value: limit }: Pick<Threshold, "is" | "value">,
	value: number,
): boolean {
	return is === "below" ? value < limit : value > limit;
}

/** A threshold in words. */
export function wordsOf(threshold: Threshold | GaugeThreshold): string {
	const what = "gauge" in threshold ? threshold.gauge : `${threshold.load}.${threshold.signal}`;
	return `${what} ${threshold.is} ${threshold.value}`;
}

export const steadyIntervals = 3;

/**
 * Watches for steady state: the start of the first interval from which all thresholds held for three intervals in a
 * row, over all loads they name. Intervals that began before `fromMs` do not count.
 */
export class SteadyWatch {
	readonly #thresholds: readonly Threshold[];
	readonly #fromMs: number;
	readonly #byIndex = new Map<number, Map<string, IntervalView>>();

	constructor(thresholds: readonly Threshold[], fromMs: number) {
		this.#thresholds = thresholds;
		this.#fromMs = fromMs;
	}

	/** The instant, once it is known, with this interval taken in. */
	see(interval: IntervalView): number | null {
		if (interval.fromMs < this.#fromMs) return null;
		const loads = this.#byIndex.get(interval.index) ?? new Map<string, IntervalView>();
		this.#byIndex.set(interval.index, loads.set(interval.load, interval));
		for (let first = interval.index - steadyIntervals + 1; first <= interval.index; first++) {
			const row = Array.from({ length: steadyIntervals }, (_, i) => this.#byIndex.get(first + i));
			if (row.every((views) => views !== undefined && this.#steady(views))) {
				return [...row[0]!.values()][0]!.fromMs;
			}
		}
		return null;
	}

	#steady(views: Map<string, IntervalView>): boolean {
		return this.#thresholds.every((threshold) => {
			const view = views.get(threshold.load);
			return view !== undefined && holds(threshold, view);
		});
	}
}
