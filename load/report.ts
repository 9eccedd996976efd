import type { PaceChange } from "./dues.ts";
import type { LatenessNow } from "./lateness.ts";

/** What a load's workers report; the daemon sums it. Histograms are HdrHistogram V2, compressed, base64. */

export interface Counts {
	/** Operations whose intended time had come: `due = started + dropped`. */
	due: number;
	/** `started = ok + fail + unknown`, once nothing is in flight. */
	started: number;
	ok: number;
	fail: number;
	unknown: number;
	/** Due, and still unstarted when the drain was over. */
	dropped: number;
}

export const zeroCounts = (): Counts => ({
	due: 0,
	started: 0,
	ok: 0,
	fail: 0,
	unknown: 0,
	dropped: 0,
});

/** Adds `more` to `sum`. */
export function addCounts(sum: Counts, more: Counts): void {
	sum.due += more.due;
	sum.started += more.started;
	sum.ok += more.ok;
	sum.fail += more.fail;
	sum.unknown += more.unknown;
	sum.dropped += more.dropped;
}

/** The operations of one phase (by intended time) that moved in one interval (by the time they moved). */
export interface PhaseSlice {
	phase: string;
	counts: Counts;
	/** Outcome code → operations, for `fail` and `unknown`. */
	errors: Record<string, number>;
	/** Outcome code → what the first error of it said: one line, without secrets. */
	errorSamples: Record<string, string>;
	/** When the last operation answered with `ok` ended, in milliseconds from the load's zero. */
	lastOkEndMs: number | null;
	/** How late the generator was for those that ended: the most, and of how many. */
	lateness: SliceLateness;
	/** End − intended start of every operation that started. */
	responseUs: string;
	/** End − intended start of every operation that ended ok. */
	okResponseUs: string;
	/** End − start. */
	serviceUs: string;
	/** Start − noticed: the wait for a free slot. */
	queueUs: string;
	/** Noticed − intended: the generator's own lateness. */
	scheduleLagUs: string;
}

export interface SliceLateness extends LatenessNow {
	/** Operations that it may have hidden something from. */
	count: number;
}

export interface LoadInterval {
	load: string;
	worker: number;
	/** Number of the interval from the load's zero; its length is the plan's `intervalMs`, the last one is shorter. */
	index: number;
	slices: PhaseSlice[];
	/** What the drivers counted in this interval, client by client: `db.attempts`. */
	counters: Record<string, number>;
	/** At the interval's end. */
	inFlight: number;
	waiting: number;
	/** Longest wait of operations although slots were free: the generator's fault, never the target's. */
	idleWaitMs: number;
	/** Longest event-loop delay seen in the worker. */
	loopDelayMaxMs: number;
	/** Processor time that the worker's thread took, all phases together. */
	cpuMs: number;
	/** Samples outside [1 µs, 1 h] that were clamped. */
	clamped: number;
}

export type WorkerMessage =
	| { kind: "opened"; load: string; worker: number }
	| { kind: "interval"; interval: LoadInterval }
	/** Every 100 ms: the worker is alive, and this many of its operations have started. */
	| { kind: "heartbeat"; load: string; worker: number; started: number }
	| { kind: "ended"; load: string; worker: number; totals: Counts };

export type WorkerOrder =
	/** Start the load; this monotonic instant is its zero. It may lie ahead, so that all workers share it. */
	| { kind: "begin"; zeroNs: bigint }
	/** No operation intended at or after this monotonic instant; then drain for at most one deadline, then end. */
	| { kind: "stop"; atNs: bigint }
	/** End now: what is in flight is `unknown: stopped`. */
	| { kind: "abort" }
	/** Another rate, a pause, or its end, from the moment it arrives. */
	| { kind: "steer"; change: PaceChange }
	/** The next phase, for operations intended at or after this monotonic instant; told ahead of it. */
	| { kind: "phase"; name: string; fromNs: bigint };
