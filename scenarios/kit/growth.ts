import { quantileOfT } from "../../base/student.ts";

/** How a quantity grows with the size: as size^`exponent`, with its 95 % interval. */
export interface Growth {
	exponent: number;
	/** Null where fewer than three points leave nothing to tell the noise by. */
	low: number | null;
	high: number | null;
}

/**
 * The slope of log value over log size by least squares, with its 95 % interval by Student's t. Sizes may repeat; null
 * where there are not two different ones. Sizes and values are above 0, else it throws.
 */
export function fitGrowth(points: readonly { size: number; value: number }[]): Growth | null {
	for (const { size, value } of points)
		if (!(size > 0 && value > 0))
			throw new RangeError(`growth needs sizes and values above 0, but has ${size} and ${value}`);
	// Not by the spread of their logarithms: the mean of equal ones is not always quite equal to them.
	if (new Set(points.map(({ size }) => size)).size < 2) return null;
	const xs = points.map(({ size }) => Math.log(size));
	const ys = points.map(({ value }) => Math.log(value));
	const [meanX, meanY] = [mean(xs), mean(ys)];
	const spread = sum(xs.map((x) => (x - meanX) ** 2));
	const exponent = sum(xs.map((x, i) => (x - meanX) * (ys[i]! - meanY))) / spread;
	const df = points.length - 2;
	if (df < 1) return { exponent, low: null, high: null };
	const left = sum(xs.map((x, i) => (ys[i]! - meanY - exponent * (x - meanX)) ** 2));
	const half = quantileOfT(0.975, df) * Math.sqrt(left / df / spread);
	return { exponent, low: exponent - half, high: exponent + half };
}

function sum(values: readonly number[]): number {
	return values.reduce((a, b) => a + b, 0);
}

function mean(values: readonly number[]): number {
	return sum(values) / values.length;
}
