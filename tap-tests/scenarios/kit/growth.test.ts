import fc from "fast-check";
import t from "tap";
import { fitGrowth } from "../../../scenarios/kit/growth.ts";

t.test("a power law's exponent is found, whatever its scale", (t) => {
	fc.assert(
		fc.property(
			fc.double({ min: -3, max: 3, noNaN: true }),
			fc.double({ min: 0.001, max: 1_000, noNaN: true }),
			(exponent, scale) => {
				const points = [10, 100, 1_000, 5_000].map((size) => ({
					size,
					value: scale * size ** exponent,
				}));
				const fit = fitGrowth(points)!;
				return Math.abs(fit.exponent - exponent) < 1e-9 && fit.low! <= fit.high!;
			},
		),
	);
	t.end();
});

t.test("the interval is that of the textbook's regression", (t) => {
	// log2 y = 0, 2, 1, 3 at log2 x = 0, 1, 2, 3: slope 0.8; residual variance 0.9 over 2 degrees of freedom.
	const points = [1, 4, 2, 8].map((value, i) => ({ size: 2 ** i, value }));
	const { exponent, low, high } = fitGrowth(points)!;
	const half = 4.30265 * Math.sqrt(0.9 / 5);
	t.ok(Math.abs(exponent - 0.8) < 1e-9);
	t.ok(Math.abs(low! - (0.8 - half)) < 1e-4 && Math.abs(high! - (0.8 + half)) < 1e-4);
	t.end();
});

t.test("two points have a slope and no interval, one size has neither", (t) => {
	const two = [
		{ size: 10, value: 1 },
		{ size: 1_000, value: 100 },
	];
	t.match(fitGrowth(two), { low: null, high: null });
	t.equal(fitGrowth([two[0]!, { size: 10, value: 3 }]), null);
	const same = Array.from({ length: 6 }, (_, value) => ({ size: 10_000, value: 1 + value }));
	t.equal(fitGrowth(same), null, "nor where the mean of equal logarithms is off by a bit");
	t.equal(fitGrowth([]), null);
	t.throws(() => fitGrowth([...two, { size: 5, value: 0 }]), /above 0.*5 and 0/);
	t.end();
});
