import fc from "fast-check";
import t from "tap";
import { quantileOfT, tailAbove } from "../../base/student.ts";

/** Equal but for a share of the expected value. */
const near = (got: number, wanted: number, share: number) =>
	Math.abs(got - wanted) <= share * Math.abs(wanted);

t.test("quantiles are those of the tables", (t) => {
	const rows: [p: number, df: number, wanted: number][] = [
		[0.975, 1, 12.7062047],
		[0.975, 2, 4.30265273],
		[0.99, 9, 2.82143793],
		[0.996, 17, 3.0031957],
		[0.8, 27, 0.85513723],
		[0.975, 17, 2.10981558],
		[0.9999, 100, 3.86159979],
		[0.975, 1e6, 1.95996636],
		[0.025, 17, -2.10981558],
		[0.5, 8, 0],
	];
	for (const [p, df, wanted] of rows)
		t.ok(near(quantileOfT(p, df), wanted, 1e-6), `${p}, ${df}: ${quantileOfT(p, df)}`);
	t.end();
});

t.test("tails are exact where they have a closed form, far out too", (t) => {
	for (const x of [0.01, 1, 3, 40, 1e3, 1e5]) {
		const one = Math.atan(1 / x) / Math.PI;
		// (1 − x/√(2 + x²)) / 2, without the loss of digits in the difference
		const two = 1 / (2 + x * x + x * Math.sqrt(2 + x * x));
		t.ok(near(tailAbove(x, 1), one, 1e-6), `1 degree at ${x}: ${tailAbove(x, 1)}, ${one}`);
		t.ok(near(tailAbove(x, 2), two, 1e-6), `2 degrees at ${x}: ${tailAbove(x, 2)}, ${two}`);
	}
	t.ok(near(tailAbove(5, 1e6), 2.8665e-7, 1e-3), "the normal tail");
	t.equal(tailAbove(Number.POSITIVE_INFINITY, 3), 0);
	t.equal(tailAbove(Number.NEGATIVE_INFINITY, 3), 1);
	t.equal(tailAbove(0, 3), 0.5);
	t.end();
});

t.test("tail and quantile undo each other; the two tails make one", (t) => {
	const p = fc.double({ min: 1e-6, max: 0.4, noNaN: true });
	fc.assert(
		fc.property(p, fc.integer({ min: 1, max: 300 }), (p, df) => {
			const x = quantileOfT(1 - p, df);
			return near(tailAbove(x, df), p, 1e-4) && near(tailAbove(-x, df), 1 - p, 1e-4);
		}),
		{ numRuns: 300 },
	);
	t.end();
});
