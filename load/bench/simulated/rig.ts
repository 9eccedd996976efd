import type { Dues } from "../../dues.ts";
import { errorSampler } from "../../error-text.ts";
import type { Journal } from "../../journal.ts";
import { Loop } from "../../loop.ts";
import type { Issue } from "../../operation.ts";
import { outcomeOf } from "../../outcome.ts";
import { type PhaseStart, Recorder } from "../../recorder.ts";
import type { Counts, LoadInterval } from "../../report.ts";
import { type LoadSummary, summarize } from "../../summary.ts";
import { FakeTime } from "./fake-time.ts";

export interface SimulatedOptions {
	dues: Dues;
	slots: number;
	deadlineMs: number;
	issue: (time: FakeTime) => Issue;
	worker?: number;
	workers?: number;
	phases?: PhaseStart[];
	journal?: Journal | null;
	earlyMs?: number;
}

export interface Simulated {
	time: FakeTime;
	loop: Loop;
	ended: Promise<Counts>;
	intervals: LoadInterval[];
	heartbeats: number[];
	summary: (toMs: number) => LoadSummary;
}

/** The real loop and recorder of one worker in simulated time, started. */
export function simulated(options: SimulatedOptions): Simulated {
	const time = new FakeTime();
	time.earlyMs = options.earlyMs ?? 0;
	const intervals: LoadInterval[] = [];
	const heartbeats: number[] = [];
	const { dues, slots, deadlineMs, worker = 0, workers = 1 } = options;
	const recorder = new Recorder({
		load: "simulated",
		worker,
		phases: options.phases ?? [{ name: "all", fromMs: 0 }],
		intervalMs: 1_000,
		gauges: () => ({ ...loop.takeGauges(), counters: {}, loopDelayMaxMs: 0, cpuMs: 0 }),
		sampleOf: errorSampler(deadlineMs, []),
		emit: (interval) => intervals.push(interval),
	});
	const loop: Loop = new Loop({
		worker,
		workers,
		nowMs: () => time.nowMs,
		zeroMs: 1_000_000,
		timers: time.timers,
		dues,
		slots,
		deadlineMs,
		recorder,
		journal: options.journal ?? null,
		issue: options.issue(time),
		classify: (error) => outcomeOf(error, []),
		heartbeat: (started) => heartbeats.push(started),
	});
	const ended = loop.run();
	ended.catch(() => {});
	ended.finally(() => recorder.destroy()).catch(() => {});
	const summary = (toMs: number) => summarize(intervals, { fromMs: 0, toMs });
	return { time, loop, ended, intervals, heartbeats, summary };
}
