import t from "tap";
import { stream } from "../../../base/random.ts";
import { blocksOf, noiseFigures } from "../../../daemon/bench/error-rates.ts";
import { quickLooks } from "../../../daemon/compare/looks.ts";
import type { Pair } from "../../../daemon/record/duet.ts";

const random = stream(1, "error-rates");
/** Nearly normal: the sum of twelve uniform numbers less their mean. */
const normal = () => Array.from({ length: 12 }, random).reduce((sum, u) => sum + u, -6);

t.test("independent pairs have their sd, no memory, and few beyond two sd", (t) => {
	const d = Array.from({ length: 4_000 }, () => 0.05 * normal());
	const figures = noiseFigures("p50", d, []);
	t.ok(Math.abs(figures.sdLog - 0.05) < 0.003, `sd ${figures.sdLog}`);
	t.ok(Math.abs(figures.lag1) < 0.05, `lag-1 ${figures.lag1}`);
	t.ok(figures.beyondTwoSdPct > 3 && figures.beyondTwoSdPct < 6, `${figures.beyondTwoSdPct} %`);
	t.equal(figures.commonShare, null);
	t.end();
});

t.test("sessions that remember the one before are seen", (t) => {
	let last = 0;
	const d = Array.from({ length: 2_000 }, () => {
		last = 0.7 * last + normal();
		return last;
	});
	const { lag1 } = noiseFigures("p50", d, []);
	t.ok(lag1 > 0.6 && lag1 < 0.8, `lag-1 ${lag1}`);
	t.end();
});

t.test("what both sides have in common is its share of a side's variance", (t) => {
	const values = Array.from({ length: 4_000 }, () => {
		const session = Math.sqrt(0.7) * normal();
		const own = () => Math.exp(0.1 * (session + Math.sqrt(0.3) * normal()));
		return { a: own(), b: own() };
	});
	const { commonShare } = noiseFigures("p50", [0, 1, 2], values);
	t.ok(Math.abs(commonShare! - 0.7) < 0.04, `${commonShare}`);
	t.end();
});

const pair = (worseLog: number): Pair => ({
	index: 0,
	first: "a",
	startedAt: "",
	tookMs: 1,
	turns: [],
	loads: [],
	measures: [{ name: "p50", role: "gate", marginLog: 0.05, worseLog, matters: true, censored: [] }],
	failed: { a: [], b: [] },
	stealPct: 0,
	dropped: null,
});

t.test("blocks go on until they are final, and what is left over is none", (t) => {
	const same = Array.from({ length: 7 }, (_, i) => pair(0.001 * Math.sin(i)));
	const worse = Array.from({ length: 3 }, (_, i) => pair(0.3 + 0.001 * Math.sin(i)));
	t.same(
		blocksOf([...same.slice(0, 6), ...worse, same[6]!], quickLooks).map(({ pairs, outcome }) => [
			pairs,
			outcome,
		]),
		[
			[3, "same"],
			[3, "same"],
			[3, "regressed"],
		],
	);
	t.end();
});
