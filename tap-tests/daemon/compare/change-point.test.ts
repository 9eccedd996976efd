import t from "tap";
import { stream } from "../../../base/random.ts";
import { changePMax, changePoint } from "../../../daemon/compare/change-point.ts";

/** Nights around a level, a normal noise of `sd` about it. */
function around(level: number, sd: number, count: number, seed: number): number[] {
	const draw = stream(seed, "nights");
	return Array.from(
		{ length: count },
		() => level + sd * Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw()),
	);
}

t.test("the night from which on the level is another is found", (t) => {
	const series = [...around(0, 0.02, 20, 1), ...around(0.1, 0.02, 10, 2)];
	const found = changePoint(series)!;
	t.equal(found.index, 20);
	t.ok(Math.abs(found.shiftLog - 0.1) < 0.02);
	t.ok(found.p < changePMax.advisory);
	const back = changePoint(series.map((value) => -value))!;
	t.same([back.index, back.p], [20, found.p], "an improvement alike");
	t.ok(back.shiftLog < 0);
	const ending = [...around(0, 0.02, 20, 1), ...around(0.2, 0.02, 3, 2)];
	t.equal(changePoint(ending)?.index, 20, "three nights are a level");
	t.end();
});

t.test("how sure it is of a split is what the textbook's t-test says", (t) => {
	// Means 10 apart, a pooled variance of 1: t = 10 / √(2 / 3) with 4 degrees of freedom.
	const x = 150 / (1 + 150 / 4);
	const p = 1 - (3 / 4) * Math.sqrt(x) * (1 - x / 12);
	const found = changePoint([1, 2, 3, 11, 12, 13])!;
	t.match(found, { index: 3, shiftLog: 10 });
	t.ok(Math.abs(found.p / p - 1) < 1e-4, `${found.p}, and not ${p}`);
	t.end();
});

t.test("steady nights, small shifts and short ends say nothing", (t) => {
	t.equal(changePoint([]), null);
	t.equal(changePoint([0, 0, 0, 0, 0, 0]), null);
	t.equal(changePoint(around(0, 0.05, 50, 3)), null);
	const two = [...around(0, 0.02, 20, 4), ...around(0.3, 0.0001, 2, 5)];
	t.not(changePoint(two)?.index, 20, "two nights are no level");
	const slight = [...around(0, 0.001, 20, 6), ...around(0.02, 0.001, 20, 7)];
	t.equal(changePoint(slight), null, "certain, but 2 %");
	t.end();
});

t.test("only the last fifty nights count, and the index is that of the whole series", (t) => {
	const old = [...around(0, 0.01, 30, 8), ...around(0.2, 0.01, 50, 9)];
	t.equal(changePoint(old), null, "the change has left the window");
	const recent = [...around(0, 0.01, 60, 10), ...around(0.2, 0.01, 10, 11)];
	t.equal(changePoint(recent)?.index, 60);
	t.end();
});

t.test("noise alone is called a change in no more than a few of a hundred series", (t) => {
	let found = 0;
	for (let seed = 0; seed < 300; seed++)
		if (changePoint(around(0, 0.05, 30, 1_000 + seed)) !== null) found += 1;
	t.ok(found <= 12, `${found} of 300`);
	t.end();
});
