import t from "tap";
import { chanceOf } from "../../../../scenarios/subjects/streams/chance.ts";

t.test("the n-th draws are the same whoever asks, and others for another n or seed", (t) => {
	const draws = (seed: number, n: number) => {
		const chance = chanceOf(seed, n);
		return [chance(), chance(), chance()];
	};
	t.same(draws(7, 123), draws(7, 123));
	t.notSame(draws(7, 123), draws(7, 124));
	t.notSame(draws(7, 123), draws(8, 123));
	t.end();
});

t.test("draws are even, and neighbours have nothing to do with each other", (t) => {
	const count = 50_000;
	for (const seed of [0, 1, 7, 4_294_967_295]) {
		const draws = Array.from({ length: count }, (_, n) => {
			const chance = chanceOf(seed, n);
			return [chance(), chance()] as const;
		});
		const cells = new Array<number>(20).fill(0);
		for (const [first] of draws) cells[Math.floor(first * 20)]! += 1;
		for (const cell of cells) t.ok(Math.abs(cell - count / 20) < 300, `seed ${seed}: ${cell}`);
		const correlation = (a: (n: number) => number, b: (n: number) => number) => {
			let sum = 0;
			for (let n = 3; n < count; n++) sum += (a(n) - 0.5) * (b(n) - 0.5);
			return (12 * sum) / count;
		};
		const first = (n: number) => draws[n]![0];
		const second = (n: number) => draws[n]![1];
		for (const [what, value] of Object.entries({
			"one before": correlation(first, (n) => first(n - 1)),
			"two before": correlation(first, (n) => first(n - 2)),
			"of one n": correlation(first, second),
			"second to the next first": correlation(second, (n) => first(n - 1)),
		}))
			t.ok(Math.abs(value) < 0.025, `seed ${seed}, ${what}: ${value.toFixed(4)}`);
	}
	t.end();
});
