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
	let high: number | null = null;
	let held = 0;
	let next = options.firstPerSec;
	while (trials.length < trialsMax) {
		const ratePerSec = rounded(next);
		const outcome = await trial(ratePerSec);
		if (outcome === null) break;
		trials.push({ ratePerSec, outcome });
		if (outcome === "met") {
			held = ratePerSec === low ? held + 1 : 1;
			low = ratePerSec;
		} else {
			high = ratePerSec;
			if (low !== null && low >= high) low = bestBelow(trials, high);
			held = 0;
		}
		if (low === null) next = high! / 2;
		else if (high === null && low < mostPerSec) next = Math.min(low * 2, mostPerSec);
		else if (high !== null && farApart(low, high, precision)) next = Math.sqrt(low * high);
		else if (held > confirmations)
			return { ratePerSec: low, confirmed: true, limitedBy: limitOf(trials, low), trials };
		else next = low;
		if (next < leastPerSec) break;
	}
	return { ratePerSec: low, confirmed: false, limitedBy: limitOf(trials, low), trials };
}

function farApart(low: number, high: number, precision: number): boolean {
	return high / low > 1 + precision && rounded(Math.sqrt(low * high)) !== low;
}

/** By the lowest rate above the one found that did not hold. */
function limitOf(trials: Trial[], found: number | null): FoundMax["limitedBy"] {
	const beyond = trials
		.filter(({ ratePerSec, outcome }) => outcome !== "met" && ratePerSec > (found ?? 0))
		.sort((a, b) => a.ratePerSec - b.ratePerSec);
	if (beyond.length === 0) return null;
	return beyond[0]!.outcome === "missed" ? "target" : "generator";
}

function bestBelow(trials: Trial[], high: number): number | null {
	const held = trials.filter(({ ratePerSec, outcome }) => outcome === "met" && ratePerSec < high);
	return held.reduce<number | null>((best, t) => Math.max(best ?? 0, t.ratePerSec), null);
}

/** Three significant digits, so that a rate can be read and asked for again. */
function rounded(ratePerSec: number): number {
	return Number(ratePerSec.toPrecision(3));
}
