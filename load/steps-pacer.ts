import type { Pacer } from "./arrival.ts";

export interface Step {
	ratePerSec: number;
	forMs: number;
}

/** Constant rates one after another; the last goes on. A rate of 0 is a pause, and as the last one the end. */
export function stepsPacer(steps: readonly Step[]): Pacer {
	const starts: { n: number; ms: number; ratePerSec: number }[] = [];
	let n = 0;
	let ms = 0;
	for (const { ratePerSec, forMs } of steps) {
		starts.push({ n, ms, ratePerSec });
		n += (ratePerSec * forMs) / 1000;
		ms += forMs;
	}
	return (wanted) => {
		let step = starts.length - 1;
		// Of steps that begin with the same operation the last holds it: those before it have none.
		while (step > 0 && starts[step]!.n > wanted) step--;
		const start = starts[step]!;
		if (start.ratePerSec === 0) return null;
		return start.ms + ((wanted - start.n) * 1000) / start.ratePerSec;
	};
}
