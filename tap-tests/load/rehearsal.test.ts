import t, { type Test } from "tap";
import { WorkerHistogram } from "../../load/histogram.ts";
import type { Timers } from "../../load/loop.ts";
import { rehearse } from "../../load/rehearsal.ts";

/** Timers as a worker has them, and how many are still to come. */
function countedTimers() {
	const open = new Set<object>();
	const timers: Timers = {
		after(ms, callback) {
			const timer = setTimeout(() => {
				open.delete(timer);
				callback();
			}, ms);
			open.add(timer);
			return () => {
				open.delete(timer);
				clearTimeout(timer);
			};
		},
		soon(callback) {
			const immediate = setImmediate(() => {
				open.delete(immediate);
				callback();
			});
			open.add(immediate);
		},
	};
	return { timers, open };
}

/** The histograms that were recorded into and not given back, and the number of samples. */
function watchHistograms(t: Test) {
	const { recordMs, destroy } = WorkerHistogram.prototype;
	const seen = { samples: 0, alive: new Set<WorkerHistogram>() };
	WorkerHistogram.prototype.recordMs = function (valueMs) {
		seen.samples++;
		seen.alive.add(this);
		recordMs.call(this, valueMs);
	};
	WorkerHistogram.prototype.destroy = function () {
		seen.alive.delete(this);
		destroy.call(this);
	};
	t.teardown(() => Object.assign(WorkerHistogram.prototype, { recordMs, destroy }));
	return seen;
}

t.test("a rehearsal runs thousands of operations and leaves nothing behind", async (t) => {
	const seen = watchHistograms(t);
	const { timers, open } = countedTimers();
	await rehearse(timers);
	// A start that was put off to the end of this turn has no time to be taken back; it finds the loop over.
	await new Promise(setImmediate);
	// Each operation has a lateness, a wait, a response time and a service time.
	t.ok(seen.samples > 4 * 10_000, `${seen.samples} samples`);
	t.equal(seen.alive.size, 0, "histograms lie outside of the heap, where no collector finds them");
	t.equal(open.size, 0, "no timer is left that would wake a loop which is over");
});
