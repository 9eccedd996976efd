import t from "tap";
import {
	latencyQuantileMs,
	readsByTier,
	shareWithin,
} from "../../../../scenarios/storage/storage-tiers/latency.ts";
import { readPrices } from "../../../../scenarios/storage/storage-tiers/prices.ts";
import type { Trace } from "../../../../scenarios/storage/storage-tiers/trace.ts";

const prices = readPrices();

t.test("of one tier, the quantiles are those of a log-normal time", (t) => {
	const { firstByteMs, firstByteSpread } = prices.tiers.hot;
	const reads = { hot: 100, warm: 0, cold: 0 };
	const [median, p95] = [0.5, 0.95].map((share) => latencyQuantileMs(share, reads, prices)!);
	t.ok(Math.abs(median! - firstByteMs) < 0.01, `${median}`);
	t.ok(Math.abs(p95! / (firstByteMs * Math.exp(1.644854 * firstByteSpread)) - 1) < 1e-4, `${p95}`);
	t.end();
});

t.test(
	"while less than one read in twenty waits for a restore p95 stays small, with more it is the restore",
	(t) => {
		const p95 = (cold: number) =>
			latencyQuantileMs(0.95, { hot: 100 - cold, warm: 0, cold }, prices)!;
		t.ok(p95(0) < p95(3) && p95(3) < 3 * p95(0), "some: the others have less room");
		t.ok(p95(6) > prices.tiers.cold.restoreMs / 10, "more: hours");
		t.end();
	},
);

t.test("the share within a time is a distribution, and of no reads there is no quantile", (t) => {
	const reads = { hot: 3, warm: 2, cold: 1 };
	const shares = [1, 30, 1_000, 1e6, 1e9].map((ms) => shareWithin(ms, reads, prices.tiers));
	t.same(
		shares,
		shares.toSorted((a, b) => a - b),
	);
	t.ok(shares[0]! < 1e-3 && shares.at(-1)! > 1 - 1e-6, `${shares}`);
	t.equal(latencyQuantileMs(0.95, { hot: 0, warm: 0, cold: 0 }, prices), null);
	t.end();
});

t.test("a read finds its object where it lies on that day", (t) => {
	const life = {
		object: 0,
		version: 1,
		sizeBytes: 1,
		bornDay: -9,
		fromDay: 0,
		toDay: 9,
		ends: false,
	};
	const reads: [number, number][] = [
		[-3, 50],
		[0, 1],
		[4, 2],
		[5, 4],
		[8, 8],
	];
	const trace: Trace = { objects: 1, days: 9, lives: [{ ...life, reads }] };
	const stays = [
		{ tier: "hot" as const, fromDay: 0, toDay: 5 },
		{ tier: "cold" as const, fromDay: 5, toDay: 9 },
	];
	t.same(readsByTier(trace, [stays]), { hot: 3, warm: 0, cold: 12 });
	t.end();
});
