import t from "tap";
import { starvedBy } from "../../../daemon/record/machine.ts";
import { useBetween, watchMachine } from "../../../daemon/watch/machine-use.ts";

const waited = (byProcess: Record<string, number>) => new Map(Object.entries(byProcess));
const from = {
	totalMs: 10_000,
	busyMs: 4_000,
	oursMs: 1_000,
	waitedMs: waited({ broker: 900, worker: 200 }),
	atMs: 5_000,
};

t.test("what was busy and not ours went to others; waits are held against the clock", async (t) => {
	const to = {
		totalMs: 14_000,
		busyMs: 7_000,
		oursMs: 2_000,
		waitedMs: waited({ broker: 1_000, worker: 400 }),
		atMs: 7_000,
	};
	t.same(useBetween(from, to), { othersPct: 50, waitedPct: 15 });
	t.same(
		useBetween(from, { ...to, waitedMs: waited({ worker: 400, "next broker": 100 }) }),
		{ othersPct: 50, waitedPct: 15 },
		"a broker that was killed took its account with it, and none of the others'",
	);
	t.same(useBetween(from, { ...to, oursMs: 4_500 })?.othersPct, 0, "nothing is negative");
	t.equal(useBetween(from, from), null, "of no time nothing is said");
});

t.test("others are to blame only where they took much and the target waited for it", async (t) => {
	t.match(starvedBy({ othersPct: 47.6, waitedPct: 30.4 }), /took 48 % of the machine.* in 30 %/);
	t.equal(starvedBy({ othersPct: 20, waitedPct: 90 }), null, "it kept itself waiting");
	t.equal(starvedBy({ othersPct: 90, waitedPct: 20 }), null, "it had what it wanted");
	t.equal(starvedBy(null), null, "nobody knows");
});

t.test("the machine is looked at from then to now", async (t) => {
	const since = await watchMachine(() => []);
	const began = performance.now();
	while (performance.now() - began < 60); // work of ours
	const use = await since();
	if (process.platform !== "linux") t.equal(use, null);
	else t.ok(use !== null && use.othersPct <= 100 && use.waitedPct === 0, JSON.stringify(use));
});
