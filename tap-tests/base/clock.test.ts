import { getEventListeners } from "node:events";
import t from "tap";
import { monotonic, msSince, pause } from "../../base/clock.ts";

t.test("milliseconds keep their microseconds, before the zero as well", (t) => {
	t.equal(msSince(1_000_000n, 3_500_000n), 2.5);
	t.equal(msSince(1_000_000n, 1_001_999n), 0.001, "below a microsecond is cut off");
	t.equal(msSince(5_000_000n, 4_000_000n), -1);
	t.equal(msSince(0n, 2n ** 62n), Number(2n ** 62n / 1000n) / 1000, "a clock may be far on");
	t.end();
});

t.test("a pause lasts at least as long as it was asked for", async (t) => {
	const start = monotonic();
	await pause(20);
	// A timer may fire a little early by this clock.
	t.ok(msSince(start, monotonic()) >= 19);
});

t.test("a pause is cut short by its signal, and leaves nothing on it", async (t) => {
	const stop = new AbortController();
	const cut = pause(3_600_000, stop.signal);
	stop.abort();
	await cut;
	await pause(3_600_000, stop.signal);
	t.same(getEventListeners(stop.signal, "abort"), []);
	const running = new AbortController();
	await pause(1, running.signal);
	t.same(getEventListeners(running.signal, "abort"), []);
});
