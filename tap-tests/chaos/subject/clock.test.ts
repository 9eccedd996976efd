import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { pause } from "../../../base/clock.ts";
import { subjectClock } from "../../../chaos/subject/clock.ts";
import { readControl } from "../../../chaos/subject/controls.ts";

/** Of the clock from the real time, once it shows about so much; anything between is a mistake. */
async function shows(clock: { now(): number }, offsetMs: number): Promise<void> {
	while (Math.abs(clock.now() - Date.now() - offsetMs) > 1_000) await pause(2);
}

t.test("outside of a run it is the real time", async (t) => {
	t.equal(subjectClock(undefined).now, Date.now);
});

t.test("it follows the file, and says which offset it applies", async (t) => {
	const folder = t.testdir();
	const control = join(folder, "clock-offset-ms");
	const clock = subjectClock(folder);
	t.equal(readControl(folder, "clock-offset-ms.seen"), null, "it has read no time yet");
	await shows(clock, 0);
	t.equal(readControl(folder, "clock-offset-ms.seen"), "0\n");
	writeFileSync(control, "60000");
	await shows(clock, 60_000);
	t.equal(readControl(folder, "clock-offset-ms.seen"), "60000\n");
	writeFileSync(control, "-60000\n");
	await shows(clock, -60_000);
	writeFileSync(control, "half a day");
	await shows(clock, 0);
	t.equal(readControl(folder, "clock-offset-ms.seen"), "0\n", "what is no number is no offset");
});

t.test("its end is seen although no time is read", async (t) => {
	const folder = t.testdir({ "clock-offset-ms": "60000" });
	const clock = subjectClock(folder);
	await shows(clock, 60_000);
	rmSync(join(folder, "clock-offset-ms"));
	// The clock's own timer keeps no process alive, so the test must.
	while (readControl(folder, "clock-offset-ms.seen") !== "0\n") await pause(2);
	t.pass("it says so");
});

t.test("a folder that is gone is no reason to fail", async (t) => {
	const folder = t.testdir({ inner: { "clock-offset-ms": "60000" } });
	const clock = subjectClock(join(folder, "inner"));
	await shows(clock, 60_000);
	rmSync(join(folder, "inner"), { recursive: true });
	await shows(clock, 0);
	t.pass("the real time");
});
