import { type Stream, stream } from "../../../base/random.ts";

/** How much a session's log ratio of one metric swings where nothing has changed. */
export interface MetricNoise {
	/** Of a run against another, in which 30 % of the variance is the process's own and stays within a pair. */
	runSd: number;
	/** What slicing leaves of the samples' own noise. */
	sliceSd: number;
}

/** In sessions of 60 s a side; the p50's slice noise is the one that fits the method's rates. */
export const noiseOfP50: MetricNoise = { runSd: 0.05, sliceSd: 0.014 };
export const noiseOfP99: MetricNoise = { runSd: 0.12, sliceSd: 0.064 };

/** The noise of sessions half as long, which have half of the samples. */
export function inHalfTheTime({ runSd, sliceSd }: MetricNoise): MetricNoise {
	return { runSd, sliceSd: sliceSd * Math.SQRT2 };
}

/**
 * What 30 A/A pairs of a service of some milliseconds had (load/bench/ERROR-RATES.md): 0.98 % a pair for the p50 and
 * 0.02 % for the throughput of an open loop, all of it taken for the processes' own, whose tails are heavy. Their p99 had
 * too few samples; it keeps the model's noise.
 */
export const noiseMeasuredHere = {
	p50: { runSd: 0.0098 / Math.sqrt(2 * 0.3), sliceSd: 0 },
	throughput: { runSd: 0.0002 / Math.sqrt(2 * 0.3), sliceSd: 0 },
} satisfies Record<string, MetricNoise>;

const ownShare = 0.3;
/** How much noisier or quieter nights are, on the log scale. */
const nightSd = 0.35;

/**
 * Sessions as a machine makes them: each side a process of its own with tails as Student's of 5 degrees, nights of
 * different noise. A model of runs, not of requests.
 */
export class Nights {
	readonly #draw: Stream;

	constructor(seed: number) {
		this.#draw = stream(seed, "judgement");
	}

	/** How noisy the next night is. */
	scale(): number {
		return Math.exp(nightSd * this.#normal());
	}

	/** One session's log ratio, B against A, on a night of this scale. */
	session({ runSd, sliceSd }: MetricNoise, scale: number, shiftLog: number): number {
		const processes = this.#heavy() - this.#heavy();
		return shiftLog + scale * runSd * Math.sqrt(ownShare) * processes + sliceSd * this.#normal();
	}

	/** Twenty A/A sessions, each of a night of its own. */
	history(noise: MetricNoise): number[] {
		return Array.from({ length: 20 }, () => this.session(noise, this.scale(), 0));
	}

	#normal(): number {
		const radius = Math.sqrt(-2 * Math.log(1 - this.#draw()));
		return radius * Math.cos(2 * Math.PI * this.#draw());
	}

	/** Student's with 5 degrees of freedom, of variance 1. */
	#heavy(): number {
		let squares = 0;
		for (let i = 0; i < 5; i++) squares += this.#normal() ** 2;
		return this.#normal() / Math.sqrt(squares / 5) / Math.sqrt(5 / 3);
	}
}
