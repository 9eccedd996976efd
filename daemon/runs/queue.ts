import { FaultlineError } from "../../base/errors.ts";
import { giveMemoryBack } from "../../base/memory.ts";
import type { Run } from "./run.ts";

const betweenMax = 20;
const giveBackAfterMs = 2_000;

/** Runs one at a time, in the order in which they came, and between two of them what must not disturb any. */
export class RunQueue {
	readonly #roomFor: number;
	readonly #ended: (run: Run) => void;
	readonly #waiting: Run[] = [];
	/** What is done while no run is measured. */
	readonly #between: (() => Promise<void>)[] = [];
	#active: Run | null = null;
	#pausing = false;

	/** `ended` is told of each run that is over, before the next begins. */
	constructor(roomFor: number, ended: (run: Run) => void) {
		this.#roomFor = roomFor;
		this.#ended = ended;
	}

	get active(): Run | null {
		return this.#active;
	}

	/** Whether a run that comes now begins at once. */
	get isIdle(): boolean {
		const nothingWaits = this.#waiting.length === 0 && this.#between.length === 0;
		return this.#active === null && !this.#pausing && nothingWaits;
	}

	/** Throws `FLT_BUSY` where as many wait as may. */
	mustHaveRoom(): void {
		if (this.#waiting.length < this.#roomFor) return;
		throw new FaultlineError(
			"FLT_BUSY",
			`${this.#waiting.length} runs wait already, the most that may`,
			"wait for some of them, or stop them: POST /runs/RUN/stop",
		);
	}

	append(run: Run): void {
		this.#waiting.push(run);
		this.#next();
	}

	/** Before all that wait; it begins when what is under way has ended. */
	putFirst(run: Run): void {
		this.#waiting.unshift(run);
	}

	/** Whether it waited: it does no more. */
	takeOut(run: Run): boolean {
		const at = this.#waiting.indexOf(run);
		if (at >= 0) this.#waiting.splice(at, 1);
		return at >= 0;
	}

	/** All that waited, and do no more, and the one that is under way. */
	empty(): Run[] {
		return [...this.#waiting.splice(0), ...(this.#active === null ? [] : [this.#active])];
	}

	/** Does this while no run is under way, before whichever waits; throws `FLT_BUSY` where too much of it waits. */
	between<T>(work: () => Promise<T>): Promise<T> {
		if (this.#between.length >= betweenMax)
			throw new FaultlineError(
				"FLT_BUSY",
				`${this.#between.length} pages wait to be made between two runs, the most that may`,
				"ask again later",
			);
		const { promise, resolve, reject } = Promise.withResolvers<T>();
		this.#between.push(() => work().then(resolve, reject));
		this.#next();
		return promise;
	}

	#next(): void {
		if (this.#active !== null || this.#pausing) return;
		const work = this.#between.shift();
		if (work !== undefined) {
			this.#pausing = true;
			void work().finally(() => {
				this.#pausing = false;
				this.#next();
			});
			return;
		}
		const run = this.#waiting.shift();
		if (run === undefined) return;
		this.#active = run;
		void run.perform().finally(() => {
			this.#active = null;
			this.#ended(run);
			this.#next();
			// Not at once: whoever waited for the end still holds it.
			setTimeout(() => this.#active === null && giveMemoryBack(), giveBackAfterMs).unref();
		});
	}
}
