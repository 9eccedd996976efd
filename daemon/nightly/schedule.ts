import { FaultlineError, messageOf } from "../../base/errors.ts";

/** When nightlies are planned. */
export interface Schedule {
	/** The first planned instant after this one. */
	nextAfter(ms: number): number;
}

/**
 * Reads a cron line; what a day without 02:30, or with two of them, means is the library's to say. It is loaded only
 * here: a daemon without a schedule does without it.
 */
export async function readSchedule(at: string, timeZone: string | null): Promise<Schedule> {
	const { CronTime } = await import("cron");
	try {
		const time = new CronTime(at, timeZone);
		const nextAfter = (ms: number) => {
			const from = new Date(ms);
			return (
				timeZone === null ? time.getNextDateFrom(from) : time.getNextDateFrom(from, timeZone)
			).toMillis();
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

/** Planned instants after `fromMs` up to `toMs`: at most the last 31, of the last 31 days. */
export function plannedBetween(schedule: Schedule, fromMs: number, toMs: number): number[] {
	const planned: number[] = [];
	const beginMs = Math.max(fromMs, toMs - plannedMax * 86_400_000);
	for (let at = schedule.nextAfter(beginMs); at <= toMs; at = schedule.nextAfter(at)) {
		planned.push(at);
		if (planned.length > plannedMax) planned.shift();
	}
	return planned;
}
const plannedMax = 31;

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
