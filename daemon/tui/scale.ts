/** A vertical axis: values to heights between 0 and 1, and the values that are worth a label. */
export interface Scale {
	heightOf(value: number): number;
	/** The most welcome label first. */
	ticks: { value: number; label: string }[];
}

const steps = [1, 2, 5];

/** 1, 2 or 5 times a power of ten: the greatest up to `value`, or the smallest from it on. */
export function round125(value: number, to: "down" | "up"): number {
	const power = 10 ** Math.floor(Math.log10(value));
	const around = [...steps.map((step) => step * power), 10 * power];
	const close = 1e-9; // 10 ** -1 and friends are not exact
	const found =
		to === "down"
			? around.findLast((step) => step <= value * (1 + close))
			: around.find((step) => step >= value * (1 - close));
	return Number((found ?? power).toPrecision(3));
}

/** A logarithmic axis over at least a factor of ten, so that 10 ms and a 3 s outage can both be read. */
export function logScale(values: readonly number[], label: (value: number) => string): Scale {
	const positive = values.filter((value) => value > 0);
	const least = positive.length === 0 ? 1 : Math.min(...positive);
	const most = positive.length === 0 ? 100 : Math.max(...positive);
	const low = round125(least, "down");
	const high = round125(Math.max(most, low * 10), "up");
	const span = Math.log10(high / low);
	const ticks = [low, high];
	for (let power = 10 ** Math.floor(Math.log10(low)); power <= high; power *= 10) {
		for (const step of steps) ticks.push(Number((step * power).toPrecision(3)));
	}
	const isDecade = (value: number) => Number.isInteger(Number(Math.log10(value).toFixed(6)));
	const wanted = [...new Set(ticks)]
		.filter((value) => value >= low && value <= high)
		.sort((a, b) => Number(isDecade(b)) - Number(isDecade(a)) || a - b);
	return {
		heightOf: (value) => Math.min(1, Math.max(0, Math.log10(Math.max(value, low) / low) / span)),
		ticks: wanted.map((value) => ({ value, label: label(value) })),
	};
}

/** An axis from 0 to a round value at or over the greatest. */
export function linearScale(values: readonly number[], label: (value: number) => string): Scale {
	const most = Math.max(0, ...values);
	const high = most === 0 ? 1 : roundUp(most);
	const ticks = [0, high, high / 2, high / 4, (3 * high) / 4];
	return {
		heightOf: (value) => Math.min(1, Math.max(0, value / high)),
		ticks: ticks.map((value) => ({ value, label: label(value) })),
	};
}

/** The next value whose quarters are still short numbers. */
function roundUp(value: number): number {
	const power = 10 ** Math.floor(Math.log10(value));
	const step = [1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10].find((factor) => factor * power >= value);
	return (step ?? 10) * power;
}
