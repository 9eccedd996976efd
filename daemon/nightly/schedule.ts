import { FaultlineError, messageOf } from "../../base/errors.ts";
import { localClock } from "./local-time.ts";

/** When nightlies are planned. */
export interface Schedule {
	/** The first planned instant after this one. */
	nextAfter(ms: number): number;
}

/**
 * Reads a cron line. Each time of day that it names is due once: one that the clock shows twice as it is put back comes
 * the first time, one that it leaves out comes as it is put forward. `timeZone` null is the machine's own.
 *
 * The library reads the line, and reckons in UTC: with a zone it counts what is shown twice twice, and its next instant
 * can be an earlier one. It is loaded only here: a daemon without a schedule does without it.
 */
export async function readSchedule(at: string, timeZone: string | null): Promise<Schedule> {
	const { CronTime } = await import("cron");
	try {
		const time = new CronTime(at, "UTC");
		const clock = localClock(timeZone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone);
		const nextAfter = (ms: number) => {
			const shown = new Date(clock.latestReadingAt(ms));
			return clock.instantOf(time.getNextDateFrom(shown, "UTC").toMillis());
		};
		nextAfter(Date.now()); // a 31st of February parses, and never comes
		return { nextAfter };
	} catch (error) {
		const why = messageOf(error).split("\n")[0]!;
		throw new FaultlineError(
			"FLT_USAGE",
			`nightly.at is "${at}"${timeZone === null ? "" : ` in ${timeZone}`}: ${why}`,
			'give it a cron line such as "0 3 * * *"',
			error,
		);
	}
}

const plannedMax = 31;
/** How far to look back for them: a line of every second has thousands in an hour, most have none. */
const lookBackMs = [60_000, 3_600_000, 86_400_000, plannedMax * 86_400_000];

/** Planned instants after `fromMs` up to `toMs`: at most the last 31, of the last 31 days. */
export function plannedBetween(schedule: Schedule, fromMs: number, toMs: number): number[] {
	let planned: number[] = [];
	for (const backMs of lookBackMs) {
		planned = [];
		const beginMs = Math.max(fromMs, toMs - backMs);
		for (let at = schedule.nextAfter(beginMs); at <= toMs; at = schedule.nextAfter(at))
			planned.push(at);
		if (planned.length >= plannedMax || beginMs === fromMs) break;
	}
	return planned.slice(-plannedMax);
}

export interface ScheduleClock {
	nowMs(): number;
	/** Calls once after so many milliseconds; the answer takes that back. */
	later(ms: number, call: () => void): () => void;
}

export const wallClock: ScheduleClock = {
	nowMs: Date.now,
	later: (ms, call) => {
		const timer = setTimeout(call, ms).unref();
		return () => clearTimeout(timer);
	},
};

/** Later than this, the machine slept or its clock was set: nobody asked for a nightly at that hour. */
const lateMsMax = 5 * 60_000;
/** Clocks are set and machines sleep: a timer of hours would not notice. */
const lookEveryMs = 60_000;

/** Calls for each planned instant as it comes; one that is noticed too late is missed, and not done late unasked. */
export function followSchedule(
	schedule: Schedule,
	clock: ScheduleClock,
	on: { due(plannedMs: number): void; missed(plannedMs: number): void },
): { nextMs(): number; stop(): void } {
	let nextMs = schedule.nextAfter(clock.nowMs());
	let cancel = () => {};
	const wait = () => {
		const inMs = Math.min(Math.max(nextMs - clock.nowMs(), 1), lookEveryMs);
		cancel = clock.later(inMs, look);
	};
	const look = () => {
		const nowMs = clock.nowMs();
		const planned = plannedBetween(schedule, nextMs - 1, nowMs);
		nextMs = schedule.nextAfter(nowMs);
		wait();
		for (const at of planned) nowMs - at > lateMsMax ? on.missed(at) : on.due(at);
	};
	wait();
	return { nextMs: () => nextMs, stop: () => cancel() };
}
