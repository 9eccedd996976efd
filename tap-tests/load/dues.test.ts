import fc from "fast-check";
import t from "tap";
import { closedDues, type Dues, openDues } from "../../load/dues.ts";
import { perSec } from "./rig.ts";

/** Takes all that is due before `toMs`. */
function takeTo(dues: Dues, toMs: number): number[] {
	const taken: number[] = [];
	for (let ms = dues.nextMs(); ms !== null && ms < toMs; ms = dues.nextMs()) {
		taken.push(ms);
		dues.take();
	}
	return taken;
}

t.test("another rate holds from its moment on, over all workers together", async (t) => {
	const workers = 3;
	const all: number[] = [];
	for (let worker = 0; worker < workers; worker++) {
		const dues = openDues(perSec(100), worker, workers);
		all.push(...takeTo(dues, 1000));
		dues.steer(1000, { kind: "rate", ratePerSec: 300 });
		all.push(...takeTo(dues, 2000));
	}
	t.equal(all.filter((ms) => ms < 1000).length, 100);
	t.equal(all.filter((ms) => ms >= 1000).length, 300);
	const later = all.filter((ms) => ms >= 1000).sort((a, b) => a - b);
	for (const [n, ms] of later.entries())
		t.ok(Math.abs(ms - (1000 + n / 0.3)) < 1e-6, `operation ${n} at ${ms}`);
});

t.test("a pause moves what comes by its length, and loses nothing", async () => {
	fc.assert(
		fc.property(fc.nat(2000), fc.nat(2000), (pauseAtMs, lengthMs) => {
			const dues = openDues(perSec(50), 0, 1);
			const before = takeTo(dues, pauseAtMs);
			dues.steer(pauseAtMs, { kind: "pause" });
			dues.steer(pauseAtMs + 1, { kind: "pause" });
			if (dues.nextMs() !== Number.POSITIVE_INFINITY) throw new Error("due in a pause");
			dues.steer(pauseAtMs + lengthMs, { kind: "resume" });
			const after = takeTo(dues, 5000 + lengthMs).map((ms) => ms - lengthMs);
			const seen = [...before, ...after];
			if (seen.length !== 250) throw new Error(`${seen.length} of 250`);
			for (const [n, ms] of seen.entries())
				if (Math.abs(ms - n * 20) > 1e-6) throw new Error(`operation ${n} at ${ms}`);
		}),
	);
});

t.test("every pause counts, not the last alone", async (t) => {
	const dues = openDues(perSec(100), 0, 1);
	for (const [atMs, lengthMs] of [
		[100, 50],
		[300, 200],
		[700, 30],
	] as const) {
		takeTo(dues, atMs);
		dues.steer(atMs, { kind: "pause" });
		dues.steer(atMs + lengthMs, { kind: "resume" });
	}
	// By 700 ms of its own time, less two pauses, 45 were due.
	t.same(takeTo(dues, 760), [730, 740, 750]);
	t.equal(dues.nextMs(), 760, "later by all three");
});

t.test("a rate that is set in a pause holds when it ends", async (t) => {
	const dues = openDues(perSec(100), 0, 1);
	takeTo(dues, 500);
	dues.steer(500, { kind: "pause" });
	dues.steer(700, { kind: "rate", ratePerSec: 10 });
	t.equal(dues.nextMs(), Number.POSITIVE_INFINITY);
	dues.steer(900, { kind: "resume" });
	t.same(takeTo(dues, 1200), [900, 1000, 1100]);
});

t.test("a load that has no more operations ends in a pause too", async (t) => {
	const dues = openDues((n) => (n < 2 ? n : null), 0, 1);
	takeTo(dues, 10);
	dues.steer(10, { kind: "pause" });
	t.equal(dues.nextMs(), null);
});

t.test("a closed load's callers wait out a pause and then start at once, not late", async (t) => {
	const dues = closedDues(2, 0);
	takeTo(dues, 1);
	dues.steer(5, { kind: "pause" });
	dues.ended(7);
	dues.ended(8);
	t.equal(dues.nextMs(), Number.POSITIVE_INFINITY);
	dues.steer(100, { kind: "resume" });
	t.same(takeTo(dues, 101), [100, 100]);
});

t.test("without a pause there is nothing to resume", async (t) => {
	const open = openDues(perSec(100), 0, 1);
	open.steer(50, { kind: "resume" });
	t.same(takeTo(open, 40), [0, 10, 20, 30]);
	const closed = closedDues(1, 10);
	closed.steer(50, { kind: "resume" });
	t.same(takeTo(closed, 100), [0]);
});

t.test("another rate changes nothing of a closed load, nor ends its pause", async (t) => {
	const dues = closedDues(1, 0);
	dues.steer(5, { kind: "rate", ratePerSec: 300 });
	t.equal(dues.nextMs(), 0);
	dues.steer(10, { kind: "pause" });
	dues.steer(20, { kind: "rate", ratePerSec: 300 });
	t.equal(dues.nextMs(), Number.POSITIVE_INFINITY);
	dues.steer(30, { kind: "resume" });
	t.equal(dues.nextMs(), 30);
});
