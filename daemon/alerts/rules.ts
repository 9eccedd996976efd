import { latenessMargin } from "../../load/lateness.ts";
import type { Watched } from "../../scenarios/contract/alert-rule.ts";
import type { GaugeThreshold, Signal, Threshold } from "../../scenarios/contract/threshold.ts";
import type { IntervalView } from "../record/interval.ts";

/**
 * What a timing is taken for: as it was told, or as far from that as the generator's lateness may have moved it, to
 * where a threshold holds (`best`) or does not (`worst`).
 */
export type Outlook = "told" | "best" | "worst";

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
			return interval.tail?.p99Ms ?? null;
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
export function holds(
	threshold: Threshold | GaugeThreshold,
	view: View,
	outlook: Outlook = "told",
): boolean {
	if (!watches(threshold, view)) return false;
	const value = valueIn(threshold, view);
	if (value === null || outlook === "told") return value !== null && crosses(threshold, value);
	const off = "signal" in threshold && "load" in view ? offOf(threshold.signal, view) : 0;
	const lower = (threshold.is === "below") === (outlook === "best");
	return crosses(threshold, lower ? value - off : value + off);
}

/** How far the generator's lateness may have moved a signal, up or down. */
function offOf(signal: Signal, view: IntervalView): number {
	const movedMs = latenessMargin * view.lateMs;
	const lengthMs = view.toMs - view.fromMs;
	switch (signal) {
		case "response_p50_ms":
			return movedMs;
		case "response_p99_ms":
			return latenessMargin * (view.tail?.lateMs ?? 0);
		// Those that were due at the interval's edges may have ended on the other side of them.
		case "ok_per_sec":
			return ((1_000 * view.dueCount) / lengthMs) * Math.min(1, movedMs / lengthMs);
		case "waiting_count":
			return (view.dueCount / lengthMs) * movedMs;
		case "error_pct":
			return 0;
		default:
			return signal satisfies never;
	}
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

/** What a threshold saw in a view, in words. */
export function seenText(threshold: Threshold, view: IntervalView): string {
	const value = valueIn(threshold, view);
	if (value === null) return "there was none";
	const tail = threshold.signal === "response_p99_ms" ? view.tail : null;
	const said = Number(value.toPrecision(3));
	return tail !== null && tail.count < 100 ? `${said}, the greatest of ${tail.count}` : `${said}`;
}

export const steadyIntervals = 3;

/**
 * Watches for steady state: the instant from which all thresholds held for three intervals in a row, over all loads they
 * name. What began before `fromMs` does not count; nor do rows that end before `endsMs`.
 */
export class SteadyWatch {
	readonly #thresholds: readonly Threshold[];
	readonly #fromMs: number;
	readonly #endsMs: number;
	readonly #outlook: Outlook;
	readonly #byIndex = new Map<number, Map<string, IntervalView>>();

	constructor(
		thresholds: readonly Threshold[],
		fromMs: number,
		{ endsMs = fromMs, outlook = "told" }: { endsMs?: number; outlook?: Outlook } = {},
	) {
		this.#thresholds = thresholds;
		this.#outlook = outlook;
		this.#fromMs = fromMs;
		this.#endsMs = endsMs;
	}

	/** The instant, once it is known, with this interval taken in. */
	see(interval: IntervalView): number | null {
		if (interval.fromMs < this.#fromMs) return null;
		const loads = this.#byIndex.get(interval.index) ?? new Map<string, IntervalView>();
		this.#byIndex.set(interval.index, loads.set(interval.load, interval));
		// A load's intervals come in order: what this one completes is the row that ends with it.
		if (interval.toMs < this.#endsMs) return null;
		const first = interval.index - steadyIntervals + 1;
		const row = Array.from({ length: steadyIntervals }, (_, i) => this.#byIndex.get(first + i));
		return row.every((views) => views !== undefined && this.#steady(views))
			? this.#heldSince(row[0]!)
			: null;
	}

	/** A p99 may be of intervals before this one too: it has held since the first of them, if everything else has. */
	#heldSince(first: Map<string, IntervalView>): number {
		const tails = this.#thresholds.filter(({ signal }) => signal === "response_p99_ms");
		const others = this.#thresholds.filter((threshold) => !tails.includes(threshold));
		let { index, fromMs } = [...first.values()][0]!;
		const tailsMs = tails.map(({ load }) => first.get(load)!.tail!.fromMs);
		const backToMs = Math.max(...tailsMs, tails.length > 0 ? this.#fromMs : fromMs);
		for (;;) {
			index -= 1;
			const before = this.#byIndex.get(index);
			const beforeMs = [...(before?.values() ?? [])][0]?.fromMs ?? Number.NEGATIVE_INFINITY;
			const held = others.every(({ load }, i) => {
				const view = before?.get(load);
				return view !== undefined && holds(others[i]!, view, this.#outlook);
			});
			if (beforeMs < backToMs || !held) return fromMs;
			fromMs = beforeMs;
		}
	}

	#steady(views: Map<string, IntervalView>): boolean {
		return this.#thresholds.every((threshold) => {
			const view = views.get(threshold.load);
			if (view === undefined || !holds(threshold, view, this.#outlook)) return false;
			// What was slow before its time is not to be told from what is slow now.
			return threshold.signal !== "response_p99_ms" || view.tail!.fromMs >= this.#fromMs;
		});
	}
}
