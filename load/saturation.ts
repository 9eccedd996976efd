import type { LoadInterval } from "./report.ts";
import type { LoadSummary, Window } from "./summary.ts";

const lagFloorUs = 10_000;
const lagShareOfResponse = 0.05;
const loopDelayLimitMs = 100;
const delayedShareLimit = 0.01;
const idleWaitLimitMs = 10;
/** With so much of a core a worker is late by what it does itself. */
const busyPercent = 70;

/**
 * Why the timings of this phase are not to be compared with others: the generator was late in it, each time with what
 * it did hold. Empty where it was not. `intervals` are all of the load's, of every worker; those that begin in the window
 * count.
 */
export function saturated(
	summary: Pick<LoadSummary, "response_us" | "schedule_lag_us">,
	intervals: readonly LoadInterval[],
	intervalMs: number,
	{ fromMs, toMs }: Window,
): string[] {
	const reasons: string[] = [];
	const lagUs = summary.schedule_lag_us.p99;
	const lagLimitUs = Math.max(lagFloorUs, lagShareOfResponse * (summary.response_us.p50 ?? 0));
	if (lagUs !== null && lagUs > lagLimitUs)
		reasons.push(
			`schedule lag p99 was ${ms(lagUs / 1000)}, over the limit of ${ms(lagLimitUs / 1000)}`,
		);

	const within = intervals.filter(({ index }) => {
		const beginsMs = index * intervalMs;
		return beginsMs >= fromMs && beginsMs < toMs;
	});
	const delayed = within.filter(({ loopDelayMaxMs }) => loopDelayMaxMs > loopDelayLimitMs);
	if (delayed.length > delayedShareLimit * within.length)
		reasons.push(
			`the event loop was delayed by up to ${ms(max(delayed.map((i) => i.loopDelayMaxMs)))} in ${delayed.length} of ${within.length} intervals`,
		);

	const idle = within.filter(({ idleWaitMs }) => idleWaitMs > idleWaitLimitMs);
	if (idle.length > 0)
		reasons.push(
			`operations waited up to ${ms(max(idle.map((i) => i.idleWaitMs)))} while slots were free`,
		);
	const hint = hintOf(intervals, intervalMs, { fromMs, toMs });
	return reasons.map((why) => `${why}; ${hint}`);
}

/** What the workers did in the window's whole intervals. The processor's part in it is a hint, never a reason. */
function hintOf(
	intervals: readonly LoadInterval[],
	intervalMs: number,
	{ fromMs, toMs }: Window,
): string {
	const count = new Set(intervals.map(({ worker }) => worker)).size;
	const workers = count === 1 ? "1 worker" : `${count} workers`;
	// A load that was paused for a while was held by nothing then.
	const whole = intervals.filter(
		(interval) =>
			interval.index * intervalMs >= fromMs &&
			(interval.index + 1) * intervalMs <= toMs &&
			startedIn(interval) > 0,
	);
	if (whole.length === 0) return `${workers} held no rate for a whole interval`;
	const held = Number(((medianStarted(whole) * 1000) / intervalMs).toPrecision(3));
	const percent = busiestPercent(whole, intervalMs);
	const remedy =
		percent >= busyPercent
			? "take more workers, or a faster driver"
			: "other processes kept it waiting: let the machine do less beside it";
	return `${workers} started about ${held}/s, the busiest with ${percent} % of a core: ${remedy}`;
}

/** Operations started in an interval, over all workers: the median. */
function medianStarted(whole: readonly LoadInterval[]): number {
	const started = sumBy(whole, ({ index }) => index, startedIn);
	return started.sort((a, b) => a - b)[Math.floor(started.length / 2)]!;
}

function startedIn({ slices }: LoadInterval): number {
	return slices.reduce((sum, { counts }) => sum + counts.started, 0);
}

function busiestPercent(whole: readonly LoadInterval[], intervalMs: number): number {
	const busiestMs = max(
		sumBy(
			whole,
			({ worker }) => worker,
			({ cpuMs }) => cpuMs,
		),
	);
	const lengthMs = new Set(whole.map(({ index }) => index)).size * intervalMs;
	// An interval that a blocked loop closed late holds the time of those after it too.
	return Math.min(100, Math.round((100 * busiestMs) / lengthMs));
}

/** The sums of a quantity over intervals with the same key. */
function sumBy(
	intervals: readonly LoadInterval[],
	key: (interval: LoadInterval) => number,
	quantity: (interval: LoadInterval) => number,
): number[] {
	const sums = new Map<number, number>();
	for (const interval of intervals)
		sums.set(key(interval), (sums.get(key(interval)) ?? 0) + quantity(interval));
	return [...sums.values()];
}

function max(values: number[]): number {
	return values.reduce((a, b) => Math.max(a, b), 0);
}

function ms(value: number): string {
	return `${Math.round(value * 10) / 10} ms`;
}
