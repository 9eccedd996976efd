import hdr from "hdr-histogram-js";

const maxUs = 3_600_000_000;
const shape = {
	bitBucketSize: 32,
	autoResize: false,
	lowestDiscernibleValue: 1,
	highestTrackableValue: maxUs,
	numberOfSignificantValueDigits: 3,
} as const;

/** A worker's histogram, kept in WASM: 3 significant digits from 1 µs to 1 h. */
export class WorkerHistogram {
	readonly #histogram: hdr.Histogram;
	#clamped = 0;

	constructor() {
		hdr.initWebAssemblySync();
		this.#histogram = hdr.build({ ...shape, useWebAssembly: true });
	}

	/**
	 * Never throws. What is shorter than the resolution counts as 1 µs; a value that can't be one (negative, NaN,
	 * beyond an hour) is clamped and counted as such.
	 */
	recordMs(valueMs: number): void {
		const us = Math.round(valueMs * 1000);
		if (us >= 1 && us <= maxUs) {
			this.#histogram.recordValue(us);
		} else {
			if (us !== 0) this.#clamped++;
			this.#histogram.recordValue(us > maxUs ? maxUs : 1);
		}
	}

	/** The encoded samples, their number and that of clamps since the last call; afterwards it is empty. */
	flush(): { encoded: string; count: number; clamped: number } {
		const flushed = {
			count: this.#histogram.totalCount,
			encoded: hdr.encodeIntoCompressedBase64(this.#histogram),
			clamped: this.#clamped,
		};
		this.#histogram.reset();
		this.#clamped = 0;
		return flushed;
	}

	/** Gives its memory back: it lies outside the JavaScript heap, where no collector finds it. */
	destroy(): void {
		this.#histogram.destroy();
	}
}

export interface Quantiles {
	p50: number | null;
	p90: number | null;
	p99: number | null;
	p99_9: number | null;
	p99_99: number | null;
	max: number | null;
	mean: number | null;
}

const none: Quantiles = {
	p50: null,
	p90: null,
	p99: null,
	p99_9: null,
	p99_99: null,
	max: null,
	mean: null,
};

/** How a histogram without samples is encoded: so many are, that it is worth not to decode each. */
let emptyEncoded: string | null = null;

/** A sum of encoded histograms, in plain JavaScript: the daemon has no WASM. Made at the first sample; 95 KB then. */
export class MergedHistogram {
	#sum: hdr.Histogram | null = null;

	get count(): number {
		return this.#sum?.totalCount ?? 0;
	}

	add(encoded: string): void {
		if (encoded === emptyEncoded) return;
		const decoded = hdr.decodeFromCompressedBase64(encoded, 32, false);
		if (decoded.totalCount === 0) emptyEncoded = encoded;
		else if (this.#sum === null) this.#sum = decoded;
		else this.#sum.add(decoded);
	}

	/** Adds the samples of another, which stays as it is. */
	addAll(other: MergedHistogram): void {
		if (other.#sum === null) return;
		this.#sum ??= hdr.build(shape);
		this.#sum.add(other.#sum);
	}

	/** In microseconds; null where there was no sample. */
	get max(): number | null {
		return this.#sum?.maxValue ?? null;
	}

	/** The value below which this share of the samples lies, in microseconds; null where there was no sample. */
	at(quantile: number): number | null {
		if (this.#sum === null) return null;
		// A percentile is the upper edge of its bucket, which may lie beyond the greatest value.
		return Math.min(this.#sum.getValueAtPercentile(100 * quantile), this.#sum.maxValue);
	}

	/** In microseconds; null where there was no sample. */
	quantiles(): Quantiles {
		const sum = this.#sum;
		if (sum === null) return { ...none };
		return {
			p50: this.at(0.5),
			p90: this.at(0.9),
			p99: this.at(0.99),
			p99_9: this.at(0.999),
			p99_99: this.at(0.9999),
			max: sum.maxValue,
			mean: Math.round(sum.mean * 10) / 10,
		};
	}

	/** The sum in the same encoding, such as for a histogram log. */
	encode(): string {
		return hdr.encodeIntoCompressedBase64(this.#sum ?? hdr.build(shape));
	}
}
