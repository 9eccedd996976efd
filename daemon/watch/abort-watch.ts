import type { AbortCondition } from "../../scenarios/contract/plan.ts";
import { crosses, holds, isRate, rateOver, type View, watches, wordsOf } from "../alerts/rules.ts";
import type { IntervalView } from "../record/interval.ts";

/** One abort condition over the window that ends with the newest interval. */
export class AbortWatch {
	readonly #condition: AbortCondition;
	readonly #windowMs: number;
	readonly #views: View[] = [];

	constructor(condition: AbortCondition, defaultWindowMs: number) {
		this.#condition = condition;
		this.#windowMs = condition.windowMs ?? defaultWindowMs;
	}

	/** Takes an interval or a reading in; why the run must end, once the condition held over a whole window. */
	see(view: View): string | null {
		if (!watches(this.#condition, view)) return null;
		this.#views.push(view);
		while (this.#views[0]!.fromMs < view.toMs - this.#windowMs) this.#views.shift();
		// A window that is not full yet says nothing of its whole length.
		if (view.toMs - this.#views[0]!.fromMs < this.#windowMs) return null;
		return this.#holds() ? `${wordsOf(this.#condition)} over ${this.#windowMs} ms` : null;
	}

	#holds(): boolean {
		const condition = this.#condition;
		if ("signal" in condition && isRate(condition.signal)) {
			const rate = rateOver(this.#views as IntervalView[], condition.signal);
			return rate !== null && crosses(condition, rate);
		}
		return this.#views.every((view) => holds(condition, view));
	}
}
