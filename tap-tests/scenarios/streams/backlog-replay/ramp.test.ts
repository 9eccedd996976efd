import t from "tap";
import { Ramp } from "../../../../scenarios/streams/backlog-replay/ramp.ts";

const options = { safePerSec: 1_000, rampMs: 1_000, targetMs: 50 };

/** A ramp whose batches of ten were answered each 10 ms, after so long each. */
function after(ms: number, sinkMs: number, ramp = new Ramp(options, 0), fromMs = 0): Ramp {
	for (let nowMs = fromMs + 10; nowMs <= fromMs + ms; nowMs += 10) ramp.answered(sinkMs, nowMs);
	return ramp;
}

t.test("it begins low, grows steadily to what is safe, and never beyond", (t) => {
	t.equal(new Ramp(options, 0).perSec, 50);
	t.equal(Math.round(after(500, 20).perSec), 550);
	t.equal(after(1_000, 20).perSec, 1_000);
	t.equal(after(60_000, 20).perSec, 1_000);
	t.end();
});

t.test("a sink that is slow cuts it at once, by a share, and again while it stays slow", (t) => {
	const ramp = after(2_000, 20);
	ramp.answered(51, 2_010);
	t.equal(ramp.perSec, 700);
	ramp.answered(51, 2_020);
	t.equal(ramp.perSec, 700, "that was under way before the cut");
	ramp.answered(51, 2_120);
	t.equal(Math.round(ramp.perSec), 490);
	t.equal(after(5_000, 51, ramp, 2_120).perSec, 50, "down to where it began");
	t.equal(after(1_000, 20, ramp, 7_120).perSec, 1_000, "and it comes back");
	t.end();
});

t.test("a sink that fails cuts it as well", (t) => {
	const ramp = after(2_000, 20);
	ramp.failed(2_010);
	t.equal(ramp.perSec, 700);
	t.end();
});

t.test("batches are due at the rate, and what was not sent in its time is not made up for", (t) => {
	const ramp = after(1_000, 20);
	t.equal(ramp.dueMs(10, 1_000), 1_000);
	t.equal(ramp.dueMs(10, 1_000), 1_010);
	t.equal(ramp.dueMs(10, 1_001), 1_020);
	t.equal(ramp.dueMs(10, 5_000), 5_000);
	t.equal(ramp.dueMs(10, 5_000), 5_010);
	t.end();
});
