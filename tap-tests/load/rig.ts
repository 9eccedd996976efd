import type { Pacer } from "../../load/arrival.ts";
import { FakeTime } from "../../load/bench/simulated/fake-time.ts";
import { closedDues, openDues } from "../../load/dues.ts";
import { errorSampler } from "../../load/error-text.ts";
import { awaited } from "../../load/issue.ts";
import type { Journal } from "../../load/journal.ts";
import { Loop } from "../../load/loop.ts";
import { outcomeOf } from "../../load/outcome.ts";
import { type PhaseStart, Recorder } from "../../load/recorder.ts";
import type { Counts, LoadInterval } from "../../load/report.ts";
import { type LoadSummary, summarize } from "../../load/summary.ts";
import type { Operation } from "../../load/work.ts";

export interface RigOptions {
	arrival: { pacer: Pacer } | { thinkMs: number };
	work: (operation: Operation, time: FakeTime) => Promise<string | undefined>;
	slots?: number;
	deadlineMs?: number;
	worker?: number;
	workers?: number;
	phases?: PhaseStart[];
	journal?: Journal | null;
	earlyMs?: number;
}

export interface Rig {
	time: FakeTime;
	loop: Loop;
	ended: Promise<Counts>;
	intervals: LoadInterval[];
	heartbeats: number[];
	summary: (toMs: number) => LoadSummary;
}

export const perSec =
	(ratePerSec: number): Pacer =>
	(n) =>
		(n * 1000) / ratePerSec;

/** A loop of one worker in fake time, started. */
export function rig(options: RigOptions): Rig {
	const time = new FakeTime();
	time.earlyMs = options.earlyMs ?? 0;
	const intervals: LoadInterval[] = [];
	const heartbeats: number[] = [];
	const { arrival, slots = 10, worker = 0, workers = 1 } = options;
	const recorder = new Recorder({
		load: "test",
		worker,
		phases: options.phases ?? [{ name: "all", fromMs: 0 }],
		intervalMs: 1000,
		gauges: () => ({ ...loop.takeGauges(), counters: {}, loopDelayMaxMs: 0, cpuMs: 0 }),
		sampleOf: errorSampler(options.deadlineMs ?? 5000, []),
		emit: (interval) => intervals.push(interval),
	});
	const loop = new Loop({
		worker,
		workers,
		nowMs: () => time.nowMs,
		zeroMs: 1_000_000,
		timers: time.timers,
		dues:
			"pacer" in arrival
				? openDues(arrival.pacer, worker, workers)
				: closedDues(slots, arrival.thinkMs),
		slots,
		deadlineMs: options.deadlineMs ?? 5000,
		issue: awaited((operation) => options.work(operation, time)),
		classify: (error) => outcomeOf(error, []),
		recorder,
		journal: options.journal ?? null,
		heartbeat: (started) => heartbeats.push(started),
	});
	const ended = loop.run();
	ended.catch(() => {});
	ended.finally(() => recorder.destroy()).catch(() => {});
	const summary = (toMs: number) => summarize(intervals, { fromMs: 0, toMs });
	return { time, loop, ended, intervals, heartbeats, summary };
}
