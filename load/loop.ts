import type { Dues, PaceChange } from "./dues.ts";
import type { Journal } from "./journal.ts";
import { Lateness, timerSlackMs } from "./lateness.ts";
import { NumberRing } from "./number-ring.ts";
import type { Issue } from "./operation.ts";
import type { Outcome } from "./outcome.ts";
import type { Gauges, PhaseStart, Recorder } from "./recorder.ts";
import type { Counts } from "./report.ts";
import { type SlotOperation, Slots } from "./slots.ts";
import { Tally } from "./tally.ts";

export interface Timers {
	/** Calls back once, about `ms` later (it may be early); returns how to take it back. */
	after(ms: number, callback: () => void): () => void;
	/** Calls back once, after the event loop has seen to its input and output. */
	soon(callback: () => void): void;
}

export interface LoopOptions {
	worker: number;
	workers: number;
	/** Milliseconds from the load's zero; negative before it. */
	nowMs: () => number;
	/** That zero on the machine's monotonic clock, in milliseconds. */
	zeroMs: number;
	timers: Timers;
	dues: Dues;
	/** Most operations in flight. */
	slots: number;
	deadlineMs: number;
	issue: Issue;
	classify: (error: unknown) => Outcome;
	recorder: Recorder;
	journal: Journal | null;
	/** Told every 100 ms how many operations have started. */
	heartbeat: (started: number) => void;
}

const heartbeatMs = 100;
/** Time for starts in one turn of the event loop; more would keep the answers of those already sent from being read. */
const burstMaxMs = 2;
/** And their number, for a turn in which no time seems to pass. */
const burstMax = 4096;
/** So often it wakes up at least while something is under way. */
const wakeMs = 10;
const never = Number.POSITIVE_INFINITY;
const ok: Outcome = { kind: "ok" };

/**
 * Runs one worker's operations: each starts at its due time, or waits for a free slot, and ends by its deadline.
 * `run` resolves with the counts once the load has been stopped and drained, or the arrival has no more operations.
 */
export class Loop {
	readonly #options: LoopOptions;
	readonly #slots: Slots;
	readonly #tally: Tally;
	/** Due, noticed and unstarted, oldest first: intended and noticed times. */
	readonly #waitingIntendedMs = new NumberRing();
	readonly #waitingNoticedMs = new NumberRing();
	readonly #ended = Promise.withResolvers<Counts>();
	readonly #lateness = new Lateness();
	/** When a slot became free for the last time while all were taken: what waited for it could not start before. */
	#fullUntilMs = Number.NEGATIVE_INFINITY;
	/** Until when an overdue wake-up has been accounted for. */
	#turnedAtMs = Number.NEGATIVE_INFINITY;
	/** Once every operation before this one has ended, so has all that was under way or due when it was set. */
	#turnoverN = 0;
	#over = false;
	#started = 0;
	#burst = 0;
	#burstFromMs = 0;
	#lastStartMs = 0;
	#deferredAtMs: number | null = null;
	#idleWaitMs = 0;
	#stopAtMs = never;
	#drainEndMs = never;
	#heartbeatAtMs = heartbeatMs;
	#wakeAtMs = never;
	#cancelTimer: () => void = () => {};

