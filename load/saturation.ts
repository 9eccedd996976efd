import type { LoadInterval } from "./report.ts";
import type { LoadSummary, Window } from "./summary.ts";

const lagFloorUs = 10_000;
const lagShareOfResponse = 0.05;
const loopDelayLimitMs = 100;
const delayedShareLimit = 0.01;
const idleWaitLimitMs = 10;

/**
 * Why this phase measured the generator instead of the target; empty where it did not. `intervals` are all of the
 * load's, of every worker; those that begin in the window count.
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
	return reasons;
}

/**
 * The rate that the workers did hold: the median over the window's whole intervals of operations started per second,
 * over all workers. Null where no interval lay in it.
 */
export function holdablePerSec(
	intervals: readonly LoadInterval[],
	intervalMs: number,
	{ fromMs, toMs }: Window,
): number | null {
	const started = new Map<number, number>();
	for (const { index, slices } of intervals) {
		if (index * intervalMs < fromMs || (index + 1) * intervalMs > toMs) continue;
		const here = slices.reduce((sum, { counts }) => sum + counts.started, 0);
		started.set(index, (started.get(index) ?? 0) + here);
	}
	const sorted = [...started.values()].sort((a, b) => a - b);
	const median = sorted[Math.floor(sorted.length / 2)];
	return median === undefined ? null : Number(((median * 1000) / intervalMs).toPrecision(3));
}

function max(values: number[]): number {
	return values.reduce((a, b) => Math.max(a, b), 0);
}

function ms(value: number): string {
	return `${Math.round(value * 10) / 10} ms`;
}
