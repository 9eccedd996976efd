/**
 * How far a timing may be from what it would have been without a late generator, as a multiple of its lateness. For
 * queues in order and pools of slots once is a theorem. A target that shares its processor makes all of a burst wait for
 * all of it: with two, 2.5 % of what was told beside planted lateness was not so, with three none of 601
 * (`npm run bench -- lateness`). What kind a target is nobody says.
 */
export const latenessMargin = 3;

/** A timer counts in whole milliseconds: what comes so much later comes in time. */
export const timerSlackMs = 2;

/** What the generator itself may have done to the time of operations that end now. */
export interface LatenessNow {
	/** At most so much of it is the generator's: with one in time they would have ended sooner. */
	readonly addedMs: number;
	/** By so much it may have spared them: what came late, or all at once, met another target than it would have. */
	readonly hiddenMs: number;
}

export const inTime: LatenessNow = { addedMs: 0, hiddenMs: 0 };

/**
 * How late a generator is. What was late may have added to everything until nothing is under way or due any more, for
 * the target may still queue for it; it hid something only from those that were under way then, and those that started
 * before these had ended.
 */
export class Lateness implements LatenessNow {
	/** Since nothing was under way for the last time. */
	readonly #since = new Worst();
	/** Since all that was under way at the turnover had ended, and in the stretch before that. */
	#now = new Worst();
	#before = new Worst();

	/** An operation started so much later than it could have. */
	started(lateMs: number): void {
		if (lateMs <= timerSlackMs) return;
		this.#since.started(lateMs);
		this.#now.started(lateMs);
	}

	/**
	 * The event loop came back so late, or was held up so long in a turn: answers were read that much later. Where others
	 * wait for their slots they wait for each such turn, so that they add up.
	 */
	turned(lateMs: number, isWaitedFor: boolean): void {
		this.#since.turned(lateMs, isWaitedFor);
		this.#now.turned(lateMs, isWaitedFor);
	}

	/** What has started in this turn is under way in the next ones; in this one it was not. */
	turnEnded(): void {
		this.#since.turnEnded();
		this.#now.turnEnded();
	}

	/** All that was under way or due at the turnover before has ended. */
	turnedOver(): void {
		const spare = this.#before;
		this.#before = this.#now;
		this.#now = spare;
		spare.forget();
	}

	/** All that was due has ended: what is late from now on is late by itself. */
	rested(): void {
		this.#since.forget();
		this.#now.forget();
		this.#before.forget();
	}

	get addedMs(): number {
		return this.#since.onceMs + this.#since.eachMs;
	}

	get hiddenMs(): number {
		const now = this.#now;
		const before = this.#before;
		return Math.max(now.onceMs, before.onceMs) + now.eachMs + before.eachMs;
	}
}

class Worst {
	#startMs = 0;
	/** How late the latest of those was that started in this turn. */
	#freshMs = 0;
	/** Of operations under way in a late turn: what they, or those before them, had started late by then, and it. */
	#endMs = 0;
	/** The sum of the late turns that others waited for. */
	eachMs = 0;

	get onceMs(): number {
		return Math.max(this.#startMs, this.#freshMs, this.#endMs);
	}

	started(lateMs: number): void {
		if (lateMs > this.#freshMs) this.#freshMs = lateMs;
	}

	turnEnded(): void {
		if (this.#freshMs > this.#startMs) this.#startMs = this.#freshMs;
		this.#freshMs = 0;
	}

	turned(lateMs: number, isWaitedFor: boolean): void {
		if (isWaitedFor) this.eachMs += lateMs;
		else this.#endMs = Math.max(this.#endMs, this.#startMs + lateMs);
	}

	forget(): void {
		this.#startMs = 0;
		this.#freshMs = 0;
		this.#endMs = 0;
		this.eachMs = 0;
	}
}