	constructor(options: LoopOptions) {
		this.#options = options;
		this.#tally = new Tally(options.recorder, options.journal);
		this.#slots = new Slots(options.slots, options.zeroMs, {
			succeeded: (slot, receipt) => this.#settle(slot, ok, receipt),
			failed: (slot, error) => this.#settle(slot, options.classify(error), undefined),
		});
	}

	run(): Promise<Counts> {
		this.#guard((nowMs) => this.#tick(nowMs));
		return this.#ended.promise;
	}

	/** No operation intended at or after this time; what is in flight or waits gets one deadline to end. */
	stop(atMs: number): void {
		this.#guard((nowMs) => {
			this.#stop(atMs, nowMs);
			this.#advance(nowMs);
		});
	}

	/** Operations intended from then on are of this phase. */
	beginPhase(start: PhaseStart): void {
		// Before this turn notices what has become due meanwhile: some of it may be of the new phase.
		if (!this.#over) this.#options.recorder.beginPhase(start);
	}

	/** From now on operations are due by another rate, or not at all for a while. */
	steer(change: PaceChange): void {
		this.#guard((nowMs) => {
			this.#notice(nowMs);
			this.#options.dues.steer(nowMs, change);
			this.#advance(nowMs);
		});
	}

	/** Ends now. */
	abort(): void {
		this.#guard((nowMs) => {
			this.#notice(nowMs);
			this.#finish(nowMs);
		});
	}

	/** What an interval says about the loop; the waited time starts again from 0. */
	takeGauges(): Pick<Gauges, "inFlight" | "waiting" | "idleWaitMs"> {
		const idleWaitMs = this.#idleWaitMs;
		this.#idleWaitMs = 0;
		return {
			inFlight: this.#slots.inFlight,
			waiting: this.#waitingIntendedMs.size,
			idleWaitMs,
		};
	}

	/** Everything the loop does goes through here: an error in it ends the task, and the next wake-up is set anew. */
	#guard(step: (nowMs: number) => void): void {
		if (this.#over) return;
		try {
			const nowMs = this.#options.nowMs();
			if (nowMs > this.#wakeAtMs + timerSlackMs) this.#seeTurn(nowMs);
			step(nowMs);
			this.#goOn(nowMs);
		} catch (error) {
			this.#breakOff(error);
		}
	}

	/** A wake-up is overdue, whatever has woken the loop now: all that could be done since then is late. */
	#seeTurn(nowMs: number): void {
		const isWaitedFor = this.#isWaitedFor(nowMs);
		const dueMs = this.#wakeAtMs + timerSlackMs;
		const sinceMs = isWaitedFor ? Math.max(dueMs, this.#turnedAtMs) : dueMs;
		this.#lateness.turned(nowMs - sinceMs, isWaitedFor);
		this.#turnedAtMs = nowMs;
	}

	#goOn(nowMs: number): void {
		this.#seeTurnEnd(nowMs);
		this.#seeEnds();
		this.#endIfDone(nowMs);
		if (!this.#over) this.#sleep(nowMs);
	}

	/** Whether operations are due for which there is no slot. */
	#isWaitedFor(nowMs: number): boolean {
		if (this.#slots.free > 0) return false;
		return this.#waitingIntendedMs.size > 0 || (this.#options.dues.nextMs() ?? never) <= nowMs;
	}

	/** The turn is over: was it held up by what it started itself? `wokenMs`: when it began. */
	#seeTurnEnd(wokenMs: number): void {
		const heldMs = this.#lastStartMs - wokenMs;
		if (heldMs > timerSlackMs) this.#lateness.turned(heldMs, this.#isWaitedFor(this.#lastStartMs));
		// While a wake-up is overdue this is one turn still.
		if (wokenMs <= this.#wakeAtMs + timerSlackMs) this.#lateness.turnEnded();
	}

	/** Whether all has ended that lateness could have reached. */
	#seeEnds(): void {
		const { oldest } = this.#slots;
		const waiting = this.#waitingIntendedMs.size;
		if (oldest === null) {
			if (waiting === 0) this.#lateness.rested();
		} else if (oldest.n >= this.#turnoverN) {
			this.#lateness.turnedOver();
			const { worker, workers } = this.#options;
			this.#turnoverN = worker + (this.#started + waiting) * workers;
		}
	}

	#breakOff(error: unknown): void {
		this.#over = true;
		this.#cancelTimer();
		this.#ended.reject(error);
		for (let slot = this.#slots.oldest; slot !== null; slot = this.#slots.oldest) {
			this.#slots.abandon(slot);
			slot.giveUp("stopped");
		}
	}

	#tick(nowMs: number): void {
		const { recorder, heartbeat, deadlineMs } = this.#options;
		this.#burst = 0;
		recorder.roll(nowMs);
		for (let slot = this.#slots.oldest; slot !== null; slot = this.#slots.oldest) {
			if (slot.startedMs + deadlineMs > nowMs) break;
			this.#giveUp(slot, nowMs, "deadline");
		}
		this.#advance(nowMs);
		if (nowMs >= this.#tally.flushAtMs) this.#tally.flush(nowMs);
		if (nowMs >= this.#heartbeatAtMs) {
			this.#heartbeatAtMs = nowMs + heartbeatMs;
			heartbeat(this.#started);
		}
	}

	#advance(nowMs: number): void {
		this.#notice(nowMs);
		this.#startWaiting(nowMs);
	}

	#notice(nowMs: number): void {
		const { dues, recorder } = this.#options;
		for (;;) {
			const intendedMs = dues.nextMs();
			if (intendedMs === null) {
				this.#stop(nowMs, nowMs);
				break;
			}
			if (intendedMs > nowMs || intendedMs >= this.#stopAtMs) break;
			dues.take();
			recorder.due(nowMs, intendedMs);
			this.#waitingIntendedMs.push(intendedMs);
			this.#waitingNoticedMs.push(nowMs);
		}
	}

	#startWaiting(nowMs: number): void {
		if (nowMs >= this.#drainEndMs) return;
		while (this.#waitingIntendedMs.size > 0 && this.#slots.free > 0) {
			if (this.#burst === 0) this.#burstFromMs = nowMs;
			if (this.#burst >= burstMax || this.#lastStartMs - this.#burstFromMs > burstMaxMs) {
				this.#defer(nowMs);
				break;
			}
			this.#burst++;
			this.#start();
		}
	}

	#start(): void {
		const { nowMs, issue, recorder, worker, workers } = this.#options;
		const intendedMs = this.#waitingIntendedMs.shift()!;
		const noticedMs = this.#waitingNoticedMs.shift()!;
		const couldMs = Math.max(intendedMs, this.#fullUntilMs);
		const slot = this.#slots.take();
		// Not the time of the tick: those started before it in the same turn took their time too.
		const startedMs = nowMs();
		this.#lastStartMs = startedMs;
		this.#lateness.started(startedMs - couldMs);
		const phase = recorder.phaseOf(intendedMs);
		slot.begin({ n: worker + this.#started * workers, phase, intendedMs, startedMs });
		this.#started++;
		recorder.started(startedMs, intendedMs, noticedMs);
		try {
			issue(slot);
		} catch (error) {
			// Not here and now: ending an operation may start the next, which belongs to this very turn.
			Promise.reject(error).catch(slot.fail);
		}
	}

	#defer(nowMs: number): void {
		if (this.#deferredAtMs !== null) return;
		this.#deferredAtMs = nowMs;
		this.#options.timers.soon(() =>
			this.#guard((laterMs) => {
				this.#idleWaitMs = Math.max(this.#idleWaitMs, laterMs - this.#deferredAtMs!);
				this.#deferredAtMs = null;
				this.#burst = 0;
				this.#advance(laterMs);
			}),
		);
	}

	/** As in `#guard`, without a function made for each operation. */
	#settle(slot: SlotOperation, outcome: Outcome, receipt: string | undefined): void {
		if (this.#over) return;
		try {
			const nowMs = this.#options.nowMs();
			if (nowMs > this.#wakeAtMs + timerSlackMs) this.#seeTurn(nowMs);
			if (this.#slots.free === 0) this.#fullUntilMs = nowMs;
			this.#slots.release(slot);
			this.#end(slot, nowMs, outcome, receipt);
			this.#advance(nowMs);
			this.#goOn(nowMs);
		} catch (error) {
			this.#breakOff(error);
		}
	}

	#end(slot: SlotOperation, nowMs: number, outcome: Outcome, receipt?: string): void {
		this.#tally.ended(slot, nowMs, outcome, this.#lateness, receipt);
		this.#options.dues.ended(nowMs);
	}

	#giveUp(slot: SlotOperation, nowMs: number, code: string): void {
		if (this.#slots.free === 0) this.#fullUntilMs = nowMs;
		this.#slots.abandon(slot);
		this.#end(slot, nowMs, { kind: "unknown", code });
		// Last, because it runs the listeners of user code.
		slot.giveUp(code);
	}

	#stop(atMs: number, nowMs: number): void {
		if (atMs >= this.#stopAtMs) return;
		this.#stopAtMs = atMs;
		this.#drainEndMs = Math.max(atMs, nowMs) + this.#options.deadlineMs;
	}

	#endIfDone(nowMs: number): void {
		if (nowMs < this.#stopAtMs) return;
		const drained = this.#slots.inFlight === 0 && this.#waitingIntendedMs.size === 0;
		if (drained || nowMs >= this.#drainEndMs) this.#finish(nowMs);
	}

	#finish(nowMs: number): void {
		const { recorder } = this.#options;
		for (let slot = this.#slots.oldest; slot !== null; slot = this.#slots.oldest)
			this.#giveUp(slot, nowMs, "stopped");
		while (this.#waitingIntendedMs.size > 0)
			recorder.dropped(nowMs, this.#waitingIntendedMs.shift()!);
		this.#tally.flush(nowMs);
		recorder.finish(nowMs);
		this.#over = true;
		this.#cancelTimer();
		this.#ended.resolve({ ...recorder.totals });
	}

	#sleep(nowMs: number): void {
		// What was due while it started others is noticed late, but no turn was missed by then.
		const wakeAtMs = Math.max(this.#nextWakeMs(nowMs), this.#lastStartMs);
		if (wakeAtMs >= this.#wakeAtMs) return;
		this.#cancelTimer();
		this.#wakeAtMs = wakeAtMs;
		this.#cancelTimer = this.#options.timers.after(Math.max(1, wakeAtMs - nowMs), () => {
			this.#guard((laterMs) => {
				this.#wakeAtMs = never;
				this.#tick(laterMs);
			});
		});
	}

	#nextWakeMs(nowMs: number): number {
		const { dues, recorder, deadlineMs } = this.#options;
		const dueMs = dues.nextMs() ?? never;
		const oldest = this.#slots.oldest;
		return Math.min(
			dueMs < this.#stopAtMs ? dueMs : never,
			oldest === null ? never : oldest.startedMs + deadlineMs,
			// A loop that can't read answers is known by a wake-up that it misses.
			oldest === null ? never : nowMs + wakeMs,
			nowMs < this.#stopAtMs ? this.#stopAtMs : this.#drainEndMs,
			this.#tally.flushAtMs,
			this.#heartbeatAtMs,
			recorder.intervalEndMs,
		);
	}
}
