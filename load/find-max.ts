/** One try at a rate. */
export interface Trial {
	ratePerSec: number;
	outcome: TrialOutcome;
}

/**
 * `met`: the objective was, by a generator that kept up, at the rate that was asked for. `missed`: it was not, and the
 * target is why. `invalid`: the generator is, however often it was tried.
 */
export type TrialOutcome = "met" | "missed" | "invalid";

export interface FindMaxOptions {
	firstPerSec: number;
	/** No rate beyond it is tried. */
	mostPerSec: number;
	/** The search ends when the highest rate that held and the lowest that did not are this close. */
	precision: number;
	/** Tries in a row that have to hold at the rate found. */
	confirmations: number;
	trialsMax: number;
	/** One trial; null where the search is to end. */
	trial: (ratePerSec: number) => Promise<TrialOutcome | null>;
}

export interface FoundMax {
	/** Null where no rate held. */
	ratePerSec: number | null;
	/** Whether it held as often as was asked for. */
	confirmed: boolean;
	/** What kept it from more: the lowest rate that did not hold was missed by the target, or by the generator. */
	limitedBy: "target" | "generator" | null;
	trials: Trial[];
}

const leastPerSec = 0.5;

/**
 * The highest rate that holds: doubling (or halving) from the first until one holds and one does not, bisection
 * between them by ratio, then confirmation. A rate that fails a confirmation counts as one that does not hold.
 */
export async function findMax(options: FindMaxOptions): Promise<FoundMax> {
	const { mostPerSec, precision, confirmations, trialsMax, trial } = options;
	const trials: Trial[] = [];
	let low: number | null = null;
	/** Of those that did not hold the last, and so the lowest: no rate from it on is tried again. */
	let high: Trial | null = null;
	let held = 0;
	let next = options.firstPerSec;
	while (trials.length < trialsMax) {
		const ratePerSec = rounded(next);
		const outcome = await trial(ratePerSec);
		if (outcome === null) break;
		const tried: Trial = { ratePerSec, outcome };
		trials.push(tried);
		if (outcome === "met") {
			held = ratePerSec === low ? held + 1 : 1;
			low = ratePerSec;
		} else {
			high = tried;
			// All that was tried below it held, the highest last.
			low = trials.findLast((trial) => trial.ratePerSec < ratePerSec)?.ratePerSec ?? null;
			held = 0;
		}
		if (low === null) next = high!.ratePerSec / 2;
		else if (high === null && low < mostPerSec) next = Math.min(low * 2, mostPerSec);
		else if (high !== null && farApart(low, high.ratePerSec, precision))
			next = Math.sqrt(low * high.ratePerSec);
		else if (held > confirmations)
			return { ratePerSec: low, confirmed: true, limitedBy: limitOf(high), trials };
		else next = low;
		if (next < leastPerSec) break;
	}
	return { ratePerSec: low, confirmed: false, limitedBy: limitOf(high), trials };
}

function farApart(low: number, high: number, precision: number): boolean {
	return high / low > 1 + precision && rounded(Math.sqrt(low * high)) !== low;
}

function limitOf(high: Trial | null): FoundMax["limitedBy"] {
	if (high === null) return null;
	return high.outcome === "missed" ? "target" : "generator";
}

/** Three significant digits, so that a rate can be read and asked for again. */
function rounded(ratePerSec: number): number {
	return Number(ratePerSec.toPrecision(3));
}
