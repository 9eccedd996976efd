import t from "tap";
import {
	keptWindows,
	quantileOf,
	sharesBy,
	waitsMs,
} from "../../../../scenarios/streams/late-features/trade-off.ts";

t.test("the quantile of delays is the least that so many do not exceed", (t) => {
	const delays = [40, 10, 30, 20];
	t.same(
		[0.25, 0.5, 0.51, 1].map((share) => quantileOf(delays, share)),
		[10, 20, 30, 40],
	);
	t.equal(quantileOf([], 0.5), 0);
	t.end();
});

t.test("what is waited for counts from the window's end, not from the activity", (t) => {
	const windowMs = 60_000;
	const activities = [
		{ atMs: 1_000, receivedMs: 59_000 }, // before its window's end
		{ atMs: 59_000, receivedMs: 61_000 }, // a second after it
		{ atMs: 0, receivedMs: 90_000 }, // half a minute
		{ atMs: 0, receivedMs: 1_000_000 },
	];
	t.same(
		sharesBy(activities, windowMs, [1, 1_001, 31_000, 2_000_000]).map(({ share }) => share),
		[0.25, 0.5, 0.75, 1],
	);
	t.same(sharesBy([], windowMs, [1]), [{ waitMs: 1, share: 0 }]);
	t.equal(keptWindows(windowMs, 60_000), 2);
	t.ok(waitsMs.length > 20 && waitsMs.at(-1)! > 2_000_000 && waitsMs[0] === 100);
	t.end();
});
