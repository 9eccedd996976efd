import type { IntervalView } from "../../../daemon/record/interval.ts";
import { WorkerHistogram } from "../../../load/histogram.ts";
import { type Counts, type LoadInterval, zeroCounts } from "../../../load/report.ts";

/** An interval of 1 s as rules see it: quiet and empty but for what is given. */
export function view(index: number, given: Partial<IntervalView> = {}): IntervalView {
	const p99Ms = given.responseP99Ms ?? null;
	return {
		load: "orders",
		case: null,
		index,
		fromMs: index * 1_000,
		toMs: (index + 1) * 1_000,
		dueCount: 0,
		startedCount: 0,
		okCount: 0,
		failCount: 0,
		unknownCount: 0,
		droppedCount: 0,
		inFlight: 0,
		waiting: 0,
		responseP50Ms: null,
		responseP99Ms: null,
		tail:
			p99Ms === null
				? null
				: { p99Ms, count: 100, fromMs: index * 1_000, lateMs: given.lateMs ?? 0 },
		serviceP99Ms: null,
		scheduleLagP99Ms: null,
		loopDelayMaxMs: 0,
		lateMs: 0,
		counters: {},
		...given,
	};
}

/** The encoded histogram of these values. */
export function encoded(...valuesMs: number[]): string {
	const histogram = new WorkerHistogram();
	for (const ms of valuesMs) histogram.recordMs(ms);
	const { encoded } = histogram.flush();
	histogram.destroy();
	return encoded;
}

/** What one worker reports of one interval, all in one phase. */
export function report(
	worker: number,
	index: number,
	given: {
		phase?: string;
		counts?: Partial<Counts>;
		responsesMs?: number[];
		lagMs?: number[];
		counters?: Record<string, number>;
		waiting?: number;
		inFlight?: number;
		loopDelayMaxMs?: number;
		lateMs?: number;
	} = {},
): LoadInterval {
	return {
		load: "orders",
		worker,
		index,
		slices: [
			{
				phase: given.phase ?? "steady",
				counts: { ...zeroCounts(), ...given.counts },
				errors: {},
				errorSamples: {},
				lastOkEndMs: null,
				lateness: { addedMs: given.lateMs ?? 0, hiddenMs: given.lateMs ?? 0, count: 0 },
				responseUs: encoded(...(given.responsesMs ?? [])),
				okResponseUs: encoded(...(given.responsesMs ?? [])),
				serviceUs: encoded(...(given.responsesMs ?? [])),
				queueUs: encoded(),
				scheduleLagUs: encoded(...(given.lagMs ?? [])),
			},
		],
		counters: given.counters ?? {},
		inFlight: given.inFlight ?? 0,
		waiting: given.waiting ?? 0,
		idleWaitMs: 0,
		loopDelayMaxMs: given.loopDelayMaxMs ?? 0,
		cpuMs: 0,
		clamped: 0,
	};
}
