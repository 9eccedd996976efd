/** One try at a rate. */
export interface Trial {
	ratePerSec: number;
	/** The objective was met, by a generator that kept up, at the rate that was asked for. */
	met: boolean;
}

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
	trial: (ratePerSec: number) => Promise<boolean | null>;
}

export interface FoundMax {
	/** Null where no rate held. */
	ratePerSec: number | null;
	/** Whether it held as often as was asked for. */
	confirmed: boolean;
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
		const met = await trial(ratePerSec);
		if (met === null) break;
		trials.push({ ratePerSec, met });
		if (met) {
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
		else if (held > confirmations) return { ratePerSec: low, confirmed: true, trials };
		else next = low;
		if (next < leastPerSec) break;
	}
	return { ratePerSec: low, confirmed: false, trials };
}

function farApart(low: number, high: number, precision: number): boolean {
	return high / low > 1 + precision && rounded(Math.sqrt(low * high)) !== low;
}

function bestBelow(trials: Trial[], high: number): number | null {
	const held = trials.filter(({ ratePerSec, met }) => met && ratePerSec < high);
	return held.reduce<number | null>((best, t) => Math.max(best ?? 0, t.ratePerSec), null);
}

/** Three significant digits, so that a rate can be read and asked for again. */
function rounded(ratePerSec: number): number {
	return Number(ratePerSec.toPrecision(3));
}
