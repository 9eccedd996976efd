import t from "tap";
import { calmText, timerLateness, waitForCalm } from "../../../daemon/watch/calm.ts";

/** A probe that reads these, one after the other, and then 0; each question lets 20 ms pass. */
function probeOf(...readings: number[]) {
	let nowMs = 0;
	let asked = 0;
	return {
		nowMs: () => nowMs,
		asked: () => asked,
		probe: {
			takeMs() {
				nowMs += 20;
				asked++;
				return readings.shift() ?? 0;
			},
			close() {},
		},
	};
}

t.test("a machine is calm once nothing was late for a tenth of a second", async (t) => {
	const still = probeOf();
	t.match(await waitForCalm(still.probe, 5_000, still), { isCalm: true, waitedMs: 100 });
	const before = probeOf(90);
	t.match(await waitForCalm(before.probe, 5_000, before), { isCalm: true, waitedMs: 100 });
	const restless = probeOf(0, 0, 0, 9, 0, 0, 6, 4, 4);
	t.match(await waitForCalm(restless.probe, 5_000, restless), { isCalm: true, waitedMs: 220 });
});

t.test("one that does not get calm is waited for no longer than the limit", async (t) => {
	const busy = probeOf(...Array.from({ length: 99 }, () => 30));
	t.match(await waitForCalm(busy.probe, 400, busy), { isCalm: false, waitedMs: 400 });
});

t.test("a wait that anybody notices is told", async (t) => {
	t.equal(calmText({ isCalm: true, waitedMs: 120 }), null);
	t.match(calmText({ isCalm: true, waitedMs: 1_200 }), /was calm after 1200 ms/);
	t.match(calmText({ isCalm: false, waitedMs: 500 }), /was not calm after 500 ms/);
});

t.test("a loop that stood still is seen, once", async (t) => {
	const probe = timerLateness();
	t.teardown(() => probe.close());
	const tick = () => new Promise((resolve) => setTimeout(resolve, 30));
	await tick();
	probe.takeMs();
	const until = performance.now() + 150;
	while (performance.now() < until);
	await tick();
	t.ok(probe.takeMs() > 50, "it stood still for 150 ms");
});
